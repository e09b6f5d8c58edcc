// SPDX-License-Identifier: Apache-2.0
// Holds docs/ledger.md to what it says: each drawing, with what comes of it. Those that are of ids
// or of attributes take a store to read them; query has their test, and reads the others once more.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/document_fixture.h"
#include "ledger/drawn_trace_fixture.h"

namespace clew::ledger {
namespace {

TEST(Document, ShowsWhatComesOfItsDrawings) {
  const std::vector<PageExample> examples = ExamplesOf("ledger.md", "ledger");
  for (const PageExample& example : examples) {
    if (example.Asks(" stored")) continue;
    Drawing drawing;
    ReadDrawing(example.drawn, drawing);
    EXPECT_EQ(example.told, Explained(drawing, example.drawn.find('|'), AskedBy(example)))
        << example.drawn;
  }
  EXPECT_GE(examples.size(), 30U);
}

}  // namespace
}  // namespace clew::ledger

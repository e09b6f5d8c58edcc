// SPDX-License-Identifier: Apache-2.0
// Holds docs/ledger.md to what it says: each drawing, with what comes of it.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "ledger/drawn_trace_fixture.h"

namespace clew::ledger {
namespace {

bool IsDrawn(const std::string& line) {
  return line.size() > 2 && line[0] >= 'a' && line[0] <= 'z' && line[1] == ' ' &&
         line.find('|') != std::string::npos;
}

TEST(Document, ShowsWhatComesOfItsDrawings) {
  std::ifstream document(CLEW_DOCS "/ledger.md");
  int examples = 0;
  std::string title, drawing, example;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("```")) {
      if (inside) {
        const auto asks = [&](const char* word) { return title.find(word) != std::string::npos; };
        const GroupBy by = asks("by=service") ? GroupBy::kService : GroupBy::kOperation;
        EXPECT_EQ(example, Explained(drawing, {.by = by,
                                               .options = {.correct_skew = asks("skew=correct")},
                                               .says = asks("verdict")}));
        ++examples;
      }
      inside = !inside && line.starts_with("```ledger");
      title = line;
      drawing.clear();
      example.clear();
    } else if (inside) {
      example += line + "\n";
      if (IsDrawn(line)) drawing += line + "\n";
    }
  }
  EXPECT_GE(examples, 20);
}

}  // namespace
}  // namespace clew::ledger

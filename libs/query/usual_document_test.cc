// SPDX-License-Identifier: Apache-2.0
// Holds docs/ledger.md to which blocks say what is usual.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "ledger/document_fixture.h"
#include "query/layouts_fixture.h"
#include "query/test_spans.h"
#include "query/usual.h"

namespace clew::query {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;

// Blocks as they are drawn, an hour a column:
//
//   a 200 traces |==   |    so many, from the first column to the last
//   b this one   |    !|    the trace that is asked for
class DrawnBlocks {
 public:
  explicit DrawnBlocks(const std::string& drawn) {
    std::istringstream lines(drawn);
    for (std::string line; std::getline(lines, line);) ReadLine(line);
  }

  std::string Told() const {
    const auto found = FindUsual(
        {.sources = sources_},
        {.trace_id = TraceOf(1), .service = "shop", .name = "GET", .start_unix_nano = asked_for_});
    if (!found.ok()) return found.error().message;
    const FoundUsual& usual = found.value();
    return "\n" + std::to_string(usual.times.traces()) + " traces, reference " +
           std::string(NameOf(usual.reference)) + "\n";
  }

 private:
  void ReadLine(const std::string& line) {
    const std::string bar = line.substr(line.find('|') + 1);
    if (const size_t column = bar.find('!'); column != std::string::npos) {
      asked_for_ = static_cast<int64_t>(column) * kHour;
      return;
    }
    const auto first = static_cast<int64_t>(bar.find('=')) * kHour;
    const auto end = static_cast<int64_t>(bar.rfind('=') + 1) * kHour;
    AddBlock(std::stoi(line.substr(2)), first, end);
  }

  void AddBlock(int count, int64_t first, int64_t end) {
    std::vector<Layouts::Part> parts;
    parts.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      parts.push_back(
          [trace = NextTrace(), start = first + (end - first) / count * i](model::SpanSink& sink) {
            sink.OnResource({});
            sink.OnAttribute("service.name", model::ValueView::String("shop"));
            sink.OnScope({});
            sink.OnSpan({.trace_id = trace,
                         .span_id = SpanOf(1),
                         .parent_span_id = {},
                         .name = "GET",
                         .start_unix_nano = start,
                         .end_unix_nano = start + 1000});
          });
    }
    sources_.blocks.push_back(layouts_.Merge({layouts_.Flush(*Layouts::Fill(parts))}));
  }

  model::TraceId NextTrace() {
    model::TraceId trace;
    ++traces_;
    trace.bytes[0] = 1;
    trace.bytes[14] = static_cast<uint8_t>(traces_ >> 8);
    trace.bytes[15] = static_cast<uint8_t>(traces_);
    return trace;
  }

  Layouts layouts_{100'000};
  store::Sources sources_;
  uint32_t traces_ = 0;
  int64_t asked_for_ = 0;
};

TEST(UsualDocument, ShowsWhichBlocksAreAsked) {
  const std::vector<ledger::PageExample> examples = ledger::ExamplesOf("ledger.md", "blocks");
  for (const ledger::PageExample& example : examples) {
    EXPECT_EQ(example.told, DrawnBlocks(example.drawn).Told()) << example.drawn;
  }
  EXPECT_GE(examples.size(), 3U);
}

}  // namespace
}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
// The text tests of the language, tests/query/*.test, answered by the engine: over memtables,
// over blocks, and over both with traces split between them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/metrics/metrics_query.h"
#include "query/reference_fixture.h"
#include "query/traceql_search.h"
#include "reference/text_answer.h"
#include "reference/text_file.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::query {
namespace {

using reference::TextCase;
using reference::TextOptions;
using Lines = std::vector<std::string>;

constexpr int64_t kSecond = 1'000'000'000;

Lines SearchLines(const traceql::SpansetPipeline& pipeline, const store::Sources& sources,
                  const reference::TextSpans& spans, const TextOptions& options) {
  TraceqlRequest request{.pipeline = pipeline,
                         .limit = static_cast<uint32_t>(options.limit),
                         .spans_per_spanset = static_cast<uint32_t>(options.spss)};
  if (options.from_ns) request.range.start_unix_nano = reference::kTextStartNs + *options.from_ns;
  if (options.to_ns) request.range.end_unix_nano = reference::kTextStartNs + *options.to_ns;
  if (options.horizon_ns) request.range.horizon_ns = *options.horizon_ns;
  const auto result = Search(sources, request);
  if (!result.ok()) return {"error: " + result.error().message};
  return reference::LinesOf(AsReference(result.value()), spans, options);
}

Lines MetricsLines(const traceql::Query& query, const store::Sources& sources,
                   const TextOptions& options) {
  const MetricsOptions metrics{
      .start_unix_nano = reference::kTextStartNs + options.from_ns.value_or(0),
      .end_unix_nano = reference::kTextStartNs + options.to_ns.value_or(kSecond),
      .step_ns = options.step_ns.value_or(kSecond),
      .instant = options.instant,
      .exemplars = options.exemplars};
  const auto answer = RunMetrics(sources, query, metrics);
  if (!answer.ok()) return {"error: " + answer.error().message};
  return reference::LinesOf(AsReference(answer.value()));
}

Lines LinesFor(const TextCase& one, const store::Sources& sources,
               const reference::TextSpans& spans) {
  const auto query = traceql::Parse(one.query);
  if (!query.ok()) return {"error: " + query.error().Message()};
  const traceql::ValidationStatus valid = traceql::Validate(query.value());
  if (!valid.ok()) return {"error: " + valid.error().message};
  const auto* pipeline = std::get_if<traceql::SpansetPipeline>(&query.value().root);
  return pipeline != nullptr ? SearchLines(*pipeline, sources, spans, one.options)
                             : MetricsLines(query.value(), sources, one.options);
}

// A file's answers over some layouts of its spans.
void ExpectAnswers(const reference::TextFile& file, const std::vector<store::Sources>& layouts,
                   const std::filesystem::path& path) {
  for (size_t layout = 0; layout < layouts.size(); ++layout) {
    for (const TextCase& one : file.cases) {
      Lines lines = LinesFor(one, layouts[layout], file.spans);
      // Of an error the beginning is enough.
      const std::string& expected = one.expected.front();
      if (expected.starts_with("error: ")) lines.front().resize(expected.size());
      EXPECT_EQ(lines, one.expected)
          << path.filename() << ":" << one.line << ": " << one.query << "\nlayout " << layout;
    }
  }
}

void RunText(const std::string& text, const std::filesystem::path& path) {
  const auto test = reference::ParseTextFile(text);
  ASSERT_TRUE(test.ok()) << path << ":" << test.error().message;
  const std::vector<Layouts::Part> parts = PartsOf(test.value().spans.traces);
  std::mt19937_64 random(1);
  Layouts layouts;
  Layouts few_columns(20, {3});
  ExpectAnswers(test.value(),
                {layouts.Lay(random, parts, 1, 0), layouts.Lay(random, parts, 1, 100),
                 layouts.Lay(random, parts, 3, 50),
                 layouts.Compact(random, layouts.Lay(random, parts, 5, 80)),
                 few_columns.Lay(random, parts, 3, 70)},
                path);
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

// What stands in the fences of a page, and an empty line in the place of each other one.
std::string FencedLines(const std::filesystem::path& page) {
  std::ifstream file(page);
  std::string text;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    const bool fence = line.starts_with("```");
    if (fence) inside = !inside;
    text.append(inside && !fence ? line : "").append("\n");
  }
  return text;
}

TEST(QueryLanguagePage, IsAnsweredAsItSays) {
  const std::filesystem::path page = CLEW_QUERY_TESTS "/../../docs/query-language.md";
  RunText(FencedLines(page), page);
}

// A memtable and two blocks.
constexpr size_t kPlaces = 3;

// One way to share spans out: the places of those of each trace are the digits of its number.
store::Sources LayInWay(Layouts& layouts, const std::vector<reference::Trace>& traces, size_t way) {
  std::array<std::vector<Layouts::Part>, kPlaces> dealt;
  for (const reference::Trace& trace : traces) {
    size_t rest = way;
    for (const reference::Span& span : trace.spans) {
      dealt[rest % kPlaces].emplace_back(
          [&](model::SpanSink& sink) { Announce(trace.trace_id, span, sink); });
      rest /= kPlaces;
    }
  }
  store::Sources sources;
  if (!dealt[0].empty()) sources.memtables.push_back(Layouts::Fill(dealt[0]));
  for (size_t block = 1; block < kPlaces; ++block) {
    if (!dealt[block].empty())
      sources.blocks.push_back(layouts.Flush(*Layouts::Fill(dealt[block])));
  }
  return sources;
}

TEST(SplitTraces, AreAnsweredWhicheverSpansLieTogether) {
  const auto path = std::filesystem::path(CLEW_QUERY_TESTS) / "split_traces.test";
  const auto file = reference::ParseTextFile(ContentOf(path));
  ASSERT_TRUE(file.ok()) << file.error().message;
  size_t ways = 1;
  for (int span = 0; span < 4; ++span) ways *= kPlaces;
  Layouts layouts;
  std::vector<store::Sources> sources;
  sources.reserve(ways);
  for (size_t way = 0; way < ways; ++way) {
    sources.push_back(LayInWay(layouts, file.value().spans.traces, way));
  }
  ExpectAnswers(file.value(), sources, path);
}

class QueryText : public testing::TestWithParam<std::string> {};

TEST_P(QueryText, IsAnsweredWhereverSpansLie) {
  const auto path = std::filesystem::path(CLEW_QUERY_TESTS) / (GetParam() + ".test");
  RunText(ContentOf(path), path);
}

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(CLEW_QUERY_TESTS)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().stem().string());
  }
  std::ranges::sort(files);
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, QueryText, testing::ValuesIn(Files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace clew::query

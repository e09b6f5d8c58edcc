// SPDX-License-Identifier: Apache-2.0
// Runs tests/query/*.test. Every case is a test of its own, named by its file and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "reference/text_answer.h"
#include "reference/text_test.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew::reference {
namespace {

using Lines = std::vector<std::string>;

SearchOptions SearchOptionsOf(const TextOptions& options) {
  SearchOptions search{.limit = options.limit, .spans_per_spanset = options.spss};
  if (options.from_ns) search.start_ns = kTextStartNs + *options.from_ns;
  if (options.to_ns) search.end_ns = kTextStartNs + *options.to_ns;
  if (options.horizon_ns) search.horizon_ns = *options.horizon_ns;
  return search;
}

MetricsOptions MetricsOptionsOf(const TextOptions& options) {
  constexpr int64_t kSecond = 1'000'000'000;
  MetricsOptions metrics{.start_ns = kTextStartNs + options.from_ns.value_or(0),
                         .end_ns = kTextStartNs + options.to_ns.value_or(kSecond),
                         .step_ns = options.step_ns.value_or(kSecond),
                         .instant = options.instant,
                         .exemplars = options.exemplars};
  if (options.horizon_ns) metrics.horizon_ns = *options.horizon_ns;
  return metrics;
}

Lines Answer(const traceql::Query& query, const TextSpans& spans, const TextOptions& options) {
  if (std::holds_alternative<traceql::MetricsExpr>(query.root)) {
    const auto answer = EvaluateMetrics(query, spans.traces, MetricsOptionsOf(options));
    return answer.ok() ? LinesOf(answer.value()) : Lines{"error: " + answer.error().message};
  }
  const auto found = EvaluateSearch(query, spans.traces, SearchOptionsOf(options));
  return found.ok() ? LinesOf(found.value(), spans, options)
                    : Lines{"error: " + found.error().message};
}

Lines LinesFor(const TextCase& one, const TextSpans& spans) {
  const auto query = traceql::Parse(one.query);
  if (!query.ok()) return {"error: " + query.error().Message()};
  const traceql::ValidationStatus valid = traceql::Validate(query.value());
  if (!valid.ok()) return {"error: " + valid.error().message};
  return Answer(query.value(), spans, one.options);
}

struct CaseInFile {
  std::string file;
  std::string broken{};  // what is wrong with the file as a whole, where it is
  std::shared_ptr<const TextTest> test{};
  size_t index = 0;  // in the test

  const TextCase& text_case() const { return test->cases[index]; }
};

// Told when a case fails.
void PrintTo(const CaseInFile& one, std::ostream* out) {
  *out << one.file;
  if (one.test) *out << ":" << one.text_case().line << ": " << one.text_case().query;
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

std::vector<CaseInFile> CasesOf(const std::filesystem::path& path) {
  const std::string file = "tests/query/" + path.filename().string();
  auto parsed = ParseTextTest(ContentOf(path));
  if (!parsed.ok()) return {{.file = file, .broken = file + ":" + parsed.error().message}};
  const auto test = std::make_shared<const TextTest>(std::move(parsed).value());
  std::vector<CaseInFile> cases;
  cases.reserve(test->cases.size());
  for (size_t i = 0; i < test->cases.size(); ++i) {
    cases.push_back({.file = file, .test = test, .index = i});
  }
  return cases;
}

std::vector<CaseInFile> AllCases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(CLEW_QUERY_TESTS)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<CaseInFile> all;
  for (const std::filesystem::path& file : files) {
    for (CaseInFile& one : CasesOf(file)) all.push_back(std::move(one));
  }
  return all;
}

// structural_line12
std::string NameOf(const testing::TestParamInfo<CaseInFile>& info) {
  std::string stem = std::filesystem::path(info.param.file).stem().string();
  if (!info.param.test) return stem;
  return stem + "_line" + std::to_string(info.param.text_case().line);
}

class TextFiles : public testing::TestWithParam<CaseInFile> {};

TEST_P(TextFiles, AreAnsweredAsExpected) {
  ASSERT_EQ(GetParam().broken, "");
  const TextCase& one = GetParam().text_case();
  Lines lines = LinesFor(one, GetParam().test->spans);
  // Of an error the beginning is enough.
  const std::string& expected = one.expected.front();
  if (expected.starts_with("error: ")) lines.front().resize(expected.size());
  EXPECT_EQ(lines, one.expected) << GetParam().file << ":" << one.line << ": " << one.query;
}

INSTANTIATE_TEST_SUITE_P(Query, TextFiles, testing::ValuesIn(AllCases()), NameOf);

}  // namespace
}  // namespace clew::reference

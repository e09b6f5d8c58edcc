// SPDX-License-Identifier: Apache-2.0
// Runs tests/query/*.test. Every case is a test of its own, named by its file and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "reference/text_answer.h"
#include "reference/text_cases.h"
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

class TextCaseTest : public testing::Test {
 public:
  TextCaseTest(std::string file, std::shared_ptr<const TextTest> test, const TextCase& one)
      : file_(std::move(file)), test_(std::move(test)), case_(one) {}

  void TestBody() override {
    Lines lines = LinesFor(case_, test_->spans);
    // Of an error the beginning is enough.
    const std::string& expected = case_.expected.front();
    if (expected.starts_with("error: ")) lines.front().resize(expected.size());
    EXPECT_EQ(lines, case_.expected) << file_ << ":" << case_.line << ": " << case_.query;
  }

 private:
  const std::string file_;
  const std::shared_ptr<const TextTest> test_;
  const TextCase& case_;
};

class BrokenFileTest : public testing::Test {
 public:
  explicit BrokenFileTest(std::string what) : what_(std::move(what)) {}
  void TestBody() override { FAIL() << what_; }

 private:
  const std::string what_;
};

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

void RegisterFile(const std::filesystem::path& path) {
  const std::string file = "tests/query/" + path.filename().string();
  const std::string suite = "QueryText_" + path.stem().string();
  auto parsed = ParseTextTest(ContentOf(path));
  if (!parsed.ok()) {
    const std::string what = file + ":" + parsed.error().message;
    testing::RegisterTest(suite.c_str(), "IsReadable", nullptr, nullptr, file.c_str(), 1,
                          [what]() -> testing::Test* { return new BrokenFileTest(what); });
    return;
  }
  const auto test = std::make_shared<const TextTest>(std::move(parsed).value());
  for (const TextCase& one : test->cases) {
    const std::string name = "Line" + std::to_string(one.line);
    testing::RegisterTest(
        suite.c_str(), name.c_str(), nullptr, nullptr, file.c_str(), static_cast<int>(one.line),
        [file, test, &one]() -> testing::Test* { return new TextCaseTest(file, test, one); });
  }
}

// Before main, which is gmock's and runs what is registered by then.
const bool kRegistered = [] {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(CLEW_QUERY_TESTS)) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const std::filesystem::path& file : files) RegisterFile(file);
  return true;
}();

}  // namespace
}  // namespace clew::reference

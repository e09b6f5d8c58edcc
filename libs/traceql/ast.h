// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "traceql/operators.h"
#include "traceql/static.h"
#include "traceql/token.h"

// A query as a tree of plain values. Parentheses leave no trace but the shape of the tree.
// `position` is where an error about the node points: at its operator, or where it begins.
// `height` counts the levels of the tree below, the node's own included; the parser bounds
// it, so a walk may recurse.
namespace clew::traceql {

enum class Intrinsic : uint8_t {
  kDuration,
  kName,
  kStatus,
  kStatusMessage,
  kKind,
  kSpanId,
  kSpanParentId,
  kChildCount,
  kTraceDuration,
  kRootName,
  kRootServiceName,
  kTraceId,
  kEventName,
  kEventTimeSinceStart,
  kLinkTraceId,
  kLinkSpanId,
  kInstrumentationName,
  kInstrumentationVersion,
  kNestedSetLeft,
  kNestedSetRight,
  kNestedSetParent,
  kParent,
};

struct Attribute {
  Scope scope = Scope::kAny;
  bool of_parent = false;
  std::string name{};
  bool operator==(const Attribute&) const = default;
};

// --- What is asked of one span.

struct FieldExpr;

struct FieldUnary {
  UnaryOperator op = UnaryOperator::kNot;
  std::unique_ptr<FieldExpr> operand;
};

struct FieldBinary {
  BinaryOperator op = BinaryOperator::kEqual;
  std::unique_ptr<FieldExpr> left;
  std::unique_ptr<FieldExpr> right;
};

// Two operands or more. A chain of one operator is one node, however long it is.
struct FieldLogical {
  LogicalOperator op = LogicalOperator::kAnd;
  std::vector<FieldExpr> operands;
};

struct FieldExpr {
  Position position{};
  uint32_t height = 1;
  std::variant<Static, Attribute, Intrinsic, FieldUnary, FieldBinary, FieldLogical> node{};
};

// --- What is asked of the spans of a trace.

struct SpansetPipeline;

// `{ expr }`. Null: `{ }`, which matches every span.
struct SpansetFilter {
  std::unique_ptr<FieldExpr> expr{};
};

// `none({ expr })`: every span of a trace that has none that matches. Not in Tempo.
struct NoneFilter {
  SpansetFilter filter;
};

struct SpansetExpr;

struct SpansetBinary {
  SpansetOperator op;
  std::unique_ptr<SpansetExpr> left;
  std::unique_ptr<SpansetExpr> right;
};

struct SpansetExpr {
  Position position{};
  uint32_t height = 1;
  // The pipeline is one in parentheses, an operand of a SpansetBinary.
  std::variant<SpansetFilter, NoneFilter, SpansetBinary, std::unique_ptr<SpansetPipeline>> node{};
};

enum class AggregateFunction : uint8_t { kCount, kMin, kMax, kAvg, kSum };

struct Aggregate {
  AggregateFunction function = AggregateFunction::kCount;
  std::unique_ptr<FieldExpr> field{};  // null for count()
};

struct ScalarExpr;

struct ScalarBinary {
  BinaryOperator op = BinaryOperator::kAdd;  // an arithmetic one
  std::unique_ptr<ScalarExpr> left;
  std::unique_ptr<ScalarExpr> right;
};

// `({ … } | count())`: an aggregate over spans of its own.
struct ScalarPipeline {
  std::unique_ptr<SpansetPipeline> pipeline;
  Aggregate aggregate;
};

struct ScalarExpr {
  Position position{};
  uint32_t height = 1;
  std::variant<Static, Aggregate, ScalarBinary, ScalarPipeline> node{};
};

struct ScalarFilter {
  BinaryOperator op = BinaryOperator::kEqual;  // a comparison
  ScalarExpr left;
  ScalarExpr right;
};

struct GroupBy {
  FieldExpr expr;
};

struct Coalesce {};

struct Select {
  std::vector<FieldExpr> fields;  // attributes and intrinsics
};

enum class SortOrder : uint8_t { kAscending, kDescending };

// `sort(expr desc)`: orders the spans of each trace, and the traces by their first. Not in
// Tempo.
struct Sort {
  FieldExpr expr;
  SortOrder order = SortOrder::kAscending;
};

// `limit(n)`: the first n traces. Not in Tempo.
struct Limit {
  int64_t count = 0;
};

struct Stage {
  Position position{};
  std::variant<SpansetExpr, ScalarFilter, GroupBy, Coalesce, Select, Sort, Limit> node{};
};

struct SpansetPipeline {
  std::vector<Stage> stages{};  // at least one
};

// --- What is computed over time.

enum class MetricsFunction : uint8_t {
  kRate,
  kCountOverTime,
  kMinOverTime,
  kMaxOverTime,
  kSumOverTime,
  kAvgOverTime,
  kQuantileOverTime,
  kHistogramOverTime,
};

struct MetricsAggregate {
  MetricsFunction function = MetricsFunction::kRate;
  std::unique_ptr<FieldExpr> field{};  // null for rate() and count_over_time()
  std::vector<Static> quantiles{};     // integers and floats
  std::vector<FieldExpr> by{};
};

struct Compare {
  SpansetFilter selection;
  std::optional<int64_t> top{};
  std::optional<int64_t> start_ns{};  // with end_ns or not at all
  std::optional<int64_t> end_ns{};
};

struct MetricsQuery {
  SpansetPipeline pipeline;
  Position position{};  // of the function
  std::variant<MetricsAggregate, Compare> function;
};

struct MetricsExpr;

struct MetricsBinary {
  BinaryOperator op = BinaryOperator::kAdd;  // + - * /
  std::unique_ptr<MetricsExpr> left;
  std::unique_ptr<MetricsExpr> right;
};

struct TopK {
  int64_t count = 0;
};

struct BottomK {
  int64_t count = 0;
};

// Keeps the samples that compare so with a constant.
struct SampleFilter {
  BinaryOperator op = BinaryOperator::kGreater;
  ScalarExpr constant;
};

struct SecondStage {
  Position position{};
  std::variant<TopK, BottomK, SampleFilter> node{};
};

struct MetricsExpr {
  Position position{};
  uint32_t height = 1;
  // The ScalarExpr is a constant, an operand of a MetricsBinary.
  std::variant<MetricsQuery, MetricsBinary, ScalarExpr> node{};
  std::vector<SecondStage> second_stages{};
};

// --- The whole.

struct Hint {
  Position position{};
  std::string name{};
  Static value;
};

struct Query {
  std::variant<SpansetPipeline, MetricsExpr> root;
  std::vector<Hint> hints{};
};

// Levels of the tree of a pipeline, one for the pipeline itself among them.
uint32_t HeightOf(const SpansetPipeline& pipeline);

// Whether it is made of numbers alone, without aggregates.
bool IsConstant(const ScalarExpr& expr);
// Whether an operand of it is a pipeline in parentheses.
bool HoldsPipeline(const SpansetExpr& expr);

}  // namespace clew::traceql

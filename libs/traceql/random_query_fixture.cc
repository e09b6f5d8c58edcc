// SPDX-License-Identifier: Apache-2.0
#include "traceql/random_query_fixture.h"

#include <array>
#include <memory>
#include <utility>

namespace clew::traceql {
namespace {

template <typename T>
std::unique_ptr<T> Boxed(T value) {
  return std::make_unique<T>(std::move(value));
}

constexpr uint64_t kIntrinsics = static_cast<uint64_t>(Intrinsic::kParent) + 1;

}  // namespace

Static RandomQuery::Number() {
  const auto bits = static_cast<int64_t>(random_());
  switch (Below(6)) {
    case 0:
      return bits;
    case 1:
      return static_cast<double>(bits) / 1024;
    case 2:
      return static_cast<double>(bits % 100);
    default:
      return bits % 100;
  }
}

std::string RandomQuery::Text() {
  constexpr std::string_view kBytes = "abcXYZ019._-+*/\"\\`{}()=~!<>&|^, \t\n\r#:\x01\x7F";
  std::string text;
  for (uint64_t i = Below(9); i > 0; --i) text += kBytes[Below(kBytes.size())];
  if (Chance(4)) text += "\xC3\xA9";
  return text;
}

Static RandomQuery::Literal() {
  switch (Below(7)) {
    case 0:
      return Nil{};
    case 1:
      return Text() + (Chance(4) ? "\xC3" : "");
    case 2:
      return Chance(2);
    case 3:
      return Duration{static_cast<int64_t>(random_() >> Below(63)) / 2};
    case 4:
      return static_cast<SpanStatus>(Below(3));
    case 5:
      return static_cast<SpanKind>(Below(6));
    default:
      return Number();
  }
}

FieldExpr RandomQuery::Name() {
  if (Chance(3)) return {.node = static_cast<Intrinsic>(Below(kIntrinsics))};
  constexpr std::array<std::string_view, 6> kNames = {"http.status_code", "foo",   "span.foo",
                                                      "service.name",     "5xx.y", "1e5"};
  Attribute attribute{.scope = static_cast<Scope>(Below(6)),
                      .name = Chance(3) ? "x" + Text() : std::string(kNames[Below(6)])};
  // Of a parent, other scopes than these are part of the name.
  if (attribute.scope <= Scope::kResource) attribute.of_parent = Chance(4);
  return {.node = std::move(attribute)};
}

FieldExpr RandomQuery::Joined(int depth) {
  FieldLogical logical;
  logical.op = Chance(2) ? LogicalOperator::kAnd : LogicalOperator::kOr;
  for (uint64_t i = 2 + Below(2); i > 0; --i) logical.operands.push_back(Field(depth - 1));
  return {.node = std::move(logical)};
}

FieldExpr RandomQuery::Field(int depth) {
  if (depth == 0) return Chance(2) ? Name() : FieldExpr{.node = Literal()};
  switch (Below(4)) {
    case 0:
      return Joined(depth);
    case 1:
      return {.node = FieldUnary{static_cast<UnaryOperator>(Below(2)), Boxed(Field(depth - 1))}};
    default:
      return {.node = FieldBinary{static_cast<BinaryOperator>(Below(14)), Boxed(Field(depth - 1)),
                                  Boxed(Field(depth - 1))}};
  }
}

SpansetFilter RandomQuery::Filter() {
  if (Chance(5)) return {};
  return {.expr = Boxed(Field(static_cast<int>(Below(4))))};
}

SpansetOperator RandomQuery::Operator() {
  SpansetOperator op{.relation = static_cast<Relation>(Below(7))};
  if (op.relation > Relation::kOr) op.form = static_cast<RelationForm>(Below(3));
  return op;
}

SpansetExpr RandomQuery::Spansets(int depth) {
  if (depth == 0 && Chance(8)) return {.node = NoneFilter{Filter()}};
  if (depth == 0) return {.node = Filter()};
  return {.node =
              SpansetBinary{Operator(), Boxed(Spansets(static_cast<int>(Below(2)) * (depth - 1))),
                            Boxed(Spansets(depth - 1))}};
}

// Operands in parentheses, one of them at least more than a spanset expression.
SpansetExpr RandomQuery::Pipelines(int depth) {
  SpansetPipeline pipeline = AnyPipeline(3);
  pipeline.stages.push_back(Following());
  SpansetExpr one{.node = Boxed(std::move(pipeline))};
  SpansetExpr other = depth == 0 || Chance(2) ? Spansets(1) : Pipelines(depth - 1);
  SpansetBinary binary{.op = Operator(), .left = {}, .right = {}};
  binary.left = Boxed(std::move(one));
  binary.right = Boxed(std::move(other));
  if (Chance(2)) std::swap(binary.left, binary.right);
  return {.node = std::move(binary)};
}

ScalarExpr RandomQuery::Constant(int depth) {
  if (depth == 0) return {.node = Number()};
  return {.node = ScalarBinary{static_cast<BinaryOperator>(Below(6)), Boxed(Constant(depth - 1)),
                               Boxed(Constant(0))}};
}

Aggregate RandomQuery::AnyAggregate() {
  Aggregate aggregate{.function = static_cast<AggregateFunction>(Below(5))};
  if (aggregate.function != AggregateFunction::kCount) aggregate.field = Boxed(Field(1));
  return aggregate;
}

// Holds an aggregate.
ScalarExpr RandomQuery::Scalar(int depth) {
  if (depth == 0 && Chance(8)) {
    return {.node = ScalarPipeline{Boxed(SpansetPipeline(AnyPipeline(2))), AnyAggregate()}};
  }
  if (depth == 0) return {.node = AnyAggregate()};
  ScalarBinary binary{static_cast<BinaryOperator>(Below(6)), Boxed(Scalar(depth - 1)),
                      Boxed(Constant(1))};
  if (Chance(2)) std::swap(binary.left, binary.right);
  return {.node = std::move(binary)};
}

Stage RandomQuery::First() {
  switch (Below(6)) {
    case 0:
      return {.node = GroupBy{Field(1)}};
    case 1: {
      Select select;
      for (uint64_t i = 1 + Below(3); i > 0; --i) select.fields.push_back(Name());
      return {.node = std::move(select)};
    }
    case 2:
      return {.node = ScalarFilter{static_cast<BinaryOperator>(6 + Below(6)),
                                   Scalar(static_cast<int>(Below(3))),
                                   Chance(4) ? Scalar(1) : Constant(1)}};
    default:
      return {.node = Spansets(static_cast<int>(Below(3)))};
  }
}

Stage RandomQuery::Following() {
  switch (Below(6)) {
    case 0:
      return {.node = Coalesce{}};
    case 1:
      return {.node = Sort{Field(1), static_cast<SortOrder>(Below(2))}};
    case 2:
      return {.node = Limit{static_cast<int64_t>(Below(100))}};
    default:
      return First();
  }
}

SpansetPipeline RandomQuery::AnyPipeline(uint64_t most_stages) {
  SpansetPipeline pipeline;
  pipeline.stages.push_back(First());
  for (uint64_t i = Below(most_stages); i > 0; --i) pipeline.stages.push_back(Following());
  return pipeline;
}

SecondStage RandomQuery::Second() {
  switch (Below(3)) {
    case 0:
      return {.node = TopK{static_cast<int64_t>(Below(10))}};
    case 1:
      return {.node = BottomK{static_cast<int64_t>(Below(10))}};
    default:
      return {.node = SampleFilter{static_cast<BinaryOperator>(6 + Below(6)), Constant(1)}};
  }
}

MetricsAggregate RandomQuery::AnyMetricsAggregate() {
  MetricsAggregate aggregate{.function = static_cast<MetricsFunction>(Below(8))};
  if (aggregate.function >= MetricsFunction::kMinOverTime) aggregate.field = Boxed(Name());
  if (aggregate.function == MetricsFunction::kQuantileOverTime) aggregate.quantiles = {0.5, 1.0};
  for (uint64_t i = Below(3); i > 0; --i) aggregate.by.push_back(Name());
  return aggregate;
}

Compare RandomQuery::AnyCompare() {
  Compare compare{.selection = Filter()};
  if (Chance(2)) compare.top = static_cast<int64_t>(Below(1'000));
  if (compare.top && Chance(2)) {
    compare.start_ns = static_cast<int64_t>(Below(1'000));
    compare.end_ns = static_cast<int64_t>(Below(1'000));
  }
  return compare;
}

MetricsExpr RandomQuery::SeriesOrConstant(int depth) {
  if (Chance(2)) return {.node = Constant(static_cast<int>(Below(2))), .second_stages = {}};
  return Series(depth);
}

MetricsExpr RandomQuery::Series(int depth) {
  MetricsExpr series;
  if (depth > 0 && !Chance(3)) {
    MetricsBinary binary{static_cast<BinaryOperator>(Below(4)), Boxed(Series(depth - 1)),
                         Boxed(SeriesOrConstant(depth - 1))};
    if (Chance(2)) std::swap(binary.left, binary.right);
    series.node = std::move(binary);
  } else {
    MetricsQuery query{.pipeline = AnyPipeline(2), .position = {}, .function = AnyCompare()};
    if (!Chance(9)) query.function = AnyMetricsAggregate();
    series.node = std::move(query);
  }
  for (uint64_t i = Below(3); i > 0; --i) series.second_stages.push_back(Second());
  return series;
}

Query RandomQuery::Next() {
  Query query;
  switch (Below(4)) {
    case 0:
      query.root = Series(2);
      break;
    case 1: {
      SpansetPipeline pipeline;
      pipeline.stages.push_back({.node = Pipelines(2)});
      query.root = std::move(pipeline);
      break;
    }
    default:
      query.root = AnyPipeline(4);
  }
  if (Chance(4)) query.hints.push_back({.name = "most_recent", .value = Literal()});
  if (Chance(8)) query.hints.push_back({.name = "sample", .value = Literal()});
  return query;
}

}  // namespace clew::traceql

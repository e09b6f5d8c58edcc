// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "traceql/ast.h"

namespace clew::traceql {

// Trees that a parser could have made, the same ones for the same seed. Their types fit only
// by chance.
class RandomQuery {
 public:
  explicit RandomQuery(uint64_t seed) : random_(seed) {}

  Query Next();

 private:
  uint64_t Below(uint64_t end) { return random_() % end; }
  bool Chance(uint64_t in) { return Below(in) == 0; }
  Static Number();
  Static Literal();
  std::string Text();
  FieldExpr Name();
  FieldExpr Field(int depth);
  FieldExpr Joined(int depth);
  SpansetFilter Filter();
  SpansetOperator Operator();
  SpansetExpr Spansets(int depth);
  SpansetExpr Pipelines(int depth);
  ScalarExpr Constant(int depth);
  ScalarExpr Scalar(int depth);
  Aggregate AnyAggregate();
  Stage First();
  Stage Following();
  SpansetPipeline AnyPipeline(uint64_t most_stages);
  MetricsAggregate AnyMetricsAggregate();
  Compare AnyCompare();
  MetricsExpr Series(int depth);
  MetricsExpr SeriesOrConstant(int depth);
  SecondStage Second();

  std::mt19937_64 random_;
};

}  // namespace clew::traceql

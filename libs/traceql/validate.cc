// SPDX-License-Identifier: Apache-2.0
#include "traceql/validate.h"

#include <optional>
#include <utility>

#include "traceql/limits.h"
#include "traceql/print.h"
#include "traceql/validate_fields.h"

namespace clew::traceql {
namespace {

// Whether it holds an aggregate, of the pipeline it stands in or of its own.
bool HoldsAggregate(const ScalarExpr& expr) {
  return !IsConstant(expr);
}

bool HoldsScalarPipeline(const ScalarExpr& expr) {
  if (std::holds_alternative<ScalarPipeline>(expr.node)) return true;
  const auto* const binary = std::get_if<ScalarBinary>(&expr.node);
  return binary != nullptr &&
         (HoldsScalarPipeline(*binary->left) || HoldsScalarPipeline(*binary->right));
}

// Walks a query; each overload checks one kind of node.
class Validator {
 public:
  explicit Validator(FieldRules& rules) : rules_(rules) {}

  ValidationStatus Check(const SpansetPipeline& pipeline) const {
    for (const Stage& stage : pipeline.stages) {
      TRY(std::visit([&](const auto& node) { return CheckStage(node, stage.position); },
                     stage.node));
    }
    return std::monostate{};
  }

  ValidationStatus Check(const MetricsExpr& series) const {
    if (const auto* const binary = std::get_if<MetricsBinary>(&series.node)) {
      TRY(Check(*binary->left));
      TRY(Check(*binary->right));
    }
    if (const auto* const query = std::get_if<MetricsQuery>(&series.node)) {
      TRY(CheckQuery(*query, !series.second_stages.empty()));
    }
    for (const SecondStage& stage : series.second_stages) {
      TRY(std::visit([&](const auto& node) { return CheckSecond(node, stage.position); },
                     stage.node));
    }
    return std::monostate{};
  }

 private:
  ValidationStatus CheckFields(const std::vector<FieldExpr>& fields) const {
    for (const FieldExpr& field : fields) TRY(TypeOf(field, rules_));
    return std::monostate{};
  }

  ValidationStatus CheckFilter(const SpansetFilter& filter) const {
    if (!filter.expr) return std::monostate{};
    const Type type = TRY(TypeOf(*filter.expr, rules_));
    if (MayBe(type, Type::kBool)) return std::monostate{};
    return Invalid(
        filter.expr->position,
        "span filter field expressions must resolve to a boolean: { " + Print(*filter.expr) + " }");
  }

  ValidationStatus CheckSpansets(const SpansetExpr& expr) const {
    if (const auto* const filter = std::get_if<SpansetFilter>(&expr.node)) {
      return CheckFilter(*filter);
    }
    if (const auto* const none = std::get_if<NoneFilter>(&expr.node)) {
      return CheckFilter(none->filter);
    }
    if (const auto* const pipeline = std::get_if<std::unique_ptr<SpansetPipeline>>(&expr.node)) {
      TRY(CheckLimits(**pipeline));
      return Check(**pipeline);
    }
    const auto& binary = std::get<SpansetBinary>(expr.node);
    TRY(CheckSpansets(*binary.left));
    return CheckSpansets(*binary.right);
  }

  // What they count are the traces of the whole query, which a part of it does not know.
  static ValidationStatus CheckLimits(const SpansetPipeline& operand) {
    for (const Stage& stage : operand.stages) {
      if (std::holds_alternative<Limit>(stage.node)) {
        return NotSupported(stage.position, "limit() inside of parentheses");
      }
    }
    return std::monostate{};
  }

  ValidationStatus CheckAggregate(const Aggregate& aggregate, const Position& position) const {
    if (!aggregate.field) return std::monostate{};
    const Type type = TRY(TypeOf(*aggregate.field, rules_));
    if (!MayBeNumber(type)) {
      return Invalid(position, "aggregate field expressions must resolve to a number type: " +
                                   Print(aggregate));
    }
    if (!ReferencesSpan(*aggregate.field)) {
      return Invalid(position,
                     "aggregate field expressions must reference the span: " + Print(aggregate));
    }
    return std::monostate{};
  }

  ValidationStatus CheckScalar(const ScalarExpr& expr) const {
    if (const auto* const aggregate = std::get_if<Aggregate>(&expr.node)) {
      return CheckAggregate(*aggregate, expr.position);
    }
    if (const auto* const binary = std::get_if<ScalarBinary>(&expr.node)) {
      TRY(CheckScalar(*binary->left));
      return CheckScalar(*binary->right);
    }
    if (const auto* const own = std::get_if<ScalarPipeline>(&expr.node)) {
      TRY(Check(*own->pipeline));
      return CheckAggregate(own->aggregate, expr.position);
    }
    return std::monostate{};
  }

  ValidationStatus CheckStage(const SpansetExpr& expr, const Position& /*position*/) const {
    return CheckSpansets(expr);
  }

  ValidationStatus CheckStage(const ScalarFilter& filter, const Position& position) const {
    TRY(CheckScalar(filter.left));
    TRY(CheckScalar(filter.right));
    if (HoldsScalarPipeline(filter.left) || HoldsScalarPipeline(filter.right)) {
      return NotSupported(position, "scalar filters over pipelines of their own");
    }
    if (HoldsAggregate(filter.right)) {
      return NotSupported(filter.right.position, "aggregates on both sides of a comparison");
    }
    return std::monostate{};
  }

  ValidationStatus CheckStage(const GroupBy& group, const Position& position) const {
    TRY(TypeOf(group.expr, rules_));
    if (ReferencesSpan(group.expr)) return std::monostate{};
    return Invalid(position, "grouping field expressions must reference the span: by(" +
                                 Print(group.expr) + ")");
  }

  ValidationStatus CheckStage(const Coalesce& /*stage*/, const Position& /*position*/) const {
    return std::monostate{};
  }

  ValidationStatus CheckStage(const Select& select, const Position& /*position*/) const {
    return CheckFields(select.fields);
  }

  ValidationStatus CheckStage(const Sort& sort, const Position& position) const {
    TRY(TypeOf(sort.expr, rules_));
    if (ReferencesSpan(sort.expr)) return std::monostate{};
    return Invalid(position, "sort expressions must reference the span: " + Print(sort.expr));
  }

  ValidationStatus CheckStage(const Limit& limit, const Position& position) const {
    return CheckCount(limit.count, position);
  }

  static ValidationStatus CheckCount(int64_t count, const Position& position) {
    if (count > 0) return std::monostate{};
    return Invalid(position, "limit must be greater than 0");
  }

  ValidationStatus CheckQuery(const MetricsQuery& query, bool has_second_stages) const {
    TRY(Check(query.pipeline));
    if (const auto* const aggregate = std::get_if<MetricsAggregate>(&query.function)) {
      return CheckFunction(*aggregate, query.position);
    }
    TRY(CheckFunction(std::get<Compare>(query.function), query.position));
    if (!has_second_stages) return std::monostate{};
    return Invalid(query.position, "`compare()` cannot be used with second stage functions");
  }

  ValidationStatus CheckFunction(const MetricsAggregate& aggregate,
                                 const Position& position) const {
    if (aggregate.field) TRY(TypeOf(*aggregate.field, rules_));
    TRY(CheckFields(aggregate.by));
    for (const Static& quantile : aggregate.quantiles) {
      const auto* const integer = std::get_if<int64_t>(&quantile);
      const double number =
          integer != nullptr ? static_cast<double>(*integer) : std::get<double>(quantile);
      if (number < 0 || number > 1) {
        return Invalid(position, "quantile must be between 0 and 1: " + Print(quantile));
      }
    }
    const bool labels_buckets = aggregate.function == MetricsFunction::kQuantileOverTime ||
                                aggregate.function == MetricsFunction::kHistogramOverTime;
    if (aggregate.by.size() <= kMaxMetricsLabels - (labels_buckets ? 1 : 0)) {
      return std::monostate{};
    }
    return NotSupported(position,
                        "metrics group by " + std::to_string(aggregate.by.size()) + " values");
  }

  ValidationStatus CheckFunction(const Compare& compare, const Position& position) const {
    TRY(CheckFilter(compare.selection));
    if (!compare.top || (*compare.top >= 1 && *compare.top <= kMaxCompareTop)) {
      return std::monostate{};
    }
    return Invalid(position, "compare() top number of values must be an integer between 1 and " +
                                 std::to_string(kMaxCompareTop));
  }

  static ValidationStatus CheckSecond(const TopK& top, const Position& position) {
    return CheckCount(top.count, position);
  }

  static ValidationStatus CheckSecond(const BottomK& bottom, const Position& position) {
    return CheckCount(bottom.count, position);
  }

  static ValidationStatus CheckSecond(const SampleFilter& /*filter*/,
                                      const Position& /*position*/) {
    return std::monostate{};
  }

  FieldRules& rules_;
};

}  // namespace

ValidationStatus Validate(const Query& query, Dialect dialect) {
  FieldRules rules{.dialect = dialect};
  const Validator validator(rules);
  return std::visit([&](const auto& root) { return validator.Check(root); }, query.root);
}

}  // namespace clew::traceql

// SPDX-License-Identifier: Apache-2.0
#include "query/condition.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "query/eval/comparison.h"
#include "query/eval/row_field.h"

namespace clew::query {
namespace {

using traceql::BinaryOperator;
using traceql::FieldExpr;
using Kind = Condition::Kind;

bool IsAlways(const Condition& condition) {
  return condition.kind == Kind::kAlways;
}

// All or any of some, without what decides nothing.
Condition Join(Kind kind, std::vector<Condition> parts) {
  const bool exact = std::ranges::all_of(parts, &Condition::exact);
  const Kind neutral = kind == Kind::kAll ? Kind::kAlways : Kind::kNever;
  const Kind decisive = kind == Kind::kAll ? Kind::kNever : Kind::kAlways;
  std::erase_if(parts, [&](const Condition& part) { return part.kind == neutral; });
  const bool decided =
      std::ranges::any_of(parts, [&](const Condition& part) { return part.kind == decisive; });
  if (decided) return {.kind = decisive, .exact = exact};
  if (parts.empty()) return {.kind = neutral, .exact = exact};
  if (parts.size() == 1) {
    parts.front().exact = exact;
    return std::move(parts.front());
  }
  return {.kind = kind, .parts = std::move(parts), .exact = exact};
}

// Whether columns are asked what an intrinsic is, and every span has one value of it.
bool IsTested(traceql::Intrinsic intrinsic) {
  switch (intrinsic) {
    case traceql::Intrinsic::kDuration:
    case traceql::Intrinsic::kName:
    case traceql::Intrinsic::kStatus:
    case traceql::Intrinsic::kStatusMessage:
    case traceql::Intrinsic::kKind:
    case traceql::Intrinsic::kInstrumentationName:
    case traceql::Intrinsic::kInstrumentationVersion:
      return true;
    default:
      return false;
  }
}

// Whether columns tell what it is.
bool IsOfColumns(traceql::Intrinsic intrinsic) {
  using traceql::Intrinsic;
  switch (intrinsic) {
    case Intrinsic::kDuration:
    case Intrinsic::kName:
    case Intrinsic::kStatus:
    case Intrinsic::kStatusMessage:
    case Intrinsic::kKind:
    case Intrinsic::kInstrumentationName:
    case Intrinsic::kInstrumentationVersion:
    case Intrinsic::kEventName:
      return true;
    default:
      return false;
  }
}

// A test of the field that `expr` is; nullopt when it is none that columns can be asked.
std::optional<Condition> TestOf(const FieldExpr& expr, std::function<bool(const Scalar&)> test) {
  Condition condition{.kind = Kind::kTest, .test = std::move(test)};
  if (const auto* attribute = std::get_if<traceql::Attribute>(&expr.node)) {
    if (attribute->of_parent) return std::nullopt;
    const Value absent = AbsentValueOf(*attribute);
    if (!absent.is_nil() && condition.test(absent.scalar)) return Condition::Always();
    condition.field = attribute;
    condition.exact = attribute->scope != traceql::Scope::kAny;
  } else if (const auto* intrinsic = std::get_if<traceql::Intrinsic>(&expr.node)) {
    if (!IsOfColumns(*intrinsic)) return std::nullopt;
    condition.field = *intrinsic;
    condition.exact = IsTested(*intrinsic);
  } else {
    return std::nullopt;
  }
  return condition;
}

// The operator that says the same with its sides changed.
BinaryOperator Mirrored(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kLess:
      return BinaryOperator::kGreater;
    case BinaryOperator::kLessOrEqual:
      return BinaryOperator::kGreaterOrEqual;
    case BinaryOperator::kGreater:
      return BinaryOperator::kLess;
    case BinaryOperator::kGreaterOrEqual:
      return BinaryOperator::kLessOrEqual;
    default:
      return op;
  }
}

// The whole numbers x of which `x op literal` holds; nullopt when it is not as simple.
std::optional<WholeRange> RangeOf(BinaryOperator op, const traceql::Static& literal) {
  const std::optional<int64_t> bound = WholeOf(ScalarOf(literal));
  constexpr WholeRange kAll;
  constexpr WholeRange kNone{1, 0};
  if (!bound) return std::nullopt;
  switch (op) {
    case BinaryOperator::kEqual:
      return WholeRange{*bound, *bound};
    case BinaryOperator::kLess:
      return *bound == kAll.first ? kNone : WholeRange{kAll.first, *bound - 1};
    case BinaryOperator::kLessOrEqual:
      return WholeRange{kAll.first, *bound};
    case BinaryOperator::kGreater:
      return *bound == kAll.last ? kNone : WholeRange{*bound + 1, kAll.last};
    case BinaryOperator::kGreaterOrEqual:
      return WholeRange{*bound, kAll.last};
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> TextOf(const traceql::Static& literal) {
  const auto* text = std::get_if<std::string>(&literal);
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

class Maker {
 public:
  explicit Maker(Regexes& regexes) : regexes_(regexes) {}

  Condition Make(const FieldExpr& expr) const {
    Condition condition =
        std::visit([&](const auto& node) { return MakeNode(node, expr); }, expr.node);
    if (condition.expr == nullptr) condition.expr = &expr;
    return condition;
  }

 private:
  Condition MakeNode(const traceql::Static& literal, const FieldExpr&) const {
    const bool* const truth = std::get_if<bool>(&literal);
    const bool always = truth != nullptr && *truth;
    return {.kind = always ? Kind::kAlways : Kind::kNever, .exact = true};
  }
  Condition MakeNode(const traceql::Attribute&, const FieldExpr& expr) const {
    return TestOf(expr, [](const Scalar& value) { return value == Scalar(true); })
        .value_or(Condition::Always());
  }
  Condition MakeNode(traceql::Intrinsic, const FieldExpr&) const { return Condition::Always(); }
  Condition MakeNode(const traceql::FieldUnary&, const FieldExpr&) const {
    return Condition::Always();
  }
  Condition MakeNode(const traceql::FieldBinary& binary, const FieldExpr&) const {
    if (!traceql::IsComparison(binary.op)) return Condition::Always();
    const auto* right = std::get_if<traceql::Static>(&binary.right->node);
    const auto* left = std::get_if<traceql::Static>(&binary.left->node);
    if (right != nullptr) return MakeComparison(binary.op, *binary.left, *right, false);
    if (left != nullptr) return MakeComparison(binary.op, *binary.right, *left, true);
    return Condition::Always();
  }
  Condition MakeComparison(traceql::BinaryOperator op, const FieldExpr& field,
                           const traceql::Static& literal, bool literal_first) const {
    if (std::holds_alternative<Nil>(literal)) {
      if (op == traceql::BinaryOperator::kEqual) return Condition::Always();
      return TestOf(field, [](const Scalar&) { return true; }).value_or(Condition::Always());
    }
    const Comparison comparison(op, regexes_, literal_first ? std::nullopt : TextOf(literal));
    const auto test = [comparison, other = ScalarOf(literal), literal_first](const Scalar& value) {
      return literal_first ? comparison.Holds(other, value) : comparison.Holds(value, other);
    };
    std::optional<Condition> condition = TestOf(field, test);
    if (!condition) return Condition::Always();
    condition->whole = RangeOf(literal_first ? Mirrored(op) : op, literal);
    if (op == traceql::BinaryOperator::kEqual) condition->text = TextOf(literal);
    condition->regex = comparison.matched();
    return std::move(*condition);
  }
  Condition MakeNode(const traceql::FieldLogical& logical, const FieldExpr&) const {
    std::vector<Condition> parts;
    parts.reserve(logical.operands.size());
    for (const FieldExpr& operand : logical.operands) parts.push_back(Make(operand));
    return Join(logical.op == traceql::LogicalOperator::kAnd ? Kind::kAll : Kind::kAny,
                std::move(parts));
  }

  Regexes& regexes_;
};

Condition ConditionOf(const traceql::SpansetExpr& expr, Regexes& regexes);

// Both sides must have spans, so either side will do; of a negated relation the right.
Condition ConditionOf(const traceql::SpansetBinary& binary, Regexes& regexes) {
  Condition right = ConditionOf(*binary.right, regexes);
  if (binary.op.relation == traceql::Relation::kOr) {
    std::vector<Condition> parts;
    parts.push_back(ConditionOf(*binary.left, regexes));
    parts.push_back(std::move(right));
    return Join(Kind::kAny, std::move(parts));
  }
  const bool negated = binary.op.form == traceql::RelationForm::kNegated;
  if (negated || !IsAlways(right)) return right;
  return ConditionOf(*binary.left, regexes);
}

Condition ConditionOf(const traceql::SpansetExpr& expr, Regexes& regexes) {
  if (const auto* filter = std::get_if<traceql::SpansetFilter>(&expr.node)) {
    return ConditionOf(filter->expr.get(), regexes);
  }
  if (const auto* binary = std::get_if<traceql::SpansetBinary>(&expr.node)) {
    return ConditionOf(*binary, regexes);
  }
  if (const auto* pipeline = std::get_if<std::unique_ptr<traceql::SpansetPipeline>>(&expr.node)) {
    return ConditionOf(**pipeline, regexes);
  }
  return Condition::Always();
}

}  // namespace

Condition ConditionOf(const FieldExpr* expr, Regexes& regexes) {
  return expr == nullptr ? Condition::Always() : Maker(regexes).Make(*expr);
}

// No stage adds spans, so what a later one asks holds of those that went in. But limit() also
// counts the traces that a stage after it drops.
Condition ConditionOf(const traceql::SpansetPipeline& pipeline, Regexes& regexes) {
  for (const traceql::Stage& stage : pipeline.stages) {
    if (std::holds_alternative<traceql::Limit>(stage.node)) break;
    const auto* expr = std::get_if<traceql::SpansetExpr>(&stage.node);
    if (expr == nullptr) continue;
    Condition condition = ConditionOf(*expr, regexes);
    if (!IsAlways(condition)) return condition;
  }
  return Condition::Always();
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
// Where an operand needs parentheses is decided in one place, by the precedence of what it
// is and of the operator it belongs to.
#include "traceql/print.h"

#include <optional>

#include "traceql/intrinsics.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

std::string Wrapped(std::string text) {
  return "(" + std::move(text) + ")";
}

std::string Joined(std::string left, std::string_view op, std::string_view right) {
  return std::move(left.append(" ").append(op).append(" ").append(right));
}

template <typename T>
std::string List(const std::vector<T>& parts) {
  std::string text;
  for (const T& part : parts) text.append(text.empty() ? "" : ", ").append(Print(part));
  return text;
}

enum class Side : uint8_t { kLeft, kRight };

// Whether an operand that binds as `own` would be read otherwise without parentheses.
bool NeedsParentheses(Precedence own, Precedence of_operator, Side side) {
  const bool loose_side = side == (of_operator == Precedence::kPower ? Side::kRight : Side::kLeft);
  return loose_side ? own < of_operator : own <= of_operator;
}

// `left op right`, of which `left_own` and `right_own` say how tightly the operands bind.
template <typename Binary>
std::string PrintBinary(const Binary& binary, Precedence left_own, Precedence right_own) {
  const Precedence of_operator = traceql::PrecedenceOf(binary.op);
  std::string left = Print(*binary.left);
  std::string right = Print(*binary.right);
  if (NeedsParentheses(left_own, of_operator, Side::kLeft)) left = Wrapped(std::move(left));
  if (NeedsParentheses(right_own, of_operator, Side::kRight)) right = Wrapped(std::move(right));
  return Joined(std::move(left), TextOf(binary.op), right);
}

// --- Fields.

Precedence PrecedenceOf(const FieldExpr& expr) {
  if (std::holds_alternative<FieldLogical>(expr.node)) return Precedence::kLogical;
  if (const auto* const unary = std::get_if<FieldUnary>(&expr.node)) {
    return traceql::PrecedenceOf(unary->op);
  }
  const auto* const binary = std::get_if<FieldBinary>(&expr.node);
  return binary == nullptr ? Precedence::kOperand : traceql::PrecedenceOf(binary->op);
}

// Whether a sign before it would be read as part of it.
bool TakesSign(const FieldExpr& expr) {
  const auto* const value = std::get_if<Static>(&expr.node);
  return value != nullptr && Negated(*value).has_value();
}

std::string PrintNode(const FieldUnary& unary) {
  const Precedence own = PrecedenceOf(*unary.operand);
  const bool wrap = own < traceql::PrecedenceOf(unary.op) ||
                    (unary.op == UnaryOperator::kNegate && TakesSign(*unary.operand));
  std::string operand = Print(*unary.operand);
  return std::string(TextOf(unary.op)) + (wrap ? Wrapped(std::move(operand)) : operand);
}

std::string PrintNode(const FieldBinary& binary) {
  return PrintBinary(binary, PrecedenceOf(*binary.left), PrecedenceOf(*binary.right));
}

// `(a || b) && c` keeps its parentheses for the reader's sake, who may think that && binds
// tighter.
std::string PrintNode(const FieldLogical& logical) {
  std::string text;
  for (const FieldExpr& operand : logical.operands) {
    const auto* const inner = std::get_if<FieldLogical>(&operand.node);
    const bool first = &operand == &logical.operands.front();
    const bool wrap = inner != nullptr && !(first && inner->op == logical.op);
    std::string part = Print(operand);
    if (wrap) part = Wrapped(std::move(part));
    text = first ? std::move(part) : Joined(std::move(text), TextOf(logical.op), part);
  }
  return text;
}

std::string PrintNode(const Static& value) {
  return Print(value);
}

std::string PrintNode(const Attribute& attribute) {
  return Print(attribute);
}

std::string PrintNode(Intrinsic intrinsic) {
  return NameOf(intrinsic);
}

// --- Spansets and numbers of a trace.

std::string PrintNode(const SpansetFilter& filter) {
  return filter.expr ? "{ " + Print(*filter.expr) + " }" : "{ }";
}

std::string PrintNode(const NoneFilter& none) {
  return "none(" + PrintNode(none.filter) + ")";
}

std::string PrintNode(const std::unique_ptr<SpansetPipeline>& pipeline) {
  return Wrapped(Print(*pipeline));
}

std::string PrintOperand(const SpansetExpr& expr, SpansetOperator op, Side side, bool pipelines) {
  std::string text = Print(expr);
  if (std::holds_alternative<std::unique_ptr<SpansetPipeline>>(expr.node)) return text;
  const auto* const binary = std::get_if<SpansetBinary>(&expr.node);
  // Beside a pipeline in parentheses everything is in parentheses.
  if (pipelines && !HoldsPipeline(expr)) return Wrapped(std::move(text));
  if (binary == nullptr) return text;
  const Precedence own = traceql::PrecedenceOf(op);
  const bool mixed = own == Precedence::kLogical && binary->op.relation != op.relation &&
                     traceql::PrecedenceOf(binary->op) == own;
  const bool wrap = mixed || NeedsParentheses(traceql::PrecedenceOf(binary->op), own, side);
  return wrap ? Wrapped(std::move(text)) : text;
}

std::string PrintNode(const SpansetBinary& binary) {
  const bool pipelines = HoldsPipeline(*binary.left) || HoldsPipeline(*binary.right);
  return Joined(PrintOperand(*binary.left, binary.op, Side::kLeft, pipelines), TextOf(binary.op),
                PrintOperand(*binary.right, binary.op, Side::kRight, pipelines));
}

std::string PrintNode(const Aggregate& aggregate) {
  return Print(aggregate);
}

Precedence PrecedenceOf(const ScalarExpr& expr) {
  const auto* const binary = std::get_if<ScalarBinary>(&expr.node);
  return binary == nullptr ? Precedence::kOperand : traceql::PrecedenceOf(binary->op);
}

std::string PrintNode(const ScalarBinary& binary) {
  return PrintBinary(binary, PrecedenceOf(*binary.left), PrecedenceOf(*binary.right));
}

std::string PrintNode(const ScalarPipeline& own) {
  return Wrapped(Joined(Print(*own.pipeline), "|", Print(own.aggregate)));
}

std::string PrintNode(const SpansetExpr& expr) {
  return Print(expr);
}

std::string PrintNode(const ScalarFilter& filter) {
  return Joined(Print(filter.left), TextOf(filter.op), Print(filter.right));
}

std::string PrintNode(const GroupBy& group) {
  return "by(" + Print(group.expr) + ")";
}

std::string PrintNode(const Coalesce& /*coalesce*/) {
  return "coalesce()";
}

std::string PrintNode(const Select& select) {
  return "select(" + List(select.fields) + ")";
}

std::string PrintNode(const Sort& sort) {
  return "sort(" + Print(sort.expr) + (sort.order == SortOrder::kDescending ? " desc)" : ")");
}

std::string PrintNode(const Limit& limit) {
  return "limit(" + std::to_string(limit.count) + ")";
}

// --- Metrics.

std::string PrintNode(const MetricsQuery& query) {
  std::string text = Print(query.pipeline) + " | ";
  std::visit([&](const auto& function) { text += Print(function); }, query.function);
  return text;
}

Precedence PrecedenceOf(const MetricsExpr& expr) {
  if (const auto* const constant = std::get_if<ScalarExpr>(&expr.node)) {
    return PrecedenceOf(*constant);
  }
  const auto* const binary = std::get_if<MetricsBinary>(&expr.node);
  // Neither `|` nor the stages after it belong to an operand without parentheses.
  if (binary == nullptr || !expr.second_stages.empty()) return Precedence::kNone;
  return traceql::PrecedenceOf(binary->op);
}

std::string PrintNode(const MetricsBinary& binary) {
  return PrintBinary(binary, PrecedenceOf(*binary.left), PrecedenceOf(*binary.right));
}

std::string PrintNode(const ScalarExpr& expr) {
  return Print(expr);
}

std::string PrintNode(const TopK& top) {
  return "| topk(" + std::to_string(top.count) + ")";
}

std::string PrintNode(const BottomK& bottom) {
  return "| bottomk(" + std::to_string(bottom.count) + ")";
}

std::string PrintNode(const SampleFilter& filter) {
  return std::string(TextOf(filter.op)) + " " + Print(filter.constant);
}

template <typename Node>
std::string PrintVariant(const Node& node) {
  return std::visit([](const auto& one) { return PrintNode(one); }, node);
}

}  // namespace

std::string Print(const FieldExpr& expr) {
  return PrintVariant(expr.node);
}

std::string Print(const SpansetExpr& expr) {
  return PrintVariant(expr.node);
}

std::string Print(const ScalarExpr& expr) {
  return PrintVariant(expr.node);
}

std::string Print(const Aggregate& aggregate) {
  return std::string(TextOf(aggregate.function)) +
         Wrapped(aggregate.field ? Print(*aggregate.field) : "");
}

std::string Print(const SpansetPipeline& pipeline) {
  std::string text;
  for (const Stage& stage : pipeline.stages) {
    text.append(text.empty() ? "" : " | ").append(Print(stage));
  }
  return text;
}

std::string Print(const Stage& stage) {
  return PrintVariant(stage.node);
}

std::string Print(const MetricsExpr& expr) {
  std::string text = PrintVariant(expr.node);
  for (const SecondStage& stage : expr.second_stages) text.append(" ").append(Print(stage));
  return text;
}

std::string Print(const MetricsAggregate& aggregate) {
  std::string arguments = aggregate.field ? Print(*aggregate.field) : "";
  if (!aggregate.quantiles.empty()) arguments.append(", ").append(List(aggregate.quantiles));
  std::string text = std::string(TextOf(aggregate.function)) + Wrapped(std::move(arguments));
  if (!aggregate.by.empty()) text += " by" + Wrapped(List(aggregate.by));
  return text;
}

std::string Print(const Compare& compare) {
  std::string text = "compare(" + PrintNode(compare.selection);
  for (const std::optional<int64_t>& number : {compare.top, compare.start_ns, compare.end_ns}) {
    if (number) text.append(", ").append(std::to_string(*number));
  }
  return text + ")";
}

std::string Print(const SecondStage& stage) {
  return PrintVariant(stage.node);
}

std::string Print(const Query& query) {
  std::string text = std::visit([](const auto& root) { return Print(root); }, query.root);
  for (const Hint& hint : query.hints) {
    text += &hint == &query.hints.front() ? " with(" : ", ";
    text += hint.name + "=" + Print(hint.value);
  }
  return query.hints.empty() ? text : text + ")";
}

}  // namespace clew::traceql

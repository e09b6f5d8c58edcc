// SPDX-License-Identifier: Apache-2.0
#include "query/eval/field.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "query/eval/comparison.h"

namespace clew::query {
namespace {

using traceql::BinaryOperator;

class Constant final : public Field {
 public:
  explicit Constant(const Scalar& value) : value_{.scalar = value} {}
  Value Evaluate(const SpanAt&) const override { return value_; }

 private:
  const Value value_;
};

class OfRow final : public Field {
 public:
  explicit OfRow(std::unique_ptr<RowField> field) : field_(std::move(field)) {}
  Value Evaluate(const SpanAt& at) const override { return field_->Read(at.row, *at.texts); }

 private:
  const std::unique_ptr<RowField> field_;
};

class OfParent final : public Field {
 public:
  explicit OfParent(std::unique_ptr<RowField> field) : field_(std::move(field)) {}

  Value Evaluate(const SpanAt& at) const override {
    const uint32_t parent = at.trace->place(at.span).parent;
    if (parent == TraceView::kNone) return {};
    return field_->Read(at.trace->span(parent).row, *at.texts);
  }

 private:
  const std::unique_ptr<RowField> field_;
};

// A text of the root span; empty when that has not been received.
class OfRoot final : public Field {
 public:
  explicit OfRoot(std::unique_ptr<RowField> field) : field_(std::move(field)) {}

  Value Evaluate(const SpanAt& at) const override {
    Value text;
    const uint32_t root = at.trace->root();
    if (root != TraceView::kNone) text = field_->Read(at.trace->span(root).row, *at.texts);
    return text.is_nil() ? Value{.scalar = std::string_view("")} : text;
  }

 private:
  const std::unique_ptr<RowField> field_;
};

// What the trace tells of a span: its place in the tree, and the time that all takes.
class OfTrace final : public Field {
 public:
  explicit OfTrace(traceql::Intrinsic intrinsic) : intrinsic_(intrinsic) {}

  Value Evaluate(const SpanAt& at) const override {
    const TraceView::Place& place = at.trace->place(at.span);
    switch (intrinsic_) {
      case traceql::Intrinsic::kTraceDuration:
        return {.scalar = Duration{at.trace->duration_ns()}};
      case traceql::Intrinsic::kChildCount:
        return {.scalar = int64_t{place.children}};
      case traceql::Intrinsic::kNestedSetLeft:
        return {.scalar = int64_t{place.left}};
      case traceql::Intrinsic::kNestedSetRight:
        return {.scalar = int64_t{place.right}};
      case traceql::Intrinsic::kNestedSetParent:
        return {.scalar = int64_t{place.parent_left}};
      default:
        return {};
    }
  }

 private:
  const traceql::Intrinsic intrinsic_;
};

class Negation final : public Field {
 public:
  Negation(traceql::UnaryOperator op, std::unique_ptr<Field> operand)
      : op_(op), operand_(std::move(operand)) {}

  Value Evaluate(const SpanAt& at) const override {
    const Value value = operand_->Evaluate(at);
    if (op_ == traceql::UnaryOperator::kNegate) {
      return value.is_array ? Value() : Value::Of(query::Negate(value.scalar));
    }
    // !x is x != true, so it is false when there is no x.
    bool none = !value.is_nil();
    value.ForEach([&](const Scalar& one) {
      none = none && Compare(BinaryOperator::kNotEqual, one, Scalar(true));
    });
    return Value::Of(none);
  }

 private:
  const traceql::UnaryOperator op_;
  const std::unique_ptr<Field> operand_;
};

class Arithmetic final : public Field {
 public:
  Arithmetic(BinaryOperator op, std::unique_ptr<Field> left, std::unique_ptr<Field> right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}

  Value Evaluate(const SpanAt& at) const override {
    const Value left = left_->Evaluate(at);
    const Value right = right_->Evaluate(at);
    if (left.is_array || right.is_array) return {};
    return {.scalar = Calculate(op_, left.scalar, right.scalar)};
  }

 private:
  const BinaryOperator op_;
  const std::unique_ptr<Field> left_, right_;
};

class ComparisonField final : public Field {
 public:
  ComparisonField(Comparison comparison, std::unique_ptr<Field> left, std::unique_ptr<Field> right)
      : comparison_(comparison), left_(std::move(left)), right_(std::move(right)) {}

  Value Evaluate(const SpanAt& at) const override {
    return {.scalar = comparison_.Holds(left_->Evaluate(at), right_->Evaluate(at))};
  }

 private:
  const Comparison comparison_;
  const std::unique_ptr<Field> left_, right_;
};

// Whether there is a value at all: `x = nil`, `x != nil`.
class Existence final : public Field {
 public:
  Existence(bool wanted, std::unique_ptr<Field> operand)
      : wanted_(wanted), operand_(std::move(operand)) {}

  Value Evaluate(const SpanAt& at) const override {
    return {.scalar = operand_->Evaluate(at).is_nil() != wanted_};
  }

 private:
  const bool wanted_;
  const std::unique_ptr<Field> operand_;
};

class Logic final : public Field {
 public:
  Logic(traceql::LogicalOperator op, std::vector<std::unique_ptr<Field>> operands)
      : op_(op), operands_(std::move(operands)) {}

  Value Evaluate(const SpanAt& at) const override {
    const auto holds = [&](const auto& operand) { return IsTrue(operand->Evaluate(at)); };
    const bool all = op_ == traceql::LogicalOperator::kAnd;
    return {.scalar = all ? std::ranges::all_of(operands_, holds)
                          : std::ranges::any_of(operands_, holds)};
  }

 private:
  const traceql::LogicalOperator op_;
  const std::vector<std::unique_ptr<Field>> operands_;
};

bool IsNilLiteral(const traceql::FieldExpr& expr) {
  const auto* literal = std::get_if<traceql::Static>(&expr.node);
  return literal != nullptr && std::holds_alternative<Nil>(*literal);
}

// Holds as long as the expression.
std::optional<std::string_view> TextLiteral(const traceql::FieldExpr& expr) {
  const auto* literal = std::get_if<traceql::Static>(&expr.node);
  const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(literal);
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(*text);
}

bool IsTraceId(const traceql::FieldExpr& expr) {
  const auto* intrinsic = std::get_if<traceql::Intrinsic>(&expr.node);
  return intrinsic != nullptr && *intrinsic == traceql::Intrinsic::kTraceId;
}

class Maker {
 public:
  using Made = base::Result<std::unique_ptr<Field>>;

  Maker(RowFields& rows, Regexes& regexes) : rows_(rows), regexes_(regexes) {}

  Made Make(const traceql::FieldExpr& expr) const {
    return std::visit([this](const auto& node) { return MakeNode(node); }, expr.node);
  }

 private:
  template <typename T, typename... Arguments>
  static Made New(Arguments&&... arguments) {
    return std::unique_ptr<Field>(std::make_unique<T>(std::forward<Arguments>(arguments)...));
  }

  Made MakeNode(const traceql::Static& literal) const { return New<Constant>(ScalarOf(literal)); }
  Made MakeNode(const traceql::Attribute& attribute) const {
    std::unique_ptr<RowField> field = TRY(rows_.Make(attribute));
    return attribute.of_parent ? New<OfParent>(std::move(field)) : New<OfRow>(std::move(field));
  }
  Made MakeNode(traceql::Intrinsic intrinsic) const {
    if (IsOfRow(intrinsic)) return New<OfRow>(TRY(rows_.Make(intrinsic)));
    if (intrinsic == traceql::Intrinsic::kRootName) {
      return New<OfRoot>(TRY(rows_.Make(traceql::Intrinsic::kName)));
    }
    if (intrinsic == traceql::Intrinsic::kRootServiceName) {
      static const traceql::Attribute service_name{.scope = traceql::Scope::kResource,
                                                   .name = "service.name"};
      return New<OfRoot>(TRY(rows_.Make(service_name)));
    }
    return New<OfTrace>(intrinsic);
  }
  Made MakeNode(const traceql::FieldUnary& unary) const {
    return New<Negation>(unary.op, TRY(Make(*unary.operand)));
  }
  Made MakeNode(const traceql::FieldBinary& binary) const {
    if (!traceql::IsComparison(binary.op)) {
      std::unique_ptr<Field> left = TRY(Make(*binary.left));
      std::unique_ptr<Field> right = TRY(Make(*binary.right));
      return New<Arithmetic>(binary.op, std::move(left), std::move(right));
    }
    const bool unequal = binary.op == BinaryOperator::kNotEqual;
    if (IsNilLiteral(*binary.right)) return New<Existence>(unequal, TRY(Make(*binary.left)));
    if (IsNilLiteral(*binary.left)) return New<Existence>(unequal, TRY(Make(*binary.right)));
    const Comparison comparison(binary.op, regexes_, TextLiteral(*binary.right));
    std::unique_ptr<Field> left = TRY(MakeSide(comparison, *binary.left, *binary.right));
    std::unique_ptr<Field> right = TRY(MakeSide(comparison, *binary.right, *binary.left));
    return New<ComparisonField>(comparison, std::move(left), std::move(right));
  }
  // Of a comparison. A trace id may be written with the zeros it begins with or without.
  Made MakeSide(const Comparison& comparison, const traceql::FieldExpr& side,
                const traceql::FieldExpr& other) const {
    const std::optional<std::string_view> text = TextLiteral(side);
    if (!text || comparison.is_regex() || !IsTraceId(other)) return Make(side);
    return New<Constant>(Scalar(WithoutLeadingZeros(*text)));
  }
  Made MakeNode(const traceql::FieldLogical& logical) const {
    std::vector<std::unique_ptr<Field>> operands;
    operands.reserve(logical.operands.size());
    for (const traceql::FieldExpr& operand : logical.operands) {
      operands.push_back(TRY(Make(operand)));
    }
    return New<Logic>(logical.op, std::move(operands));
  }

  RowFields& rows_;
  Regexes& regexes_;
};

}  // namespace

base::Result<std::unique_ptr<Field>> MakeField(const traceql::FieldExpr& expr, RowFields& rows,
                                               Regexes& regexes) {
  return Maker(rows, regexes).Make(expr);
}

bool IsOfSpan(const traceql::FieldExpr& expr) {
  if (const auto* attribute = std::get_if<traceql::Attribute>(&expr.node)) {
    return !attribute->of_parent;
  }
  if (const auto* intrinsic = std::get_if<traceql::Intrinsic>(&expr.node)) {
    return IsOfRow(*intrinsic);
  }
  if (const auto* unary = std::get_if<traceql::FieldUnary>(&expr.node)) {
    return IsOfSpan(*unary->operand);
  }
  if (const auto* binary = std::get_if<traceql::FieldBinary>(&expr.node)) {
    return IsOfSpan(*binary->left) && IsOfSpan(*binary->right);
  }
  if (const auto* logical = std::get_if<traceql::FieldLogical>(&expr.node)) {
    return std::ranges::all_of(logical->operands, IsOfSpan);
  }
  return true;
}

bool IsTrue(const Value& value) {
  bool any = false;
  value.ForEach([&](const Scalar& one) {
    const bool* const truth = std::get_if<bool>(&one);
    any = any || (truth != nullptr && *truth);
  });
  return any;
}

}  // namespace clew::query

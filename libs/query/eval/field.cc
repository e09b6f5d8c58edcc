// SPDX-License-Identifier: Apache-2.0
#include "query/eval/field.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "query/eval/attribute_reader.h"
#include "query/eval/comparison.h"
#include "query/eval/intrinsic_field.h"

namespace clew::query {
namespace {

using traceql::BinaryOperator;

class Constant final : public Field {
 public:
  explicit Constant(const Scalar& value) : value_{.scalar = value} {}
  Value Evaluate(const TraceView&, uint32_t) const override { return value_; }

 private:
  const Value value_;
};

class AttributeField final : public Field {
 public:
  AttributeField(const traceql::Attribute& attribute, const store::Memtable& memtable)
      : of_parent_(attribute.of_parent), reader_(memtable, attribute) {}

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    if (!of_parent_) return reader_.Read(trace.row_of(span));
    const uint32_t parent = trace.place(span).parent;
    return parent == TraceView::kNone ? Value() : reader_.Read(trace.row_of(parent));
  }

 private:
  const bool of_parent_;
  const AttributeReader reader_;
};

class Negation final : public Field {
 public:
  Negation(traceql::UnaryOperator op, std::unique_ptr<Field> operand)
      : op_(op), operand_(std::move(operand)) {}

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    const Value value = operand_->Evaluate(trace, span);
    if (!value.elements.empty()) return {};
    if (op_ == traceql::UnaryOperator::kNegate) return {.scalar = Negate(value.scalar)};
    const bool* const truth = std::get_if<bool>(&value.scalar);
    return truth == nullptr ? Value() : Value{.scalar = !*truth};
  }

 private:
  const traceql::UnaryOperator op_;
  const std::unique_ptr<Field> operand_;
};

class Arithmetic final : public Field {
 public:
  Arithmetic(BinaryOperator op, std::unique_ptr<Field> left, std::unique_ptr<Field> right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    const Value left = left_->Evaluate(trace, span);
    const Value right = right_->Evaluate(trace, span);
    if (!left.elements.empty() || !right.elements.empty()) return {};
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

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    return {.scalar =
                comparison_.Holds(left_->Evaluate(trace, span), right_->Evaluate(trace, span))};
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

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    return {.scalar = operand_->Evaluate(trace, span).is_nil() != wanted_};
  }

 private:
  const bool wanted_;
  const std::unique_ptr<Field> operand_;
};

class Logic final : public Field {
 public:
  Logic(traceql::LogicalOperator op, std::vector<std::unique_ptr<Field>> operands)
      : op_(op), operands_(std::move(operands)) {}

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    const auto holds = [&](const auto& operand) { return IsTrue(operand->Evaluate(trace, span)); };
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

bool IsTraceId(const traceql::FieldExpr& expr) {
  const auto* intrinsic = std::get_if<traceql::Intrinsic>(&expr.node);
  return intrinsic != nullptr && (*intrinsic == traceql::Intrinsic::kTraceId ||
                                  *intrinsic == traceql::Intrinsic::kLinkTraceId);
}

class Maker {
 public:
  Maker(const store::Memtable& memtable, Regexes& regexes)
      : memtable_(memtable), regexes_(regexes) {}

  std::unique_ptr<Field> Make(const traceql::FieldExpr& expr) const {
    return std::visit([this](const auto& node) { return MakeNode(node); }, expr.node);
  }

 private:
  std::unique_ptr<Field> MakeNode(const traceql::Static& literal) const {
    return std::make_unique<Constant>(ScalarOf(literal));
  }
  std::unique_ptr<Field> MakeNode(const traceql::Attribute& attribute) const {
    return std::make_unique<AttributeField>(attribute, memtable_);
  }
  std::unique_ptr<Field> MakeNode(traceql::Intrinsic intrinsic) const {
    return MakeIntrinsicField(intrinsic, memtable_);
  }
  std::unique_ptr<Field> MakeNode(const traceql::FieldUnary& unary) const {
    return std::make_unique<Negation>(unary.op, Make(*unary.operand));
  }
  std::unique_ptr<Field> MakeNode(const traceql::FieldBinary& binary) const {
    if (!traceql::IsComparison(binary.op)) {
      return std::make_unique<Arithmetic>(binary.op, Make(*binary.left), Make(*binary.right));
    }
    const bool unequal = binary.op == BinaryOperator::kNotEqual;
    if (IsNilLiteral(*binary.right)) {
      return std::make_unique<Existence>(unequal, Make(*binary.left));
    }
    if (IsNilLiteral(*binary.left)) {
      return std::make_unique<Existence>(unequal, Make(*binary.right));
    }
    return std::make_unique<ComparisonField>(Comparison(binary.op, regexes_),
                                             MakeSide(*binary.left, *binary.right),
                                             MakeSide(*binary.right, *binary.left));
  }
  // Of a comparison. A trace id may be written with the zeros it begins with or without.
  std::unique_ptr<Field> MakeSide(const traceql::FieldExpr& side,
                                  const traceql::FieldExpr& other) const {
    const auto* literal = std::get_if<traceql::Static>(&side.node);
    const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(literal);
    if (text == nullptr || !IsTraceId(other)) return Make(side);
    return std::make_unique<Constant>(Scalar(WithoutLeadingZeros(*text)));
  }
  std::unique_ptr<Field> MakeNode(const traceql::FieldLogical& logical) const {
    std::vector<std::unique_ptr<Field>> operands;
    operands.reserve(logical.operands.size());
    for (const traceql::FieldExpr& operand : logical.operands) operands.push_back(Make(operand));
    return std::make_unique<Logic>(logical.op, std::move(operands));
  }

  const store::Memtable& memtable_;
  Regexes& regexes_;
};

}  // namespace

std::unique_ptr<Field> MakeField(const traceql::FieldExpr& expr, const store::Memtable& memtable,
                                 Regexes& regexes) {
  return Maker(memtable, regexes).Make(expr);
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

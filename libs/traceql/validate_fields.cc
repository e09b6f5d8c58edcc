// SPDX-License-Identifier: Apache-2.0
#include "traceql/validate_fields.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "traceql/intrinsics.h"
#include "traceql/limits.h"
#include "traceql/print.h"

namespace clew::traceql {
namespace {

using TypeResult = base::Result<Type, Fault>;

// Fields that every span has, so that asking for their absence is a mistake.
bool IsAlwaysThere(const FieldExpr& expr) {
  if (std::holds_alternative<Intrinsic>(expr.node)) return true;
  const auto* const attribute = std::get_if<Attribute>(&expr.node);
  return attribute != nullptr && !attribute->of_parent && attribute->scope == Scope::kResource &&
         attribute->name == "service.name";
}

bool IsNil(const FieldExpr& expr) {
  const auto* const value = std::get_if<Static>(&expr.node);
  return value != nullptr && std::holds_alternative<Nil>(*value);
}

ValidationStatus CheckNil(const FieldBinary& binary, const Position& position) {
  if (binary.op != BinaryOperator::kEqual) return std::monostate{};
  const bool right = IsNil(*binary.right) && IsAlwaysThere(*binary.left);
  const bool left = IsNil(*binary.left) && IsAlwaysThere(*binary.right);
  if (!right && !left) return std::monostate{};
  return Invalid(position, Print(right ? *binary.left : *binary.right) +
                               "=nil is not valid because intrinsics cannot be nil");
}

// Room for RE2 to compile what kMaxRegexInstructions lets pass; more is time lost on what does not.
constexpr int64_t kMaxRegexBytes = 1 << 20;

Fault RegexesTooLarge(const Position& position) {
  return Invalid(position, "invalid regex: those of the query are too large");
}

// Once they are too large none is compiled any more, which is what takes time.
ValidationStatus CheckRegex(const FieldBinary& binary, FieldRules& rules) {
  if (binary.op != BinaryOperator::kMatch && binary.op != BinaryOperator::kNotMatch) {
    return std::monostate{};
  }
  const auto* const value = std::get_if<Static>(&binary.right->node);
  const auto* const pattern = value == nullptr ? nullptr : std::get_if<std::string>(value);
  if (pattern == nullptr) return std::monostate{};
  if (rules.regex_instructions_left < 0) return RegexesTooLarge(binary.right->position);
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kMaxRegexBytes);
  const re2::RE2 regex(*pattern, options);
  const bool too_large = regex.error_code() == re2::RE2::ErrorPatternTooLarge;
  if (!regex.ok() && !too_large) {
    return Invalid(binary.right->position, "invalid regex: " + regex.error());
  }
  rules.regex_instructions_left -= too_large ? kMaxRegexInstructions + 1 : regex.ProgramSize();
  if (rules.regex_instructions_left < 0) return RegexesTooLarge(binary.right->position);
  return std::monostate{};
}

class FieldTyper {
 public:
  FieldTyper(const FieldExpr& expr, FieldRules& rules) : expr_(expr), rules_(rules) {}

  TypeResult operator()(const Static& value) const { return traceql::TypeOf(value); }

  TypeResult operator()(const Attribute& attribute) const {
    if (attribute.of_parent && rules_.dialect == Dialect::kTempo) {
      return NotSupported(expr_.position, "parent");
    }
    return Type::kAny;
  }

  TypeResult operator()(Intrinsic intrinsic) const {
    if (intrinsic == Intrinsic::kParent) return NotSupported(expr_.position, "parent");
    return traceql::TypeOf(intrinsic);
  }

  TypeResult operator()(const FieldUnary& unary) const {
    const Type operand = TRY(TypeOf(*unary.operand, rules_));
    const bool fits =
        unary.op == UnaryOperator::kNot ? MayBe(operand, Type::kBool) : MayBeNumber(operand);
    if (!fits) return Invalid(expr_.position, "illegal operation for the given type: " + text());
    return operand;
  }

  TypeResult operator()(const FieldBinary& binary) const {
    const Type left = TRY(TypeOf(*binary.left, rules_));
    const Type right = TRY(TypeOf(*binary.right, rules_));
    TRY(CheckAgreement(left, right));
    // Absence is asked for by = and != of anything.
    if (!Takes(binary.op, left) || !Takes(binary.op, right)) return IllegalForTypes();
    TRY(CheckNil(binary, expr_.position));
    TRY(CheckRegex(binary, rules_));
    return traceql::TypeOf(binary.op, left, right);
  }

  TypeResult operator()(const FieldLogical& logical) const {
    Type first = Type::kAny;
    for (const FieldExpr& operand : logical.operands) {
      const Type type = TRY(TypeOf(operand, rules_));
      TRY(CheckAgreement(first, type));
      if (!MayBe(type, Type::kBool)) return IllegalForTypes();
      if (first == Type::kAny) first = type;
    }
    return Type::kBool;
  }

 private:
  std::string text() const { return Print(expr_); }

  ValidationStatus CheckAgreement(Type left, Type right) const {
    if (Agree(left, right)) return std::monostate{};
    return Invalid(expr_.position, "binary operations must operate on the same type: " + text());
  }

  Fault IllegalForTypes() const {
    return Invalid(expr_.position, "illegal operation for the given types: " + text());
  }

  const FieldExpr& expr_;
  FieldRules& rules_;
};

}  // namespace

Fault Invalid(const Position& position, std::string message) {
  return {.kind = FaultKind::kInvalid, .position = position, .message = std::move(message)};
}

Fault NotSupported(const Position& position, std::string feature) {
  return {.kind = FaultKind::kUnsupported,
          .position = position,
          .message = std::move(feature) + " not yet supported"};
}

base::Result<Type, Fault> TypeOf(const FieldExpr& expr, FieldRules& rules) {
  return std::visit(FieldTyper(expr, rules), expr.node);
}

bool ReferencesSpan(const FieldExpr& expr) {
  if (const auto* const unary = std::get_if<FieldUnary>(&expr.node)) {
    return ReferencesSpan(*unary->operand);
  }
  if (const auto* const binary = std::get_if<FieldBinary>(&expr.node)) {
    return ReferencesSpan(*binary->left) || ReferencesSpan(*binary->right);
  }
  if (const auto* const logical = std::get_if<FieldLogical>(&expr.node)) {
    return std::ranges::any_of(logical->operands, ReferencesSpan);
  }
  return !std::holds_alternative<Static>(expr.node);
}

}  // namespace clew::traceql

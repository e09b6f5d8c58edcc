// SPDX-License-Identifier: Apache-2.0
#include "query/eval/comparison.h"

#include <algorithm>

namespace clew::query {

using traceql::BinaryOperator;

bool Comparison::Holds(const Scalar& left, const Scalar& right) const {
  if (!is_regex()) return Compare(op_, left, right);
  const auto* text = std::get_if<std::string_view>(&left);
  const auto* pattern = std::get_if<std::string_view>(&right);
  if (text == nullptr || pattern == nullptr) return false;
  const Regex* const regex = regex_ != nullptr ? regex_ : regexes_->Get(*pattern);
  return regex != nullptr && regex->Matches(*text) == (op_ == BinaryOperator::kMatch);
}

bool Comparison::Holds(const Value& left, const Value& right) const {
  if (left.is_nil() || right.is_nil()) return false;
  if (!left.is_array && !right.is_array) return Holds(left.scalar, right.scalar);
  if (left.is_array && right.is_array) return false;
  const auto holds = [&](const Scalar& element) {
    return left.is_array ? Holds(element, right.scalar) : Holds(left.scalar, element);
  };
  const std::vector<Scalar>& elements = left.is_array ? left.elements : right.elements;
  return wants_all() ? std::ranges::all_of(elements, holds) : std::ranges::any_of(elements, holds);
}

}  // namespace clew::query

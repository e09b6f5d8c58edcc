// SPDX-License-Identifier: Apache-2.0
#include "reference/comparison.h"

#include <algorithm>
#include <optional>

#include "reference/numbers.h"

namespace clew::reference {
namespace {

using traceql::BinaryOperator;
using traceql::Static;

template <typename T>
bool Ordered(BinaryOperator op, const T& left, const T& right) {
  switch (op) {
    case BinaryOperator::kEqual:
      return left == right;
    case BinaryOperator::kNotEqual:
      return left != right;
    case BinaryOperator::kLess:
      return left < right;
    case BinaryOperator::kLessOrEqual:
      return left <= right;
    case BinaryOperator::kGreater:
      return left > right;
    case BinaryOperator::kGreaterOrEqual:
      return left >= right;
    default:
      return false;
  }
}

// Booleans, status and kind are equal or not; none comes before another.
bool SameOrNot(BinaryOperator op, const Static& left, const Static& right) {
  if (left.index() != right.index()) return false;
  if (op == BinaryOperator::kEqual) return left == right;
  return op == BinaryOperator::kNotEqual && left != right;
}

bool AsksForAll(BinaryOperator op) {
  return op == BinaryOperator::kNotEqual || op == BinaryOperator::kNotMatch;
}

}  // namespace

const re2::RE2* Comparer::Compiled(const std::string& pattern) {
  std::unique_ptr<re2::RE2>& known = patterns_[pattern];
  if (!known) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    known = std::make_unique<re2::RE2>(pattern, options);
  }
  return known->ok() ? known.get() : nullptr;
}

bool Comparer::CompareTexts(BinaryOperator op, const std::string& left, const std::string& right) {
  if (op != BinaryOperator::kMatch && op != BinaryOperator::kNotMatch) {
    return Ordered(op, left, right);
  }
  const re2::RE2* const pattern = Compiled(right);
  if (pattern == nullptr) return false;
  return re2::RE2::FullMatch(left, *pattern) == (op == BinaryOperator::kMatch);
}

bool Comparer::Compare(BinaryOperator op, const Static& left, const Static& right) {
  const std::optional<int64_t> whole_left = WholeOf(left);
  const std::optional<int64_t> whole_right = WholeOf(right);
  if (whole_left && whole_right) return Ordered(op, *whole_left, *whole_right);
  const std::optional<double> number_left = NumberOf(left);
  const std::optional<double> number_right = NumberOf(right);
  if (number_left && number_right) return Ordered(op, *number_left, *number_right);
  const auto* const text_left = std::get_if<std::string>(&left);
  const auto* const text_right = std::get_if<std::string>(&right);
  if (text_left != nullptr && text_right != nullptr) {
    return CompareTexts(op, *text_left, *text_right);
  }
  return SameOrNot(op, left, right);
}

bool Comparer::Compare(BinaryOperator op, const FieldValue& left, const FieldValue& right) {
  if (!left.present() || !right.present() || (left.is_array && right.is_array)) return false;
  const auto holds = [&](const Static& element) {
    return left.is_array ? Compare(op, element, right.values.front())
                         : Compare(op, left.values.front(), element);
  };
  const std::vector<Static>& elements = left.is_array ? left.values : right.values;
  return AsksForAll(op) ? std::ranges::all_of(elements, holds)
                        : std::ranges::any_of(elements, holds);
}

}  // namespace clew::reference

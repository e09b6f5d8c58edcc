// SPDX-License-Identifier: Apache-2.0
#include "parquet/foreign_bounds.h"

#include <cmath>
#include <cstring>
#include <optional>

namespace clew::parquet {
namespace {

// Bytes of a value; 0: any.
size_t WidthOf(Type type) {
  return type == Type::kBoolean ? 1 : BytesOfNumber(type);
}

template <typename Number>
void TrustNumber(std::optional<std::string>& bound, Number zero) {
  Number number{};
  std::memcpy(&number, bound->data(), sizeof number);
  if (std::isnan(number)) {
    bound.reset();
  } else if (number == 0) {
    std::memcpy(bound->data(), &zero, sizeof zero);
  }
}

// `zero` is the one that lies outside of the other.
void Trust(std::optional<std::string>& bound, Type type, double zero) {
  if (!bound) return;
  const size_t width = WidthOf(type);
  if (width != 0 && bound->size() != width) {
    bound.reset();
  } else if (type == Type::kDouble) {
    TrustNumber<double>(bound, zero);
  } else if (type == Type::kFloat) {
    TrustNumber<float>(bound, static_cast<float>(zero));
  }
}

}  // namespace

Statistics TrustedBounds(Statistics told, const Column& column, bool ordered) {
  if (!ordered || column.logical == LogicalType::kOtherOrder) {
    told.min.reset();
    told.max.reset();
    return told;
  }
  Trust(told.min, column.type, -0.0);
  Trust(told.max, column.type, 0.0);
  return told;
}

}  // namespace clew::parquet

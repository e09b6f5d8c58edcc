// SPDX-License-Identifier: Apache-2.0
#include "store/coded_column.h"

#include <algorithm>

namespace clew::store {
namespace {

constexpr size_t kFew = 32;

template <typename T>
std::variant<parquet::Values, parquet::CodedValues> Code(std::vector<T> values) {
  std::vector<T> distinct;
  std::vector<uint32_t> codes;
  codes.reserve(values.size());
  uint32_t last = 0;
  for (const T value : values) {
    // Neighbours are mostly equal.
    if (distinct.empty() || distinct[last] != value) {
      const auto found = std::ranges::find(distinct, value);
      last = static_cast<uint32_t>(found - distinct.begin());
      if (found == distinct.end()) {
        if (distinct.size() == kFew) return parquet::Values(std::move(values));
        distinct.push_back(value);
      }
    }
    codes.push_back(last);
  }
  return parquet::CodedValues{.dictionary = std::move(distinct), .codes = std::move(codes)};
}

}  // namespace

std::variant<parquet::Values, parquet::CodedValues> CodeNumbers(std::vector<int64_t> values) {
  return Code(std::move(values));
}

std::variant<parquet::Values, parquet::CodedValues> CodeNumbers(std::vector<int32_t> values) {
  return Code(std::move(values));
}

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#include "parquet/values.h"

#include "base/check.h"

namespace clew::parquet {

ByteArrays ByteArrays::OfLength(std::string bytes, uint32_t length) {
  CHECK(length > 0 && bytes.size() % length == 0);
  std::vector<uint32_t> ends(bytes.size() / length);
  uint32_t end = 0;
  for (uint32_t& value_end : ends) value_end = end += length;
  return {std::move(bytes), std::move(ends)};
}

Values EmptyValues(Type type) {
  switch (type) {
    case Type::kBoolean:
      return Booleans{};
    case Type::kInt32:
      return std::vector<int32_t>{};
    case Type::kInt64:
      return std::vector<int64_t>{};
    case Type::kFloat:
    case Type::kDouble:
      return std::vector<double>{};
    case Type::kInt96:
    case Type::kByteArray:
    case Type::kFixedLenByteArray:
      break;
  }
  return ByteArrays{};
}

size_t BytesOfNumber(Type type) {
  switch (type) {
    case Type::kInt32:
    case Type::kFloat:
      return 4;
    case Type::kInt64:
    case Type::kDouble:
      return 8;
    case Type::kBoolean:
    case Type::kInt96:
    case Type::kByteArray:
    case Type::kFixedLenByteArray:
      break;
  }
  return 0;
}

}  // namespace clew::parquet

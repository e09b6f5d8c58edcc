// SPDX-License-Identifier: Apache-2.0
// A scalar is its type, a byte, and eight bytes, or those of its size and then a text. An array
// is kArray and its scalars.
#include "query/eval/value_bytes.h"

#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "query/eval/scalar_bits.h"

namespace clew::query {
namespace {

constexpr char kArray = '\xff';

template <size_t I = 0>
Scalar ScalarOfBits(size_t type, uint64_t bits) {
  if constexpr (I == std::variant_size_v<Scalar>) {
    return Nil();
  } else {
    using T = std::variant_alternative_t<I, Scalar>;
    if (type != I) return ScalarOfBits<I + 1>(type, bits);
    if constexpr (std::is_same_v<T, double>) {
      return std::bit_cast<double>(bits);
    } else if constexpr (std::is_same_v<T, Duration>) {
      return Duration{static_cast<int64_t>(bits)};
    } else if constexpr (std::is_same_v<T, Nil> || std::is_same_v<T, std::string_view>) {
      return Nil();
    } else {
      return static_cast<T>(bits);
    }
  }
}

void AppendScalar(const Scalar& scalar, std::string& bytes) {
  const uint64_t bits = ScalarBits(scalar, [](std::string_view text) { return text.size(); });
  bytes.push_back(static_cast<char>(scalar.index()));
  bytes.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  if (const auto* text = std::get_if<std::string_view>(&scalar)) bytes.append(*text);
}

// Takes it off the front.
Scalar TakeScalar(std::string_view& bytes) {
  const auto type = size_t{static_cast<unsigned char>(bytes.front())};
  const auto bits = base::LoadLittle<uint64_t>(bytes.data() + 1);
  bytes.remove_prefix(1 + sizeof bits);
  if (type != Scalar(std::string_view()).index()) return ScalarOfBits(type, bits);
  const std::string_view text = bytes.substr(0, bits);
  bytes.remove_prefix(bits);
  return text;
}

}  // namespace

void AppendBytes(const Value& value, std::string& bytes) {
  if (!value.is_array) return AppendScalar(value.scalar, bytes);
  bytes.push_back(kArray);
  for (const Scalar& element : value.elements) AppendScalar(element, bytes);
  bytes.push_back(kArray);
}

Value ValueOfBytes(std::string_view bytes) {
  if (bytes.front() != kArray) return Value::Of(TakeScalar(bytes));
  Value array{.is_array = true};
  bytes.remove_prefix(1);
  while (bytes.front() != kArray) array.elements.push_back(TakeScalar(bytes));
  return array;
}

}  // namespace clew::query

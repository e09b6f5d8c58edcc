// SPDX-License-Identifier: Apache-2.0
#include "parquet/plain_encoding.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "parquet/bit_packing.h"
#include "parquet/short_copy.h"

namespace clew::parquet {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr size_t kLengthBytes = sizeof(uint32_t);

Error TooShort(const EncodedValues& encoded) {
  return {ErrorCode::kCorruption,
          "plain page is too short, values and bytes: " + std::to_string(encoded.count) + " " +
              std::to_string(encoded.bytes.size())};
}

bool Holds(const EncodedValues& encoded, size_t bytes_each) {
  return encoded.count <= encoded.bytes.size() / bytes_each;
}

template <typename Number>
Result<Values> DecodeNumbers(const EncodedValues& encoded) {
  if (!Holds(encoded, sizeof(Number))) return TooShort(encoded);
  std::vector<Number> numbers(encoded.count);
  if (encoded.count > 0) {
    std::memcpy(numbers.data(), encoded.bytes.data(), encoded.count * sizeof(Number));
  }
  return Values(std::move(numbers));
}

Result<Values> DecodeFloats(const EncodedValues& encoded) {
  if (!Holds(encoded, sizeof(float))) return TooShort(encoded);
  std::vector<double> numbers(encoded.count);
  for (size_t i = 0; i < encoded.count; ++i) {
    float number;
    std::memcpy(&number, encoded.bytes.data() + i * sizeof number, sizeof number);
    numbers[i] = number;
  }
  return Values(std::move(numbers));
}

Result<Values> DecodeBooleans(const EncodedValues& encoded) {
  // Compared in bytes: eight times the bytes cannot overflow, the count times something may.
  if (encoded.count / 8 + (encoded.count % 8 != 0 ? 1 : 0) > encoded.bytes.size()) {
    return TooShort(encoded);
  }
  Booleans booleans{.values = std::vector<uint8_t>(encoded.count)};
  UnpackBits(encoded.bytes, encoded.count, 1, booleans.values.data());
  return Values(std::move(booleans));
}

Result<Values> DecodeByteArrays(const EncodedValues& encoded) {
  if (!Holds(encoded, kLengthBytes)) return TooShort(encoded);
  std::string_view left = encoded.bytes;
  std::string bytes(left.size() - encoded.count * kLengthBytes, '\0');
  std::vector<uint32_t> ends(encoded.count);
  size_t end = 0;
  for (uint32_t& value_end : ends) {
    if (left.size() < kLengthBytes) return TooShort(encoded);
    const uint32_t length = base::LoadLittle<uint32_t>(left.data());
    left.remove_prefix(kLengthBytes);
    // Also of `bytes`: one long value may take the room of the lengths that then miss.
    if (length > left.size() || length > bytes.size() - end) return TooShort(encoded);
    CopyFront(left, {bytes.data() + end, bytes.size() - end}, length);
    left.remove_prefix(length);
    end += length;
    value_end = static_cast<uint32_t>(end);
  }
  bytes.resize(end);
  return Values(ByteArrays(std::move(bytes), std::move(ends)));
}

Result<Values> DecodeFixed(const EncodedValues& encoded) {
  const uint32_t length = encoded.type_length;
  if (!Holds(encoded, length)) return TooShort(encoded);
  return Values(
      ByteArrays::OfLength(std::string(encoded.bytes.substr(0, encoded.count * length)), length));
}

// Of a value; 0 when it has a length of its own.
size_t BytesEach(const EncodedValues& encoded) {
  if (encoded.type == Type::kFixedLenByteArray) return encoded.type_length;
  return BytesOfNumber(encoded.type);
}

template <typename Number>
void AppendNumbers(const std::vector<Number>& numbers, const ValueRange& range, std::string& out) {
  out.append(reinterpret_cast<const char*>(numbers.data() + range.first),
             range.count * sizeof(Number));
}

void AppendByteArrays(const ByteArrays& arrays, const ValueRange& range, std::string& out) {
  std::string_view left = arrays.BytesOf(range.first, range.count);
  const size_t begin = out.size();
  out.resize(begin + range.count * kLengthBytes + left.size());
  std::span<char> room(out.data() + begin, out.size() - begin);
  for (size_t i = range.first; i < range.first + range.count; ++i) {
    const auto length = static_cast<uint32_t>(arrays[i].size());
    std::memcpy(room.data(), &length, kLengthBytes);
    room = room.subspan(kLengthBytes);
    CopyFront(left, room, length);
    room = room.subspan(length);
    left.remove_prefix(length);
  }
}

}  // namespace

void EncodePlain(const ValueRange& range, std::string& out) {
  CHECK(range.first + range.count <= CountOf(range.values));
  switch (range.type) {
    case Type::kBoolean:
      return PackBits(std::get<Booleans>(range.values).values.data() + range.first, range.count, 1,
                      out);
    case Type::kInt32:
      return AppendNumbers(std::get<std::vector<int32_t>>(range.values), range, out);
    case Type::kInt64:
      return AppendNumbers(std::get<std::vector<int64_t>>(range.values), range, out);
    case Type::kDouble:
      return AppendNumbers(std::get<std::vector<double>>(range.values), range, out);
    case Type::kByteArray:
      return AppendByteArrays(std::get<ByteArrays>(range.values), range, out);
    case Type::kFixedLenByteArray:
      out += std::get<ByteArrays>(range.values).BytesOf(range.first, range.count);
      return;
    case Type::kInt96:
    case Type::kFloat:
      break;
  }
  CHECK(false && "a type that is never written");
}

Result<std::string_view> PlainBytesOf(const EncodedValues& encoded, Part part) {
  const size_t bytes_each = BytesEach(encoded);
  if (bytes_each > 0) {
    if (!Holds(encoded, bytes_each)) return TooShort(encoded);
    return encoded.bytes.substr(part.first * bytes_each, part.count * bytes_each);
  }
  std::string_view left = encoded.bytes;
  const char* begin = left.data();
  for (size_t i = 0; i < part.end(); ++i) {
    if (i == part.first) begin = left.data();
    if (left.size() < kLengthBytes) return TooShort(encoded);
    const uint32_t length = base::LoadLittle<uint32_t>(left.data());
    if (length > left.size() - kLengthBytes) return TooShort(encoded);
    left.remove_prefix(kLengthBytes + length);
  }
  return std::string_view(begin, static_cast<size_t>(left.data() - begin));
}

Result<Values> DecodePlain(const EncodedValues& encoded) {
  switch (encoded.type) {
    case Type::kBoolean:
      return DecodeBooleans(encoded);
    case Type::kInt32:
      return DecodeNumbers<int32_t>(encoded);
    case Type::kInt64:
      return DecodeNumbers<int64_t>(encoded);
    case Type::kFloat:
      return DecodeFloats(encoded);
    case Type::kDouble:
      return DecodeNumbers<double>(encoded);
    case Type::kByteArray:
      return DecodeByteArrays(encoded);
    case Type::kFixedLenByteArray:
      return DecodeFixed(encoded);
    case Type::kInt96:
      break;
  }
  return Error{ErrorCode::kUnsupported,
               "plain values of type: " + std::to_string(static_cast<int>(encoded.type))};
}

}  // namespace clew::parquet

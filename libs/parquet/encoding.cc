// SPDX-License-Identifier: Apache-2.0
// Which function has which encoding of which type.
#include "parquet/encoding.h"

#include <cstring>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "parquet/byte_array_encoding.h"
#include "parquet/byte_stream_split.h"
#include "parquet/delta_encoding.h"
#include "parquet/plain_encoding.h"

namespace clew::parquet {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr size_t kRleSizeBytes = sizeof(uint32_t);

Error Unsupported(const EncodedValues& encoded) {
  return {ErrorCode::kUnsupported, "values of this encoding and type: " +
                                       std::to_string(static_cast<int>(encoded.encoding)) + " " +
                                       std::to_string(static_cast<int>(encoded.type))};
}

template <typename Number>
std::span<const Number> NumbersOf(const ValueRange& range) {
  return std::span(std::get<std::vector<Number>>(range.values)).subspan(range.first, range.count);
}

// A page of hybrid values says how many bytes they take.
void EncodeRle(const ValueRange& range, std::string& out) {
  const size_t begin = out.size();
  out.append(kRleSizeBytes, '\0');
  const std::vector<uint8_t>& booleans = std::get<Booleans>(range.values).values;
  EncodeLevels(std::span(booleans).subspan(range.first, range.count), 1, out);
  const auto size = static_cast<uint32_t>(out.size() - begin - kRleSizeBytes);
  std::memcpy(&out[begin], &size, kRleSizeBytes);
}

Result<Values> DecodeRle(const EncodedValues& encoded) {
  if (encoded.type != Type::kBoolean) return Unsupported(encoded);
  std::string_view bytes = encoded.bytes;
  if (bytes.size() < kRleSizeBytes) return Error{ErrorCode::kCorruption, "rle page without size"};
  const uint32_t size = base::LoadLittle<uint32_t>(bytes.data());
  bytes.remove_prefix(kRleSizeBytes);
  if (size > bytes.size()) {
    return Error{ErrorCode::kCorruption,
                 "rle page is cut off, bytes said and there: " + std::to_string(size) + " " +
                     std::to_string(bytes.size())};
  }
  return Values(Booleans{.values = TRY(DecodeLevels(bytes.substr(0, size), 1, encoded.count))});
}

void EncodeDeltaPacked(const ValueRange& range, std::string& out) {
  if (range.type == Type::kInt32) return EncodeDelta(NumbersOf<int32_t>(range), out);
  EncodeDelta(NumbersOf<int64_t>(range), out);
}

Result<Values> DecodeDeltaPacked(const EncodedValues& encoded) {
  std::string_view bytes = encoded.bytes;
  if (encoded.type == Type::kInt32) return Values(TRY(DecodeDelta<int32_t>(bytes, encoded.count)));
  if (encoded.type == Type::kInt64) return Values(TRY(DecodeDelta<int64_t>(bytes, encoded.count)));
  return Unsupported(encoded);
}

Result<Values> DecodeFrontCoded(const EncodedValues& encoded) {
  const bool fixed = encoded.type == Type::kFixedLenByteArray;
  if (!fixed && encoded.type != Type::kByteArray) return Unsupported(encoded);
  ByteArrays arrays = TRY(DecodeDeltaByteArray(encoded.bytes, encoded.count));
  for (size_t i = 0; fixed && i < arrays.size(); ++i) {
    if (arrays[i].size() != encoded.type_length) {
      return Error{ErrorCode::kCorruption,
                   "fixed length value has another length: " + std::to_string(arrays[i].size())};
    }
  }
  return Values(std::move(arrays));
}

template <typename Number>
std::string_view BytesOf(std::span<const Number> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

void EncodeSplit(const ValueRange& range, std::string& out) {
  std::string_view values;
  if (range.type == Type::kInt32) {
    values = BytesOf(NumbersOf<int32_t>(range));
  } else if (range.type == Type::kInt64) {
    values = BytesOf(NumbersOf<int64_t>(range));
  } else if (range.type == Type::kDouble) {
    values = BytesOf(NumbersOf<double>(range));
  } else {
    values = std::get<ByteArrays>(range.values).BytesOf(range.first, range.count);
  }
  if (range.count == 0) return;
  const size_t begin = out.size();
  out.resize(begin + values.size());
  SplitByteStreams(values, values.size() / range.count, out.data() + begin);
}

// Where a stream begins follows from the size, so it must be right to the byte.
// REQUIRES: value_bytes > 0
base::Status CheckSplit(const EncodedValues& encoded, size_t value_bytes) {
  if (encoded.bytes.size() / value_bytes == encoded.count &&
      encoded.bytes.size() % value_bytes == 0) {
    return {};
  }
  return Error{ErrorCode::kCorruption,
               "split page of a wrong size, values of bytes each, and bytes: " +
                   std::to_string(encoded.count) + " " + std::to_string(value_bytes) + " " +
                   std::to_string(encoded.bytes.size())};
}

template <typename Number>
Result<std::vector<Number>> JoinNumbers(const EncodedValues& encoded) {
  TRY(CheckSplit(encoded, sizeof(Number)));
  std::vector<Number> numbers(encoded.count);
  JoinByteStreams(encoded.bytes, sizeof(Number), reinterpret_cast<char*>(numbers.data()));
  return numbers;
}

Result<Values> DecodeSplit(const EncodedValues& encoded) {
  switch (encoded.type) {
    case Type::kInt32:
      return Values(TRY(JoinNumbers<int32_t>(encoded)));
    case Type::kInt64:
      return Values(TRY(JoinNumbers<int64_t>(encoded)));
    case Type::kFloat: {
      const std::vector<float> numbers = TRY(JoinNumbers<float>(encoded));
      return Values(std::vector<double>(numbers.begin(), numbers.end()));
    }
    case Type::kDouble:
      return Values(TRY(JoinNumbers<double>(encoded)));
    case Type::kFixedLenByteArray: {
      TRY(CheckSplit(encoded, encoded.type_length));
      std::string joined(encoded.bytes.size(), '\0');
      JoinByteStreams(encoded.bytes, encoded.type_length, joined.data());
      return Values(ByteArrays::OfLength(std::move(joined), encoded.type_length));
    }
    case Type::kBoolean:
    case Type::kInt96:
    case Type::kByteArray:
      break;
  }
  return Unsupported(encoded);
}

ByteArrays Cut(const ByteArrays& values, Part part) {
  ByteArrays cut;
  cut.Reserve(part.count, values.BytesOf(part.first, part.count).size());
  for (size_t i = part.first; i < part.end(); ++i) cut.push_back(values[i]);
  return cut;
}

template <typename T>
std::vector<T> Cut(const std::vector<T>& values, Part part) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(part.first);
  return {begin, begin + static_cast<std::ptrdiff_t>(part.count)};
}

Booleans Cut(const Booleans& values, Part part) {
  return {.values = Cut(values.values, part)};
}

}  // namespace

void EncodeValues(const ValueRange& range, Encoding encoding, std::string& out) {
  CHECK(range.first + range.count <= CountOf(range.values));
  switch (encoding) {
    case Encoding::kPlain:
      return EncodePlain(range, out);
    case Encoding::kRle:
      return EncodeRle(range, out);
    case Encoding::kDeltaBinaryPacked:
      return EncodeDeltaPacked(range, out);
    case Encoding::kDeltaLengthByteArray:
      return EncodeDeltaLength(std::get<ByteArrays>(range.values), range.first, range.count, out);
    case Encoding::kByteStreamSplit:
      return EncodeSplit(range, out);
    case Encoding::kPlainDictionary:
    case Encoding::kDeltaByteArray:
    case Encoding::kRleDictionary:
      break;
  }
  CHECK(false && "an encoding that is never written so");
}

Result<Values> DecodeValues(const EncodedValues& encoded) {
  // The ends of byte arrays have 32 bits.
  if (encoded.bytes.size() > std::numeric_limits<uint32_t>::max()) {
    return Error{ErrorCode::kTooLarge,
                 "values of too many bytes: " + std::to_string(encoded.bytes.size())};
  }
  if (encoded.type == Type::kFixedLenByteArray && encoded.type_length == 0) {
    return Error{ErrorCode::kCorruption, "values of a fixed length of zero bytes"};
  }
  switch (encoded.encoding) {
    case Encoding::kPlain:
      return DecodePlain(encoded);
    case Encoding::kRle:
      return DecodeRle(encoded);
    case Encoding::kDeltaBinaryPacked:
      return DecodeDeltaPacked(encoded);
    case Encoding::kDeltaLengthByteArray:
      if (encoded.type != Type::kByteArray) return Unsupported(encoded);
      return Values(TRY(DecodeDeltaLength(encoded.bytes, encoded.count)));
    case Encoding::kDeltaByteArray:
      return DecodeFrontCoded(encoded);
    case Encoding::kByteStreamSplit:
      return DecodeSplit(encoded);
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      break;
  }
  return Unsupported(encoded);
}

Result<Values> DecodeValuesPart(const EncodedValues& encoded, Part part) {
  const bool fixed = encoded.type == Type::kFixedLenByteArray;
  if (encoded.encoding == Encoding::kPlain && encoded.type != Type::kBoolean &&
      (!fixed || encoded.type_length > 0)) {
    EncodedValues wanted = encoded;
    wanted.bytes = TRY(PlainBytesOf(encoded, part));
    wanted.count = part.count;
    return DecodeValues(wanted);
  }
  if (encoded.encoding == Encoding::kDeltaLengthByteArray && encoded.type == Type::kByteArray) {
    return Values(TRY(DecodeDeltaLengthPart(encoded.bytes, encoded.count, part)));
  }
  const Values all = TRY(DecodeValues(encoded));
  return std::visit([&](const auto& values) { return Values(Cut(values, part)); }, all);
}

}  // namespace clew::parquet

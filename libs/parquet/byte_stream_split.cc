// SPDX-License-Identifier: Apache-2.0
// Sixteen values of 4, 8 or 16 bytes at a time are a matrix of bytes in as many vector
// registers, and both directions transpose it. Interleaving the bytes of the registers of
// the lower half with those of the upper half, in pairs, moves the highest bit of a byte's
// index to the lowest place: a rotation by one. An index has four bits for the value and
// two to four for the byte in it, so
//
//   split  [value byte] -> [byte value]   is four rotations
//   join   [byte value] -> [value byte]   is as many as the byte has bits
//
// Other sizes, and the values that are left over, go byte by byte.
#include "parquet/byte_stream_split.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace clew::parquet {
namespace {

constexpr size_t kVectorBytes = 16;
using Vector = uint8_t __attribute__((vector_size(kVectorBytes)));

template <size_t value_bytes>
using Matrix = std::array<Vector, value_bytes>;

// Calls `work` with each index as a constant, so that a matrix stays in registers.
template <size_t count, typename Work>
void ForEachIndex(Work work) {
  [&]<size_t... index>(std::index_sequence<index...>) {
    (work(std::integral_constant<size_t, index>()), ...);
  }(std::make_index_sequence<count>());
}

template <size_t times, size_t value_bytes>
Matrix<value_bytes> Rotate(const Matrix<value_bytes>& matrix) {
  if constexpr (times == 0) {
    return matrix;
  } else {
    Matrix<value_bytes> rotated;
    ForEachIndex<value_bytes / 2>([&](auto i) {
      const Vector low = matrix[i];
      const Vector high = matrix[i + value_bytes / 2];
      rotated[2 * i] = __builtin_shufflevector(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                               6, 22, 7, 23);
      rotated[2 * i + 1] = __builtin_shufflevector(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                                   13, 29, 14, 30, 15, 31);
    });
    return Rotate<times - 1>(rotated);
  }
}

// Sixteen values at a time, as long as there are; a stream is `count` bytes from the next.
template <size_t value_bytes>
void SplitBlocks(const char* values, size_t count, char* streams) {
  for (size_t at = 0; at + kVectorBytes <= count; at += kVectorBytes) {
    Matrix<value_bytes> matrix;
    std::memcpy(matrix.data(), values + at * value_bytes, sizeof matrix);
    matrix = Rotate<std::countr_zero(kVectorBytes)>(matrix);
    ForEachIndex<value_bytes>(
        [&](auto i) { std::memcpy(streams + i * count + at, &matrix[i], kVectorBytes); });
  }
}

template <size_t value_bytes>
void JoinBlocks(const char* streams, size_t count, char* values) {
  for (size_t at = 0; at + kVectorBytes <= count; at += kVectorBytes) {
    Matrix<value_bytes> matrix;
    ForEachIndex<value_bytes>(
        [&](auto i) { std::memcpy(&matrix[i], streams + i * count + at, kVectorBytes); });
    matrix = Rotate<std::countr_zero(value_bytes)>(matrix);
    std::memcpy(values + at * value_bytes, matrix.data(), sizeof matrix);
  }
}

size_t DoneInBlocks(size_t count, size_t value_bytes) {
  const bool in_blocks = value_bytes == 4 || value_bytes == 8 || value_bytes == 16;
  return in_blocks ? count / kVectorBytes * kVectorBytes : 0;
}

}  // namespace

void SplitByteStreams(std::string_view values, size_t value_bytes, char* out) {
  CHECK(value_bytes > 0 && values.size() % value_bytes == 0);
  const size_t count = values.size() / value_bytes;
  if (value_bytes == 4) SplitBlocks<4>(values.data(), count, out);
  if (value_bytes == 8) SplitBlocks<8>(values.data(), count, out);
  if (value_bytes == 16) SplitBlocks<16>(values.data(), count, out);
  for (size_t i = DoneInBlocks(count, value_bytes); i < count; ++i) {
    for (size_t byte = 0; byte < value_bytes; ++byte) {
      out[byte * count + i] = values[i * value_bytes + byte];
    }
  }
}

void JoinByteStreams(std::string_view streams, size_t value_bytes, char* out) {
  CHECK(value_bytes > 0 && streams.size() % value_bytes == 0);
  const size_t count = streams.size() / value_bytes;
  if (value_bytes == 4) JoinBlocks<4>(streams.data(), count, out);
  if (value_bytes == 8) JoinBlocks<8>(streams.data(), count, out);
  if (value_bytes == 16) JoinBlocks<16>(streams.data(), count, out);
  for (size_t i = DoneInBlocks(count, value_bytes); i < count; ++i) {
    for (size_t byte = 0; byte < value_bytes; ++byte) {
      out[i * value_bytes + byte] = streams[byte * count + i];
    }
  }
}

}  // namespace clew::parquet

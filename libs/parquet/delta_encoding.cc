// SPDX-License-Identifier: Apache-2.0
//   header   varints: values of a block, miniblocks of a block, values in all; zigzag: first
//   block    zigzag: smallest difference; a byte for the bit width of each miniblock
//            miniblocks: difference minus the smallest, packed
//
// The last block has no bytes for miniblocks that hold no value. The last miniblock is
// written whole, but need not be to be read.
#include "parquet/delta_encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "base/varint.h"
#include "parquet/bit_packing.h"

namespace clew::parquet {
namespace {

using base::Result;

constexpr size_t kBlockValues = 128;
constexpr size_t kMiniblocks = 4;
constexpr size_t kMiniblockValues = kBlockValues / kMiniblocks;
constexpr uint64_t kMaxBlockValues = uint64_t{1} << 30;

// `previous` comes before the first of at most kBlockValues values.
template <typename Integer>
void AppendBlock(std::span<const Integer> values, Integer previous, std::string& out) {
  using Unsigned = std::make_unsigned_t<Integer>;
  std::array<Unsigned, kBlockValues> differences{};
  auto smallest =
      static_cast<Integer>(static_cast<Unsigned>(values[0]) - static_cast<Unsigned>(previous));
  for (size_t i = 0; i < values.size(); ++i) {
    differences[i] = static_cast<Unsigned>(values[i]) - static_cast<Unsigned>(previous);
    smallest = std::min(smallest, static_cast<Integer>(differences[i]));
    previous = values[i];
  }
  for (size_t i = 0; i < values.size(); ++i) differences[i] -= static_cast<Unsigned>(smallest);

  base::AppendVarint(out, base::ToZigzag(smallest));
  const size_t widths_at = out.size();
  out.append(kMiniblocks, '\0');
  for (size_t begin = 0; begin < values.size(); begin += kMiniblockValues) {
    Unsigned all = 0;
    for (size_t i = begin; i < begin + kMiniblockValues; ++i) all |= differences[i];
    const auto width = static_cast<uint32_t>(std::bit_width(all));
    out[widths_at + begin / kMiniblockValues] = static_cast<char>(width);
    PackBits(&differences[begin], kMiniblockValues, width, out);
  }
}

struct Header {
  size_t miniblocks = 0;  // of a block
  size_t miniblock_values = 0;
  uint64_t first = 0;
};

Result<Header> TakeHeader(std::string_view& bytes, size_t count) {
  const std::optional<uint64_t> block_values = base::TakeVarint(bytes);
  const std::optional<uint64_t> miniblocks = base::TakeVarint(bytes);
  const std::optional<uint64_t> total = base::TakeVarint(bytes);
  const std::optional<uint64_t> first = base::TakeVarint(bytes);
  if (!block_values || !miniblocks || !total || !first)
    return base::Corrupt("delta header is cut off");
  if (*total != count) {
    return base::Corrupt("delta values of another count, in it and expected: " +
                         std::to_string(*total) + " " + std::to_string(count));
  }
  if (*block_values == 0 || *block_values > kMaxBlockValues || *block_values % kBlockValues != 0 ||
      *miniblocks == 0 || *block_values % *miniblocks != 0 ||
      *block_values / *miniblocks % kMiniblockValues != 0) {
    return base::Corrupt("delta blocks of a wrong shape, values and miniblocks: " +
                         std::to_string(*block_values) + " " + std::to_string(*miniblocks));
  }
  return Header{.miniblocks = *miniblocks,
                .miniblock_values = *block_values / *miniblocks,
                .first = static_cast<uint64_t>(base::FromZigzag(*first))};
}

// Some write the differences of 32-bit numbers with 33 bits or more. Only the low ones count.
template <typename Unsigned>
void UnpackDifferences(std::string_view bytes, uint32_t width, std::span<Unsigned> out) {
  if (width <= 8 * sizeof(Unsigned)) return UnpackBits(bytes, out.size(), width, out.data());
  std::vector<uint64_t> wide(out.size());
  UnpackBits(bytes, wide.size(), width, wide.data());
  std::ranges::transform(wide, out.begin(),
                         [](uint64_t value) { return static_cast<Unsigned>(value); });
}

// Replaces the differences in `values` by what they lead to, from `value` on; returns the last.
template <typename Unsigned>
Unsigned AddUp(std::span<Unsigned> values, Unsigned value, Unsigned smallest) {
  for (Unsigned& difference : values) difference = value += difference + smallest;
  return value;
}

// Takes the next block; `left` are the values that are still missing.
template <typename Unsigned>
base::Status TakeBlock(std::string_view& bytes, const Header& header, std::span<Unsigned>& left,
                       Unsigned& value) {
  const std::optional<uint64_t> smallest = base::TakeVarint(bytes);
  if (!smallest || bytes.size() < header.miniblocks) return base::Corrupt("delta block is cut off");
  const std::string_view widths = bytes.substr(0, header.miniblocks);
  bytes.remove_prefix(header.miniblocks);
  for (size_t i = 0; i < widths.size() && !left.empty(); ++i) {
    const auto width = static_cast<uint8_t>(widths[i]);
    if (width > 64) {
      return base::Corrupt("delta miniblock has too many bits: " + std::to_string(width));
    }
    const std::span<Unsigned> values = left.first(std::min(left.size(), header.miniblock_values));
    if (bytes.size() < PackedBytes(values.size(), width)) {
      return base::Corrupt("delta miniblock is cut off, bytes left: " +
                           std::to_string(bytes.size()));
    }
    UnpackDifferences(bytes, width, values);
    value = AddUp(values, value, static_cast<Unsigned>(base::FromZigzag(*smallest)));
    left = left.subspan(values.size());
    bytes.remove_prefix(std::min(bytes.size(), PackedBytes(header.miniblock_values, width)));
  }
  return {};
}

}  // namespace

template <typename Integer>
void EncodeDelta(std::span<const Integer> values, std::string& out) {
  base::AppendVarint(out, kBlockValues);
  base::AppendVarint(out, kMiniblocks);
  base::AppendVarint(out, values.size());
  base::AppendVarint(out, base::ToZigzag(values.empty() ? 0 : values[0]));
  for (size_t at = 1; at < values.size(); at += kBlockValues) {
    const size_t size = std::min(kBlockValues, values.size() - at);
    AppendBlock(values.subspan(at, size), values[at - 1], out);
  }
}

template <typename Integer>
Result<std::vector<Integer>> DecodeDelta(std::string_view& bytes, size_t count) {
  using Unsigned = std::make_unsigned_t<Integer>;
  if (count == 0 && bytes.empty()) return std::vector<Integer>();
  const Header header = TRY(TakeHeader(bytes, count));
  std::vector<Integer> values(count);
  if (count == 0) return values;
  values[0] = static_cast<Integer>(header.first);
  auto value = static_cast<Unsigned>(header.first);
  // A signed type may be seen as its unsigned one.
  std::span<Unsigned> left(reinterpret_cast<Unsigned*>(values.data()) + 1, count - 1);
  while (!left.empty()) TRY(TakeBlock(bytes, header, left, value));
  return values;
}

template void EncodeDelta(std::span<const int32_t>, std::string&);
template void EncodeDelta(std::span<const int64_t>, std::string&);
template Result<std::vector<int32_t>> DecodeDelta(std::string_view&, size_t);
template Result<std::vector<int64_t>> DecodeDelta(std::string_view&, size_t);

}  // namespace clew::parquet

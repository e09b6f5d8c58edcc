// SPDX-License-Identifier: Apache-2.0
// The RLE / bit-packed hybrid: runs, one behind the other, each with a header
//
//   varint( count << 1 )       one number, in the fewest whole bytes, `count` times
//   varint( groups << 1 | 1 )  `groups` groups of eight packed numbers
//
// Writing goes group by group: where eight numbers are equal and enough behind them too,
// a run of them begins; what is between two such runs is packed. How many are enough
// follows from what a run costs (its header, its number and the header of the packed run
// behind it) against the bytes that the groups would take.
//
// Reading grants two liberties that writers in the field take: the last packed run may end
// before its groups are full, and a run may hold more than is wanted.
#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "base/varint.h"
#include "parquet/bit_packing.h"
#include "parquet/encoding.h"

namespace clew::parquet {
namespace {

using base::Error;
using base::Result;

constexpr uint32_t kMaxWidth = 32;
// So that the header of a run fits 32 bits whatever it holds.
constexpr size_t kMaxValues = size_t{1} << 30;

constexpr size_t BytesOfWidth(uint32_t width) {
  return (width + 7) / 8;
}

template <typename Integer>
bool AllEqual(const Integer* group) {
  if constexpr (sizeof(Integer) == 1) {
    // As one number: eight times its first byte.
    constexpr uint64_t kEach = 0x0101010101010101;
    uint64_t all;
    std::memcpy(&all, group, sizeof all);
    return all == kEach * group[0];
  }
  Integer different = 0;
  for (size_t i = 1; i < kGroupValues; ++i) {
    different = static_cast<Integer>(different | (group[0] ^ group[i]));
  }
  return different == 0;
}

// How many numbers from the front are as the first.
template <typename Integer>
size_t RunLength(std::span<const Integer> values) {
  size_t length = kGroupValues;
  while (length + kGroupValues <= values.size() && values[length] == values[0] &&
         AllEqual(&values[length])) {
    length += kGroupValues;
  }
  while (length < values.size() && values[length] == values[0]) ++length;
  return length;
}

template <typename Integer>
void AppendPacked(std::span<const Integer> values, uint32_t width, std::string& out) {
  if (values.empty()) return;
  base::AppendVarint(out, (values.size() + kGroupValues - 1) / kGroupValues << 1 | 1);
  PackBits(values.data(), values.size(), width, out);
}

template <typename Integer>
void AppendRun(Integer value, size_t count, uint32_t width, std::string& out) {
  base::AppendVarint(out, count << 1);
  out.append(reinterpret_cast<const char*>(&value), BytesOfWidth(width));
}

template <typename Integer>
void Encode(std::span<const Integer> values, uint32_t width, std::string& out) {
  CHECK(width <= 8 * sizeof(Integer));
  CHECK(values.size() <= kMaxValues);
  const size_t shortest =
      width == 0 ? kGroupValues : ((BytesOfWidth(width) + 2) / width + 1) * kGroupValues;
  size_t packed_from = 0;
  size_t at = 0;
  while (at + shortest <= values.size()) {
    const size_t length = AllEqual(&values[at]) ? RunLength(values.subspan(at)) : 0;
    if (length < shortest) {
      at += kGroupValues;
      continue;
    }
    AppendPacked(values.subspan(packed_from, at - packed_from), width, out);
    AppendRun(values[at], length, width, out);
    at += length;
    packed_from = at;
  }
  AppendPacked(values.subspan(packed_from), width, out);
}

struct Run {
  bool packed = false;
  size_t count = 0;          // at least 1, never more than are wanted
  std::string_view bytes{};  // from its first on, all to the end of the page
};

// Takes the next run, cut to the numbers that are wanted; nullopt when it is not whole or
// empty.
std::optional<Run> TakeRun(std::string_view& bytes, uint32_t width, size_t wanted) {
  const std::optional<uint64_t> header = base::TakeVarint(bytes);
  if (!header || *header <= 1 || *header > UINT32_MAX) return std::nullopt;
  const bool packed = (*header & 1) != 0;
  const size_t held = (*header >> 1) * (packed ? kGroupValues : 1);
  const Run run{.packed = packed, .count = std::min(held, wanted), .bytes = bytes};
  const size_t needed = packed ? PackedBytes(run.count, width) : BytesOfWidth(width);
  if (needed > bytes.size()) return std::nullopt;
  bytes.remove_prefix(packed ? std::min(bytes.size(), (*header >> 1) * width) : needed);
  return run;
}

uint32_t NumberOf(const Run& run, uint32_t width) {
  uint32_t number = 0;
  for (size_t i = 0; i < BytesOfWidth(width); ++i) {
    number |= uint32_t{static_cast<uint8_t>(run.bytes[i])} << (8 * i);
  }
  return number;
}

// Whether all are at most `largest`. Without a branch for each: the difference of two
// numbers below 2^31 has its top bit set exactly if it is negative.
template <typename Integer>
bool AllAtMost(std::span<const Integer> values, uint32_t largest) {
  if (largest >= uint32_t{1} << 31) return std::ranges::max(values) <= largest;
  uint32_t top = 0;
  for (const Integer value : values) top |= (largest - value) | uint32_t{value};
  return top >> 31 == 0;
}

// The largest number of that width.
constexpr uint32_t LargestOf(uint32_t width) {
  return width == 0 ? 0 : ~uint32_t{0} >> (kMaxWidth - width);
}

Error TooLarge(uint32_t largest) {
  return base::Corrupt("hybrid value is too large, largest allowed: " + std::to_string(largest));
}

// Numbers of a packed run from one on; groups before it are not looked at.
template <typename Integer>
void UnpackFrom(std::string_view bytes, Part part, uint32_t width, Integer* out) {
  bytes.remove_prefix(part.first / kGroupValues * width);
  const size_t skipped = part.first % kGroupValues;
  if (skipped > 0) {
    Integer group[kGroupValues];
    const size_t end = std::min(skipped + part.count, kGroupValues);
    UnpackBits(bytes, end, width, group);
    out = std::copy(group + skipped, group + end, out);
    part.count -= end - skipped;
    if (part.count == 0) return;
    bytes.remove_prefix(width);
  }
  UnpackBits(bytes, part.count, width, out);
}

// `on_skipped(run, count)` is told of runs before the part and of how many of each are.
// REQUIRES: width <= 8 * sizeof(Integer)
template <typename Integer, typename OnSkipped>
Result<std::vector<Integer>> Decode(std::string_view bytes, uint32_t width, uint32_t largest,
                                    Part part, OnSkipped on_skipped) {
  const bool may_exceed = largest < LargestOf(width);
  std::vector<Integer> values(part.count);
  size_t to_skip = part.first;
  for (std::span<Integer> left(values); !left.empty();) {
    const std::optional<Run> run = TakeRun(bytes, width, to_skip + left.size());
    if (!run) {
      return base::Corrupt("hybrid run is empty or cut off, values missing: " +
                           std::to_string(left.size()));
    }
    const size_t skipped = std::min(to_skip, run->count);
    if (skipped > 0) on_skipped(*run, skipped);
    to_skip -= skipped;
    const std::span<Integer> target = left.first(run->count - skipped);
    if (target.empty()) continue;
    left = left.subspan(target.size());
    if (run->packed) {
      UnpackFrom(run->bytes, {skipped, target.size()}, width, target.data());
      if (may_exceed && !AllAtMost<Integer>(target, largest)) return TooLarge(largest);
    } else {
      const uint32_t number = NumberOf(*run, width);
      if (number > largest) return TooLarge(largest);
      std::ranges::fill(target, static_cast<Integer>(number));
    }
  }
  return values;
}

void Nothing(const Run& /*run*/, size_t /*skipped*/) {}

// How many of the first bits are set.
size_t CountOnes(std::string_view bytes, size_t bits) {
  size_t ones = 0;
  for (; bits >= 64; bits -= 64, bytes.remove_prefix(8)) {
    ones += static_cast<size_t>(std::popcount(base::LoadLittle<uint64_t>(bytes.data())));
  }
  for (size_t i = 0; i < bits; ++i) ones += static_cast<uint8_t>(bytes[i / 8]) >> (i % 8) & 1;
  return ones;
}

// How many of the first numbers of a run are a certain one.
size_t CountOf(const Run& run, size_t count, uint32_t width, uint8_t wanted) {
  if (!run.packed) return NumberOf(run, width) == wanted ? count : 0;
  if (width == 1 && wanted == 1) return CountOnes(run.bytes, count);
  std::vector<uint8_t> numbers(count);
  UnpackBits(run.bytes, count, width, numbers.data());
  return static_cast<size_t>(std::ranges::count(numbers, wanted));
}

uint32_t WidthOf(uint32_t largest) {
  return static_cast<uint32_t>(std::bit_width(largest));
}

}  // namespace

void EncodeHybrid(std::span<const uint32_t> values, uint32_t bit_width, std::string& out) {
  Encode(values, bit_width, out);
}

Result<std::vector<uint32_t>> DecodeHybrid(std::string_view bytes, uint32_t bit_width,
                                           size_t count) {
  if (bit_width > kMaxWidth) {
    return base::Corrupt("hybrid values have too many bits: " + std::to_string(bit_width));
  }
  return Decode<uint32_t>(bytes, bit_width, LargestOf(bit_width), {0, count}, Nothing);
}

void EncodeLevels(std::span<const uint8_t> levels, uint8_t highest, std::string& out) {
  if (highest > 0) Encode(levels, WidthOf(highest), out);
}

Result<std::vector<uint8_t>> DecodeLevels(std::string_view bytes, uint8_t highest, size_t count) {
  if (highest == 0) return std::vector<uint8_t>(count);  // Such levels are not stored.
  return Decode<uint8_t>(bytes, WidthOf(highest), highest, {0, count}, Nothing);
}

bool AreLevelsOf(std::string_view bytes, uint8_t highest, size_t count) {
  const uint32_t width = WidthOf(highest);
  while (count > 0) {
    const std::optional<Run> run = TakeRun(bytes, width, kMaxValues);
    if (!run) return false;
    const size_t more = run->count - std::min(run->count, count);
    if (more > 0) {
      if (!run->packed || more >= kGroupValues) return false;
      uint8_t filling[kGroupValues];
      UnpackFrom(run->bytes, {count, more}, width, filling);
      if (std::ranges::count(filling, filling + more, 0) != static_cast<ptrdiff_t>(more))
        return false;
    }
    count -= run->count - more;
  }
  return bytes.empty();
}

Result<LevelsPart> DecodeLevelsPart(std::string_view bytes, uint8_t highest, Part part) {
  if (highest == 0) return LevelsPart{std::vector<uint8_t>(part.count), part.first};
  const uint32_t width = WidthOf(highest);
  size_t before = 0;
  const auto count = [&](const Run& run, size_t skipped) {
    before += CountOf(run, skipped, width, highest);
  };
  std::vector<uint8_t> levels = TRY(Decode<uint8_t>(bytes, width, highest, part, count));
  return LevelsPart{std::move(levels), before};
}

uint32_t WidthOfCodes(uint32_t dictionary_size) {
  // One bit at least: there are readers that take no bits for damage.
  return dictionary_size < 2 ? 1 : WidthOf(dictionary_size - 1);
}

void EncodeCodes(std::span<const uint32_t> codes, uint32_t bit_width, std::string& out) {
  out.push_back(static_cast<char>(bit_width));
  Encode(codes, bit_width, out);
}

Result<std::vector<uint32_t>> DecodeCodes(std::string_view bytes, uint32_t dictionary_size,
                                          size_t count) {
  return DecodeCodesPart(bytes, dictionary_size, {0, count});
}

Result<std::vector<uint32_t>> DecodeCodesPart(std::string_view bytes, uint32_t dictionary_size,
                                              Part part) {
  if (part.count == 0) return std::vector<uint32_t>();
  if (dictionary_size == 0)
    return base::Corrupt("codes of an empty dictionary: " + std::to_string(part.count));
  if (bytes.empty()) return base::Corrupt("codes without a bit width");
  const auto width = static_cast<uint8_t>(bytes.front());
  if (width > kMaxWidth) return base::Corrupt("codes have too many bits: " + std::to_string(width));
  if (width == 0) return std::vector<uint32_t>(part.count);  // The first; there may be no runs.
  return Decode<uint32_t>(bytes.substr(1), width, dictionary_size - 1, part, Nothing);
}

}  // namespace clew::parquet

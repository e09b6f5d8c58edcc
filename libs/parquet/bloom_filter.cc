// SPDX-License-Identifier: Apache-2.0
#include "parquet/bloom_filter.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace clew::parquet {
namespace {

constexpr size_t kBlockBytes = 32;
constexpr uint64_t kMaxBytes = uint64_t{128} << 20;
using Block = std::array<uint32_t, kBlockBytes / sizeof(uint32_t)>;
constexpr Block kSalts = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                          0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

struct Place {
  size_t offset = 0;  // of the block in the bitset
  Block bits{};       // one in each word
};

// REQUIRES: at least one block
Place PlaceOf(uint64_t hash, size_t bitset_bytes) {
  const uint64_t blocks = bitset_bytes / kBlockBytes;
  Place place{.offset = static_cast<size_t>((hash >> 32) * blocks >> 32) * kBlockBytes};
  const auto key = static_cast<uint32_t>(hash);
  for (size_t i = 0; i < kSalts.size(); ++i) {
    place.bits[i] = uint32_t{1} << (key * kSalts[i] >> 27);
  }
  return place;
}

}  // namespace

BloomFilter BloomFilter::ForValues(uint64_t distinct_count, uint32_t bits_per_value) {
  // Cut before they are multiplied, so that nothing overflows.
  const uint64_t values = std::min(distinct_count, 8 * kMaxBytes);
  const uint64_t size_bytes = (values * bits_per_value + 7) / 8;
  return BloomFilter(std::bit_ceil(std::clamp<uint64_t>(size_bytes, kBlockBytes, kMaxBytes)));
}

uint64_t BloomFilter::HashOf(std::string_view plain) {
  return XXH64(plain.data(), plain.size(), 0);
}

void BloomFilter::AddHash(uint64_t hash) {
  const Place place = PlaceOf(hash, bytes_.size());
  Block block;
  std::memcpy(block.data(), &bytes_[place.offset], kBlockBytes);
  for (size_t i = 0; i < block.size(); ++i) block[i] |= place.bits[i];
  std::memcpy(&bytes_[place.offset], block.data(), kBlockBytes);
}

bool MayContain(std::string_view bitset, std::string_view plain) {
  if (bitset.empty() || bitset.size() % kBlockBytes != 0) return true;
  const Place place = PlaceOf(BloomFilter::HashOf(plain), bitset.size());
  Block block;
  std::memcpy(block.data(), &bitset[place.offset], kBlockBytes);
  uint32_t missing = 0;
  for (size_t i = 0; i < block.size(); ++i) missing |= place.bits[i] & ~block[i];
  return missing == 0;
}

}  // namespace clew::parquet

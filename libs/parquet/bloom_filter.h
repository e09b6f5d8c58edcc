// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clew::parquet {

// The split-block Bloom filter of the format: a value has one bit in each of the eight
// words of one block of 32 bytes, chosen by its XXH64. A value is given as PLAIN writes
// it, a BYTE_ARRAY without its length. Not thread-safe while values are added.
// Source: github.com/apache/parquet-format, BloomFilter.md.
class BloomFilter {
 public:
  // Room for that many values: `bits_per_value` each (7 gives about 5 % of wrong answers, 10
  // about 1 %) rounded up to a power of two, at least 32 bytes and at most 128 MiB. The
  // format lets the size be any number of blocks, but ClickHouse and Arrow fail on a file
  // when it is not a power of two.
  static BloomFilter ForValues(uint64_t distinct_count, uint32_t bits_per_value);
  static uint64_t HashOf(std::string_view plain);

  void Add(std::string_view plain) { AddHash(HashOf(plain)); }
  void AddHash(uint64_t hash);
  // The bitset as it lies in a file behind its header.
  const std::string& bytes() const { return bytes_; }

 private:
  explicit BloomFilter(size_t size_bytes) : bytes_(size_bytes, '\0') {}

  std::string bytes_;
};

// False only if the value was not added to the filter with this bitset. True for a
// bitset that is none (empty, or no whole number of blocks).
bool MayContain(std::string_view bitset, std::string_view plain);

}  // namespace clew::parquet

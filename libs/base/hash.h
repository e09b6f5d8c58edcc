// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string_view>

namespace clew::base {

struct Hash128 {
  uint64_t low = 0;
  uint64_t high = 0;
  auto operator<=>(const Hash128&) const = default;
};

uint64_t Hash64(std::string_view bytes, uint64_t seed = 0);  // XXH3-64
Hash128 HashOf128(std::string_view bytes);                   // XXH3-128

// XXH3-128 of pieces that come one after another. Not thread-safe.
class Hasher128 {
 public:
  Hasher128();
  ~Hasher128();
  void Add(std::string_view bytes);
  Hash128 hash() const;  // of all that was added

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CRC-32C (Castagnoli). `previous` continues a checksum over several pieces.
uint32_t Crc32c(std::string_view bytes, uint32_t previous = 0);

}  // namespace clew::base

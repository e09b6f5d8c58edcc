// SPDX-License-Identifier: Apache-2.0
#include "store/attribute_keys.h"

#include <utility>

#include "base/bytes.h"

namespace clew::store {

uint32_t AttributeKeys::NumberOf(std::string_view key) {
  Follows& guesses = follows_[previous_];
  for (const uint32_t guess : guesses) {
    if (guess == 0 || !base::SameBytes(dictionary_[codes_[guess - 1]], key)) continue;
    if (guess != guesses[0]) std::swap(guesses[0], guesses[1]);
    previous_ = kKinds + guess - 1;
    return guess - 1;
  }
  const uint32_t number = LookUp(key);
  // LookUp may have moved what `guesses` refers to.
  Follows& follows = follows_[previous_];
  if (follows[0] != number + 1) follows = {number + 1, follows[0]};
  previous_ = kKinds + number;
  return number;
}

uint32_t AttributeKeys::LookUp(std::string_view key) {
  const uint32_t code = dictionary_.InternText(key);
  const auto [place, added] = numbers_.try_emplace(code, static_cast<uint32_t>(codes_.size()));
  if (added) {
    codes_.push_back(code);
    follows_.emplace_back();
  }
  return place->second;
}

size_t AttributeKeys::size_bytes() const {
  constexpr size_t kNodeBytes = 32;  // of the map, with its bucket
  return codes_.capacity() * sizeof(uint32_t) + follows_.capacity() * sizeof(Follows) +
         numbers_.size() * kNodeBytes;
}

}  // namespace clew::store

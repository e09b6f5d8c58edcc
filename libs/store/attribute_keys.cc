// SPDX-License-Identifier: Apache-2.0
#include "store/attribute_keys.h"

#include <utility>

#include "base/bytes.h"

namespace clew::store {

uint32_t AttributeKeys::NumberOf(std::string_view key) {
  Follows& guesses = follows_[previous_];
  for (const Follower& guess : guesses) {
    if (!guess.known || !base::SameBytes(guess.text, key)) continue;
    const uint32_t number = guess.number;
    if (&guess != guesses.data()) std::swap(guesses[0], guesses[1]);
    previous_ = kKinds + number;
    return number;
  }
  const uint32_t number = LookUp(key);
  // LookUp may have moved what `guesses` refers to.
  Follows& follows = follows_[previous_];
  const Follower newest{dictionary_[codes_[number]], number, true};
  // A key that had to be repaired is not as its text, and may stand there all the same.
  const bool listed = follows[0].known && follows[0].number == number;
  if (!listed) follows = {newest, follows[0]};
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

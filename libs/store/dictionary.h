// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/append_vector.h"
#include "model/span_sink.h"

namespace clew::store {

// Strings by number. Append-only: one thread interns while others read.
class Dictionary {
 public:
  Dictionary();

  // The code of `text`, new or old. Writer only.
  uint32_t Intern(std::string_view text);
  // The same for text from outside: what is not UTF-8 is repaired with U+FFFD.
  uint32_t InternText(std::string_view text) { return InternText(text, HashOf(text)); }
  // The encoding of an array or key-value list, its strings repaired likewise.
  uint32_t InternNested(const model::ValueView& value);

  // For many texts at a time: their hashes first, then each of these steps for all of
  // them, so that what is not in the processor's caches comes while others are dealt with.
  static uint64_t HashOf(std::string_view text);
  void PrefetchSlot(uint64_t hash) const;
  void PrefetchEntry(uint64_t hash) const;
  void PrefetchBytes(uint64_t hash) const;
  uint32_t InternText(std::string_view text, uint64_t hash);

  // The code of a text that came more than once, and lately: a look at one place of a small
  // table. It may know none of a text that is there. Writer only.
  std::optional<uint32_t> FindRecent(std::string_view text) const;

  // REQUIRES: a code that was published to the reader.
  std::string_view operator[](uint32_t code) const {
    const Text& text = texts_[code];
    return {text.data, text.size};
  }
  size_t size() const { return texts_.size(); }

  size_t size_bytes() const;
  // Strings that were repaired so far.
  uint64_t repaired() const { return repaired_; }

 private:
  struct Text {
    const char* data;  // into arena_
    uint32_t size;
    bool utf8;  // known to be
  };
  struct Slot {
    uint32_t hash;  // its lower half
    uint32_t code;  // + 1; 0: free
  };
  void NoteRecent(std::string_view text, uint32_t code);
  // The slot where a text stands or would stand.
  Slot& SlotOf(std::string_view text, uint64_t hash);
  const Slot& FirstSlot(uint64_t hash) const { return slots_[hash & (slots_.size() - 1)]; }
  uint32_t Add(std::string_view text, uint64_t hash, bool utf8, Slot& slot);
  void Grow();
  const char* Keep(std::string_view text);

  base::AppendVector<Text> texts_;
  std::vector<Slot> slots_;   // open addressing
  std::vector<Slot> recent_;  // by a hash of their ends; empty while slots_ is small itself
  std::vector<std::unique_ptr<char[]>> arena_;
  size_t arena_left_ = 0, arena_bytes_ = 0;
  char* arena_next_ = nullptr;
  uint64_t repaired_ = 0;
};

}  // namespace clew::store

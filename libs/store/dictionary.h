// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
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
  uint32_t InternText(std::string_view text);
  // The encoding of an array or key-value list, its strings repaired likewise.
  uint32_t InternNested(const model::ValueView& value);

  // REQUIRES: a code that was published to the reader.
  std::string_view operator[](uint32_t code) const { return texts_[code]; }
  size_t size() const { return texts_.size(); }

  size_t size_bytes() const;
  // Strings that were repaired so far.
  uint64_t repaired() const { return repaired_; }

 private:
  void Grow();
  std::string_view Keep(std::string_view text);

  base::AppendVector<std::string_view> texts_;  // into arena_
  std::vector<uint32_t> slots_;                 // code + 1, open addressing
  std::vector<std::unique_ptr<char[]>> arena_;
  size_t arena_left_ = 0, arena_bytes_ = 0;
  char* arena_next_ = nullptr;
  uint64_t repaired_ = 0;
};

}  // namespace clew::store

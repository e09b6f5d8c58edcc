// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "serve/limits.h"

namespace clew::serve {

// What a message ends with, told of the progress, fits into this.
inline constexpr size_t kMessageEndBytes = 256;
// So much of an answer, in one part, fits into a message.
inline constexpr size_t kMaxPartBytes = kMaxStreamMessageBytes - kMessageEndBytes;

// Joins the parts of an answer, each the bytes of some fields, into as few messages as the
// limit of one allows. A reader that merges the messages has the answer.
class MessagePacker {
 public:
  // kTooLarge for a part over kMaxPartBytes.
  base::Status Add(std::string_view part);
  base::Status AddAll(const std::vector<std::string>& parts);

  // The messages, one at least. `last_end` ends the last of them, `end` those before.
  // REQUIRES: neither is over kMessageEndBytes.
  std::vector<std::string> Finish(std::string_view end, std::string_view last_end) &&;

 private:
  std::vector<std::string> messages_{1};
};

}  // namespace clew::serve

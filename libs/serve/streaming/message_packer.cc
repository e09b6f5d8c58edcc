// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/message_packer.h"

#include <utility>

#include "base/check.h"

namespace clew::serve {

base::Status MessagePacker::Add(std::string_view part) {
  if (part.size() > kMaxPartBytes) {
    return base::Error{base::ErrorCode::kTooLarge,
                       "a part of the answer is too large for a message: " +
                           std::to_string(part.size()) + " of " + std::to_string(kMaxPartBytes) +
                           " bytes; the same question over HTTP has no such limit"};
  }
  if (messages_.back().size() + part.size() > kMaxPartBytes) messages_.emplace_back();
  messages_.back() += part;
  return {};
}

base::Status MessagePacker::AddAll(const std::vector<std::string>& parts) {
  for (const std::string& part : parts) TRY(Add(part));
  return {};
}

std::vector<std::string> MessagePacker::Finish(std::string_view end, std::string_view last_end) && {
  CHECK(end.size() <= kMessageEndBytes);
  CHECK(last_end.size() <= kMessageEndBytes);
  for (std::string& message : messages_) {
    message += &message == &messages_.back() ? last_end : end;
  }
  return std::move(messages_);
}

}  // namespace clew::serve

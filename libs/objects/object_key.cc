// SPDX-License-Identifier: Apache-2.0
#include "objects/object_key.h"

#include <algorithm>
#include <string>

namespace clew::objects {
namespace {

bool IsKeyPart(std::string_view part) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, plain);
}

bool IsKey(std::string_view key) {
  while (true) {
    const size_t end = key.find('/');
    if (!IsKeyPart(key.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    key.remove_prefix(end + 1);
  }
}

}  // namespace

base::Status CheckKey(std::string_view key) {
  if (IsKey(key)) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "not the key of an object: " + std::string(key)};
}

}  // namespace clew::objects

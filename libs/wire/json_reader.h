// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "wire/json_tree.h"
#include "wire/scan_failure.h"

namespace clew::wire {

// What readers of formats in JSON have in common: methods return false once `failure_` is set,
// null is as if the member were not there, and unknown members are passed over.
class JsonReader {
 public:
  const ScanFailure& failure() const { return failure_; }

 protected:
  bool Fail(const char* reason, JsonValue value) {
    failure_ = {reason, value.position()};
    return false;
  }

  bool ReadText(JsonValue value, std::string_view& text) {
    if (value.type() != JsonType::kString) return Fail("expected a string", value);
    text = value.text();
    return true;
  }

  bool ReadObject(JsonValue value, std::optional<JsonValue>& object) {
    if (value.type() != JsonType::kObject) return Fail("expected an object", value);
    object = value;
    return true;
  }

  // Calls `read` with the key and value of each member that is not null.
  template <typename Read>
  bool ForEachField(JsonValue object, Read read) {
    if (object.type() != JsonType::kObject) return Fail("expected an object", object);
    JsonMembers member(object);
    while (member.Next()) {
      if (!member.value().is_null() && !read(member.key(), member.value())) return false;
    }
    return true;
  }

  // Calls `read` with each element.
  template <typename Read>
  bool ForEachItem(JsonValue array, Read read) {
    if (array.type() != JsonType::kArray) return Fail("expected an array", array);
    JsonElements element(array);
    while (element.Next()) {
      if (!read(element.value())) return false;
    }
    return true;
  }

  ScanFailure failure_;
};

}  // namespace clew::wire

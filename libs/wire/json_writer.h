// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace clew::wire {

// Appends JSON to a string. Commas are its business, and that the result is UTF-8:
// bytes that are not become U+FFFD. That objects and arrays are closed in order is the
// caller's.
class JsonWriter {
 public:
  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }

  void Key(std::string_view name);  // a value must follow
  void String(std::string_view text);
  void Number(int64_t value);
  void Number(double value);  // NaN and infinities as strings, as protobuf's JSON has them
  void Bool(bool value);
  void Null();
  void NumberAsString(int64_t value);  // protobuf's JSON writes 64-bit numbers so
  void Base64(std::string_view bytes);
  // Values that another wrote one after the other; none when empty.
  void Values(std::string_view json);

  // A member of an object: its key and its value.
  void TextMember(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }
  void NumberMember(std::string_view key, uint64_t number) {
    Key(key);
    Number(static_cast<int64_t>(number));
  }
  void RealMember(std::string_view key, double number) {
    Key(key);
    Number(number);
  }
  void BoolMember(std::string_view key, bool value) {
    Key(key);
    Bool(value);
  }

  // What was written since the last call; more may follow.
  std::string Take() { return std::exchange(out_, {}); }
  size_t size() const { return out_.size(); }  // of what can be taken

 private:
  void Open(char bracket);
  void Close(char bracket);
  void Separate();
  void Digits(int64_t value);
  void Escaped(std::string_view text);

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace clew::wire

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_buffer.h"

namespace clew::net {

struct Header {
  std::string_view name;  // as received or to be sent; lower case on HTTP/2
  std::string_view value;
};

// Header fields in the order they came. Names compare without regard to case.
// All lies in one buffer as HTTP/1 lines, so a message costs two allocations
// however many fields it has, and goes out in a few copies. Views hold until the next change.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields);

  // The first value of that name, or nullopt.
  std::optional<std::string_view> Get(std::string_view name) const;
  bool Has(std::string_view name) const { return Get(name).has_value(); }
  void Add(std::string_view name, std::string_view value);
  // A field as a parser found it: `line` is "Name: value\r\n" with one blank, and both
  // parts are known to hold nothing that would break out of it.
  void AddParsedLine(std::string_view line, size_t name_length);
  // The fields of `other` for whose name `keep(name)` holds.
  template <typename Predicate>
  void AddAll(const Headers& other, Predicate keep);
  // Replaces all fields of that name by one.
  void Set(std::string_view name, std::string_view value);
  void Remove(std::string_view name);
  // Without the fields for whose name `remove(name)` holds. The lines stay, unlisted,
  // so views of the others hold.
  template <typename Predicate>
  void RemoveIf(Predicate remove);

  // Appends "Name: value\r\n" of each field for whose name `keep(name)` holds.
  template <typename Predicate>
  void AppendLines(std::string& out, Predicate keep) const;
  // A field that was added and would break out of its line, if there is one.
  std::optional<Header> FindUnsafe() const;

  class Iterator;
  Iterator begin() const;
  Iterator end() const;
  size_t size() const { return fields_.size(); }
  void clear();

 private:
  struct Field {
    uint32_t at;  // of the name
    uint32_t name_length;
    uint32_t value_length;

    uint32_t end() const { return at + name_length + value_length + 4; }  // ": " and CR LF
  };
  bool Owns(std::string_view text) const;
  // Room for a line of that many bytes, listed as a field.
  char* NewLine(size_t name_length, size_t value_length);
  std::string_view NameOf(const Field& field) const {
    return {text_.data() + field.at, field.name_length};
  }
  Header View(const Field& field) const {
    const char* const name = text_.data() + field.at;
    return {{name, field.name_length}, {name + field.name_length + 2, field.value_length}};
  }

  base::ByteBuffer text_;
  std::vector<Field> fields_;
  bool unsafe_ = false;  // a field was added that FindUnsafe finds
};

template <typename Predicate>
void Headers::AddAll(const Headers& other, Predicate keep) {
  for (const Field& field : other.fields_) {
    if (!keep(other.NameOf(field))) continue;
    char* const line = NewLine(field.name_length, field.value_length);
    std::memcpy(line, other.text_.data() + field.at, field.end() - field.at);
  }
  unsafe_ = unsafe_ || other.unsafe_;
}

template <typename Predicate>
void Headers::RemoveIf(Predicate remove) {
  std::erase_if(fields_, [&](const Field& field) { return remove(NameOf(field)); });
}

template <typename Predicate>
void Headers::AppendLines(std::string& out, Predicate keep) const {
  // Lines that follow each other go in one copy.
  uint32_t from = 0;
  uint32_t to = 0;
  for (const Field& field : fields_) {
    if (!keep(NameOf(field))) continue;
    if (field.at != to) {
      out.append(text_.data() + from, to - from);
      from = field.at;
    }
    to = field.end();
  }
  out.append(text_.data() + from, to - from);
}

class Headers::Iterator {
 public:
  using value_type = Header;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  Iterator(const Headers* headers, size_t index) : headers_(headers), index_(index) {}
  Header operator*() const { return headers_->View(headers_->fields_[index_]); }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++index_;
    return before;
  }
  bool operator==(const Iterator&) const = default;

 private:
  const Headers* headers_ = nullptr;
  size_t index_ = 0;
};

inline Headers::Iterator Headers::begin() const {
  return {this, 0};
}
inline Headers::Iterator Headers::end() const {
  return {this, fields_.size()};
}

// Of two names of header fields, ASCII alone.
inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

enum class Protocol : uint8_t { kHttp1, kHttp2 };

struct RequestHead {
  std::string method{};     // "GET"
  std::string target{};     // origin form: path and query, as received
  std::string authority{};  // Host header or :authority
  std::string scheme = "http";
  Headers headers{};  // without pseudo headers; Host is kept on HTTP/1.1
  Protocol protocol = Protocol::kHttp1;
  int minor_version = 1;  // of HTTP/1
  std::optional<uint64_t> content_length{};

  std::string_view path() const;   // target up to '?'
  std::string_view query() const;  // after '?', or empty
};

struct ResponseHead {
  int status = 200;
  Headers headers{};
  std::optional<uint64_t> content_length{};  // unset: chunked, or framed by HTTP/2
};

// "Not Found" for 404; "Unknown" for numbers without a name.
std::string_view ReasonPhrase(int status);

// Undoes %XX (and '+' when `plus_is_space`); nullopt where the escape is malformed.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

// "a=1&b=x%20y" to pairs, decoded. Malformed escapes are kept as they are.
std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query);

}  // namespace clew::net

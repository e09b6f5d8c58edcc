// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clew::net {

struct Header {
  std::string name;  // as received or to be sent; lower case on HTTP/2
  std::string value;
};

// Header fields in the order they came. Names compare without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  // The first value of that name, or nullopt.
  std::optional<std::string_view> Get(std::string_view name) const;
  bool Has(std::string_view name) const { return Get(name).has_value(); }
  void Add(std::string name, std::string value);
  // Replaces all fields of that name by one.
  void Set(std::string_view name, std::string value);
  void Remove(std::string_view name);

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }
  void clear() { fields_.clear(); }

 private:
  std::vector<Header> fields_;
};

bool EqualsIgnoringCase(std::string_view a, std::string_view b);

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

// SPDX-License-Identifier: Apache-2.0
#include "net/http2_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace clew::net {

namespace {

// RFC 9113 section 8.2.2: these speak of one HTTP/1 connection.
constexpr std::array<std::string_view, 5> kConnectionFields = {
    "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"};

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (IsUpper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool MayBeSent(const Header& field) {
  if (field.name.empty() || field.name.front() == ':') return false;
  if (EqualsIgnoringCase(field.name, "te")) return EqualsIgnoringCase(field.value, "trailers");
  return std::ranges::none_of(kConnectionFields, [&](std::string_view name) {
    return EqualsIgnoringCase(field.name, name);
  });
}

}  // namespace

std::string_view Http2Fields::Keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

void Http2Fields::Add(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  fields_.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
}

void Http2Fields::AddAll(const Headers& headers) {
  for (const Header& field : headers) {
    if (!MayBeSent(field)) continue;
    const bool lower = std::ranges::none_of(field.name, IsUpper);
    Add(lower ? std::string_view(field.name) : Keep(Lower(field.name)), field.value);
  }
}

void Http2Fields::AddRequest(const RequestHead& head) {
  Add(":method", head.method);
  Add(":scheme", head.scheme);
  Add(":path", head.target);
  if (!head.authority.empty()) Add(":authority", head.authority);
  for (const Header& field : head.headers) {
    if (!MayBeSent(field) || EqualsIgnoringCase(field.name, "host")) continue;
    Add(Keep(Lower(field.name)), field.value);
  }
  if (head.content_length && !head.headers.Has("content-length")) {
    Add("content-length", Keep(std::to_string(*head.content_length)));
  }
}

void Http2Fields::AddResponse(const ResponseHead& head) {
  Add(":status", Keep(std::to_string(head.status)));
  AddAll(head.headers);
  if (head.content_length && !head.headers.Has("content-length")) {
    Add("content-length", Keep(std::to_string(*head.content_length)));
  }
}

void SetPseudoField(RequestHead& head, std::string_view name, std::string_view value) {
  if (name == ":method") head.method = value;
  if (name == ":path") head.target = value;
  if (name == ":authority") head.authority = value;
  if (name == ":scheme") head.scheme = value;
}

std::optional<uint64_t> ContentLength(const Headers& headers) {
  const std::optional<std::string_view> text = headers.Get("content-length");
  if (!text) return std::nullopt;
  uint64_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return length;
}

void CompleteRequest(RequestHead& head) {
  if (head.target.empty()) head.target = head.authority;  // CONNECT
  if (head.authority.empty()) head.authority = head.headers.Get("host").value_or("");
  head.content_length = ContentLength(head.headers);

  // HTTP/2 may send a cookie in crumbs, one field each (RFC 9113 section 8.2.3).
  std::string cookie;
  int crumbs = 0;
  for (const Header& field : head.headers) {
    if (field.name != "cookie") continue;
    if (crumbs++ > 0) cookie += "; ";
    cookie += field.value;
  }
  if (crumbs > 1) head.headers.Set("cookie", std::move(cookie));
}

}  // namespace clew::net

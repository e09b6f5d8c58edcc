// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace clew::net {

// Header fields as nghttp2 takes them: lower case, pseudo fields first, without
// those that belong to one HTTP/1 connection. Views into the heads it was given;
// nghttp2 copies them when they are submitted.
class Http2Fields {
 public:
  void AddRequest(const RequestHead& head);
  void AddResponse(const ResponseHead& head);
  void AddAll(const Headers& headers);

  const nghttp2_nv* data() const { return fields_.data(); }
  size_t size() const { return fields_.size(); }

 private:
  void Add(std::string_view name, std::string_view value);
  std::string_view Keep(std::string text);

  std::vector<nghttp2_nv> fields_;
  std::deque<std::string> kept_;  // texts that were made here
};

// Puts ":method" and the like where they belong in `head`.
void SetPseudoField(RequestHead& head, std::string_view name, std::string_view value);
// Once all fields are in: joins cookies, finds the authority and the length.
void CompleteRequest(RequestHead& head);
std::optional<uint64_t> ContentLength(const Headers& headers);

}  // namespace clew::net

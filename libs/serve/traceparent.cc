// SPDX-License-Identifier: Apache-2.0
// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": version, trace, span, flags. A newer
// version may have more behind another dash.
#include "serve/traceparent.h"

#include <algorithm>

namespace clew::serve {
namespace {

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::optional<Traceparent> ParseTraceparent(std::string_view header) {
  constexpr size_t kLength = 55;
  if (header.size() < kLength) return std::nullopt;
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  if (!IsHex(version) || version == "ff" || !IsHex(header.substr(53, 2))) return std::nullopt;
  const bool longer = header.size() > kLength;
  if (longer && (version == "00" || header[kLength] != '-')) return std::nullopt;
  // The last bit of the flags, so of the second digit.
  const std::string_view odd = "13579bdf";
  const Traceparent parsed{.trace_id = header.substr(3, 32),
                           .span_id = header.substr(36, 16),
                           .is_sampled = odd.find(header[54]) != std::string_view::npos};
  if (!IsId(parsed.trace_id) || !IsId(parsed.span_id)) return std::nullopt;
  return parsed;
}

}  // namespace clew::serve

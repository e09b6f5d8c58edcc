// SPDX-License-Identifier: Apache-2.0
#include "edge/trace_context.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

namespace clew::edge {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

// Takes the text before the next ':' or "%3A"; all of it when there is none.
std::string_view TakePart(std::string_view& rest) {
  for (size_t i = 0; i < rest.size(); ++i) {
    size_t separator = rest[i] == ':' ? 1 : 0;
    if (rest.substr(i, 3) == "%3A" || rest.substr(i, 3) == "%3a") separator = 3;
    if (separator == 0) continue;
    const std::string_view part = rest.substr(0, i);
    rest.remove_prefix(i + separator);
    return part;
  }
  return std::exchange(rest, {});
}

}  // namespace

std::optional<UberTraceId> ParseUberTraceId(std::string_view value) {
  std::array<std::string_view, 4> parts;
  for (std::string_view& part : parts) part = TakePart(value);
  if (!value.empty()) return std::nullopt;
  const auto trace_id = model::TraceId::FromHex(parts[0]);
  const auto span_id = model::SpanId::FromHex(parts[1]);
  if (!trace_id || !span_id || !trace_id->IsValid() || !span_id->IsValid()) return std::nullopt;
  unsigned flags = 0;
  const char* end = parts[3].data() + parts[3].size();
  const auto [stop, error] = std::from_chars(parts[3].data(), end, flags, 16);
  if (error != std::errc() || stop != end || flags > 255) return std::nullopt;
  return UberTraceId{*trace_id, *span_id, static_cast<uint8_t>(flags)};
}

std::string FormatUberTraceId(const UberTraceId& context, const model::SpanId& parent) {
  std::array<char, 72> text;
  char* at = text.data();
  const auto append_hex = [&at](std::span<const uint8_t> bytes) {
    for (const uint8_t byte : bytes) {
      *at++ = kDigits[byte >> 4];
      *at++ = kDigits[byte & 15];
    }
  };
  // A trace id of 64 bits is written as one.
  std::span<const uint8_t> trace = context.trace_id.bytes;
  if (std::ranges::all_of(trace.first(8), [](uint8_t byte) { return byte == 0; })) {
    trace = trace.subspan(8);
  }
  append_hex(trace);
  *at++ = ':';
  append_hex(context.span_id.bytes);
  *at++ = ':';
  append_hex(parent.bytes);
  *at++ = ':';
  if (context.flags > 15) *at++ = kDigits[context.flags >> 4];
  *at++ = kDigits[context.flags & 15];
  return {text.data(), at};
}

}  // namespace clew::edge

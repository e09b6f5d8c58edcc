// SPDX-License-Identifier: Apache-2.0
// The order of the rules, as in the OpenTelemetry Collector's translator:
//
//  1. A boolean tag error=true: ERROR, with otel.status_description or else
//     http.status_message. error="true" as a string is not an error.
//  2. Otherwise otel.status_code (OK or ERROR in any case, else UNSET), with
//     otel.status_description. The tag is removed even when rule 1 has won.
//  3. Otherwise, without otel.status_code, http.status_code, a number or a string of
//     digits: 4xx is ERROR but UNSET on the server's side, 100 to 399 are UNSET, the
//     rest is ERROR, with http.status_message. The tag stays.
#include "wire/jaeger_status.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace clew::wire {
namespace {

using model::SpanKind;
using model::StatusCode;

SpanKind KindOf(std::string_view name) {
  for (const SpanKind kind : {SpanKind::kClient, SpanKind::kServer, SpanKind::kProducer,
                              SpanKind::kConsumer, SpanKind::kInternal}) {
    if (name == JaegerKind(kind)) return kind;
  }
  return SpanKind::kUnspecified;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view upper) {
  return std::ranges::equal(text, upper, [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
  });
}

StatusCode StatusOfName(std::string_view name) {
  if (EqualsIgnoringCase(name, "OK")) return StatusCode::kOk;
  if (EqualsIgnoringCase(name, "ERROR")) return StatusCode::kError;
  return StatusCode::kUnset;
}

std::optional<int64_t> HttpCode(const model::ValueView& value) {
  if (value.type == model::ValueView::Type::kInt) return value.integer;
  if (value.type != model::ValueView::Type::kString) return std::nullopt;
  int64_t code = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, problem] = std::from_chars(value.text.data(), end, code);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return code;
}

}  // namespace

std::string_view JaegerKind(SpanKind kind) {
  switch (kind) {
    case SpanKind::kUnspecified:
      return "";
    case SpanKind::kInternal:
      return "internal";
    case SpanKind::kServer:
      return "server";
    case SpanKind::kClient:
      return "client";
    case SpanKind::kProducer:
      return "producer";
    case SpanKind::kConsumer:
      return "consumer";
  }
  return "";
}

std::optional<StatusCode> StatusOfHttpCode(const model::ValueView& code, SpanKind kind) {
  const std::optional<int64_t> number = HttpCode(code);
  if (!number) return std::nullopt;
  if (*number >= 400 && *number < 500 && kind == SpanKind::kServer) return StatusCode::kUnset;
  return *number >= 100 && *number < 400 ? StatusCode::kUnset : StatusCode::kError;
}

void JaegerSpanTags::Note(const JaegerTag& tag, Found& found) {
  if (tag.key == kKindKey) kind_ = KindOf(tag.text());
  if (tag.key == kErrorKey) {
    found.error = tag.value.type == model::ValueView::Type::kBool && tag.value.boolean;
  }
  if (tag.key == kStatusCodeKey) found.code = tag.text();
  if (tag.key == kStatusDescriptionKey) {
    found.description = tag.IsString() ? std::optional(tag.value.text) : std::nullopt;
  }
  if (tag.key == kHttpStatusCodeKey) found.http_code = tag.value;
  if (tag.key == kHttpStatusMessageKey) found.http_message = tag.text();
}

void JaegerSpanTags::DecideStatus(const Found& found) {
  if (found.error) {
    status_code_ = StatusCode::kError;
    status_message_ = found.description.value_or(found.http_message);
    error_used_ = true;
  } else if (found.code) {
    status_code_ = StatusOfName(*found.code);
    status_message_ = found.description.value_or("");
  } else if (const auto status = StatusOfHttpCode(found.http_code, kind_)) {
    status_code_ = *status;
    if (status_code_ != StatusCode::kUnset) status_message_ = found.http_message;
  }
  description_used_ = (found.error || found.code) && found.description;
}

bool JaegerSpanTags::IsAttribute(std::string_view key) const {
  if (key == kKindKey || key == kStatusCodeKey) return false;
  if (key == kErrorKey) return !error_used_;
  if (key == kStatusDescriptionKey) return !description_used_;
  return true;
}

}  // namespace clew::wire

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/span_sink.h"
#include "wire/jaeger_tag.h"

namespace clew::wire {

// The tags that carry kind and status, and those of which a status is made without them.
inline constexpr std::string_view kKindKey = "span.kind";
inline constexpr std::string_view kErrorKey = "error";
inline constexpr std::string_view kStatusCodeKey = "otel.status_code";
inline constexpr std::string_view kStatusDescriptionKey = "otel.status_description";
inline constexpr std::string_view kHttpStatusCodeKey = "http.status_code";
inline constexpr std::string_view kHttpStatusMessageKey = "http.status_message";

// The value of the tag span.kind; empty for an unspecified one.
std::string_view JaegerKind(model::SpanKind kind);

// The status that a tag http.status_code of this value says; nullopt when it is no number.
std::optional<model::StatusCode> StatusOfHttpCode(const model::ValueView& code,
                                                  model::SpanKind kind);

// Kind and status of a span as its tags tell them, and which tags are used up by that.
// Of several tags with one key the last counts. Borrows the tags' text.
class JaegerSpanTags {
 public:
  // `for_each_tag` calls what it is given with each JaegerTag.
  template <typename ForEachTag>
  explicit JaegerSpanTags(ForEachTag for_each_tag) {
    Found found;
    for_each_tag([&](const JaegerTag& tag) { Note(tag, found); });
    DecideStatus(found);
  }

  model::SpanKind kind() const { return kind_; }
  model::StatusCode status_code() const { return status_code_; }
  std::string_view status_message() const { return status_message_; }

  // False for a tag that has become kind or status.
  bool IsAttribute(std::string_view key) const;

 private:
  struct Found {
    bool error = false;
    std::optional<std::string_view> code;
    std::optional<std::string_view> description;
    model::ValueView http_code;
    std::string_view http_message{};
  };
  void Note(const JaegerTag& tag, Found& found);
  void DecideStatus(const Found& found);

  model::SpanKind kind_ = model::SpanKind::kUnspecified;
  model::StatusCode status_code_ = model::StatusCode::kUnset;
  std::string_view status_message_{};
  bool error_used_ = false;
  bool description_used_ = false;
};

}  // namespace clew::wire

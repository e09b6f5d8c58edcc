// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "model/span_sink.h"
#include "wire/jaeger_tag.h"

namespace clew::wire {

// Kind and status of a span as its tags tell them, and which tags are used up by that.
// Of several tags with one key the last counts. Borrows the tags' text.
class JaegerSpanTags {
 public:
  explicit JaegerSpanTags(const ThriftStructList& tags);
  explicit JaegerSpanTags(std::span<const JaegerTag> tags);

  model::SpanKind kind() const { return kind_; }
  model::StatusCode status_code() const { return status_code_; }
  std::string_view status_message() const { return status_message_; }

  // False for a tag that has become kind or status.
  bool IsAttribute(std::string_view key) const;

 private:
  struct Found;
  void Note(const JaegerTag& tag, Found& found);
  void DecideStatus(const Found& found);

  model::SpanKind kind_ = model::SpanKind::kUnspecified;
  model::StatusCode status_code_ = model::StatusCode::kUnset;
  std::string_view status_message_{};
  bool error_used_ = false;
  bool description_used_ = false;
};

}  // namespace clew::wire

// SPDX-License-Identifier: Apache-2.0
#include "load/span_texts.h"

#include <algorithm>
#include <utility>

#include "wire/span_transcript.h"

namespace clew::load {
namespace {

// The line that a transcript has for one call.
template <typename Call>
std::string LineOf(Call call) {
  wire::SpanTranscript transcript;
  call(transcript);
  return transcript.text();
}

}  // namespace

std::string SpanTexts::Join(Lines& lines) {
  if (lines.size() > 1) std::sort(lines.begin() + 1, lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  lines.clear();
  return text;
}

// What takes attributes is complete.
void SpanTexts::Close() {
  switch (level_) {
    case Level::kResource:
      resource_ = Join(lines_);
      scope_.clear();
      break;
    case Level::kScope:
      scope_ = Join(lines_);
      break;
    case Level::kSpan:
      span_ += Join(lines_);
      break;
    case Level::kNone:
      break;
  }
  level_ = Level::kNone;
}

void SpanTexts::EndSpan() {
  Close();
  if (std::exchange(has_span_, false)) spans_.push_back({id_, resource_ + scope_ + span_});
  span_.clear();
}

void SpanTexts::OnResource(const model::ResourceView& resource) {
  EndSpan();
  level_ = Level::kResource;
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnResource(resource); }));
}

void SpanTexts::OnScope(const model::ScopeView& scope) {
  EndSpan();
  level_ = Level::kScope;
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnScope(scope); }));
}

void SpanTexts::OnSpan(const model::SpanView& span) {
  EndSpan();
  level_ = Level::kSpan;
  has_span_ = true;
  id_ = span.span_id;
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnSpan(span); }));
}

void SpanTexts::OnEvent(const model::EventView& event) {
  Close();
  level_ = Level::kSpan;
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnEvent(event); }));
}

void SpanTexts::OnLink(const model::LinkView& link) {
  Close();
  level_ = Level::kSpan;
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnLink(link); }));
}

void SpanTexts::OnAttribute(std::string_view key, const model::ValueView& value) {
  lines_.push_back(LineOf([&](model::SpanSink& sink) { sink.OnAttribute(key, value); }));
}

std::vector<SpanText> SpanTexts::Take() {
  EndSpan();
  std::ranges::sort(spans_);
  return std::exchange(spans_, {});
}

}  // namespace clew::load

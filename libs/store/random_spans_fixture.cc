// SPDX-License-Identifier: Apache-2.0
#include "store/random_spans_fixture.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>

#include "store/array_value.h"
#include "wire/otlp_json_value.h"
#include "wire/otlp_writer.h"
#include "wire/protobuf_writer.h"

namespace clew::store {
namespace {

using model::ValueView;
using Random = std::mt19937_64;

size_t Below(Random& random, size_t end) {
  return random() % end;
}

template <typename T, size_t kCount>
T OneOf(Random& random, const T (&choices)[kCount]) {
  return choices[Below(random, kCount)];
}

std::string RandomText(Random& random) {
  if (Below(random, 60) == 0) return std::string(65536, static_cast<char>('a' + Below(random, 26)));
  constexpr std::string_view kTexts[] = {"",     "a",    "GET",       "checkout", "\u00e9\u4e16",
                                         "a\0b", "shop", "{\"x\":1}", "\n\t\"\\", "payment"};
  constexpr std::string_view kNoUtf8[] = {"\xff", "a\xc3", "\xed\xa0\x80z", "\xf4\x90\x80\x80"};
  const size_t choice = Below(random, 14);
  if (choice < 10) return std::string(kTexts[choice]);
  if (choice == 10) return std::string(OneOf(random, kNoUtf8));
  return std::to_string(random());
}

// A value and the bytes it lies in.
struct RandomValue {
  ValueView view;
  std::string bytes;
  ValueView get() const {
    ValueView value = view;
    value.text = bytes;
    return value;
  }
};

RandomValue MakeValue(Random& random, int depth);

std::string MakeArray(Random& random, int depth) {
  std::vector<RandomValue> values;
  const bool alike = Below(random, 2) == 0;
  const Random seed = random;
  for (size_t count = Below(random, 4); count > 0; --count) {
    Random copy = seed;  // the same draw gives the same type
    values.push_back(MakeValue(alike ? copy : random, depth));
  }
  std::vector<ValueView> views;
  views.reserve(values.size());
  for (const RandomValue& value : values) views.push_back(value.get());
  return EncodeArray(views);
}

std::string MakeList(Random& random, int depth) {
  wire::ProtobufWriter out;
  for (size_t count = Below(random, 3); count > 0; --count) {
    const size_t pair = out.Open(1);
    out.BytesUnlessEmpty(1, RandomText(random).substr(0, 20));
    wire::WriteAnyValue(out, 2, MakeValue(random, depth).get());
    out.Close(pair);
  }
  return out.Take();
}

RandomValue MakeValue(Random& random, int depth) {
  constexpr double kDoubles[] = {0.0,
                                 -0.0,
                                 1.5,
                                 -1e300,
                                 std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::quiet_NaN()};
  constexpr int64_t kIntegers[] = {
      0, 1, -1, 200, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  switch (Below(random, depth > 0 ? 12 : 9)) {
    case 0:
      return {ValueView::Int(OneOf(random, kIntegers)), {}};
    case 1:
      return {ValueView::Double(OneOf(random, kDoubles)), {}};
    case 2:
      return {ValueView::Bool(Below(random, 2) == 0), {}};
    case 3:
      return {ValueView::Bytes({}), RandomText(random)};
    case 4:
      return {};
    case 9:
    case 10:
      return {ValueView::Array({}), MakeArray(random, depth - 1)};
    case 11:
      return {ValueView::KeyValueList({}), MakeList(random, depth - 1)};
    default:
      return {ValueView::String({}), RandomText(random)};
  }
}

constexpr std::string_view kKeys[] = {"service.name", "http.method", "HTTP.Method", "name",
                                      "time",         "dropped",     "k@int",       "",
                                      "a.b[0].c",     "version",     "flags",       "\u00fc"};
constexpr size_t kVeryMany = 10'000;  // attributes, each with a key of its own

// The key of one of `count` attributes.
std::string MakeKey(Random& random, size_t index, size_t count) {
  const bool very_many = count == kVeryMany;
  const size_t choice = very_many ? index : Below(random, 16);
  if (choice < std::size(kKeys)) return std::string(kKeys[choice]);
  const size_t number = very_many ? index : Below(random, count < 10 ? 5 : 50'000);
  return "key" + std::to_string(number);
}

void MakeAttributes(Random& random, model::SpanSink& sink) {
  size_t count = Below(random, 6);
  if (Below(random, 1000) == 0) count = Below(random, 4) == 0 ? kVeryMany : 1000;
  for (size_t i = 0; i < count; ++i) {
    const std::string key = MakeKey(random, i, count);
    sink.OnAttribute(key, MakeValue(random, 3).get());
  }
}

template <typename Id>
Id MakeId(Random& random, size_t choices) {
  Id id;
  const auto number = static_cast<uint8_t>(1 + Below(random, choices));
  id.bytes.back() = number;
  if (number % 2 == 0) id.bytes.front() = 0x80;
  return id;
}

uint32_t MakeCount(Random& random) {
  return Below(random, 4) == 0 ? static_cast<uint32_t>(random()) : 0;
}

void MakeSpan(Random& random, model::SpanSink& sink) {
  const int64_t start = static_cast<int64_t>(Below(random, 1000)) - 3;
  const std::string name = RandomText(random);
  const std::string message = RandomText(random);
  const std::string state = Below(random, 3) == 0 ? RandomText(random) : "";
  sink.OnSpan(
      {.trace_id = MakeId<model::TraceId>(random, 12),
       .span_id = MakeId<model::SpanId>(random, 30),
       .parent_span_id =
           Below(random, 4) == 0 ? model::SpanId() : MakeId<model::SpanId>(random, 40),
       .trace_state = state,
       .name = name,
       .kind = static_cast<model::SpanKind>(Below(random, 7)),
       .start_unix_nano = Below(random, 50) == 0 ? std::numeric_limits<int64_t>::max() : start,
       .end_unix_nano = start + static_cast<int64_t>(Below(random, 100)) - 20,
       .status_code = static_cast<model::StatusCode>(Below(random, 3)),
       .status_message = message,
       .flags = MakeCount(random),
       .dropped_attributes_count = MakeCount(random),
       .dropped_events_count = MakeCount(random),
       .dropped_links_count = MakeCount(random)});
  MakeAttributes(random, sink);
  for (size_t count = Below(random, 4); count > 1; --count) {
    sink.OnEvent({.time_unix_nano = start,
                  .name = RandomText(random),
                  .dropped_attributes_count = MakeCount(random)});
    MakeAttributes(random, sink);
  }
  for (size_t count = Below(random, 4); count > 2; --count) {
    sink.OnLink({.trace_id = MakeId<model::TraceId>(random, 9),
                 .span_id = MakeId<model::SpanId>(random, 9),
                 .trace_state = RandomText(random),
                 .flags = MakeCount(random),
                 .dropped_attributes_count = MakeCount(random)});
    MakeAttributes(random, sink);
  }
}

std::string Join(std::initializer_list<std::string> parts) {
  std::string joined;
  for (const std::string& part : parts) joined += part + "|";
  return joined;
}

}  // namespace

void WriteRandomSpans(Random& random, size_t spans, model::SpanSink& sink) {
  for (size_t i = 0; i < spans; ++i) {
    if (i == 0 || Below(random, 4) == 0) {
      sink.OnResource({.schema_url = Below(random, 3) == 0 ? "https://schema" : "",
                       .dropped_attributes_count = MakeCount(random)});
      MakeAttributes(random, sink);
      sink.OnScope({.name = Below(random, 2) == 0 ? "scope" : "",
                    .version = Below(random, 2) == 0 ? "1.0" : "",
                    .schema_url = Below(random, 3) == 0 ? "https://scope" : "",
                    .dropped_attributes_count = MakeCount(random)});
      MakeAttributes(random, sink);
    }
    MakeSpan(random, sink);
  }
}

std::string SpanTexts::Item::text() const {
  std::string text = head;
  for (const auto& [key, value] : attributes) {
    text.append("{").append(key).append("=").append(value).append("}");
  }
  return text;
}

void SpanTexts::EndSpan() {
  if (span_.empty()) return;
  std::string text = resource_.text() + scope_.text();
  for (const Item& item : span_) text += item.text();
  texts_.push_back(std::move(text));
  span_.clear();
}

void SpanTexts::OnResource(const model::ResourceView& resource) {
  EndSpan();
  resource_ = {Join({"resource", std::string(resource.schema_url),
                     std::to_string(resource.dropped_attributes_count)}),
               {}};
  scope_ = {};
  open_ = &resource_;
}

void SpanTexts::OnScope(const model::ScopeView& scope) {
  EndSpan();
  scope_ = {Join({"scope", std::string(scope.name), std::string(scope.version),
                  std::string(scope.schema_url), std::to_string(scope.dropped_attributes_count)}),
            {}};
  open_ = &scope_;
}

void SpanTexts::OnSpan(const model::SpanView& span) {
  EndSpan();
  span_.push_back(
      {Join({"span", span.trace_id.ToHex(), span.span_id.ToHex(), span.parent_span_id.ToHex(),
             std::string(span.trace_state), std::string(span.name),
             std::to_string(static_cast<int>(span.kind)), std::to_string(span.start_unix_nano),
             std::to_string(span.end_unix_nano), std::to_string(static_cast<int>(span.status_code)),
             std::string(span.status_message), std::to_string(span.flags),
             std::to_string(span.dropped_attributes_count),
             std::to_string(span.dropped_events_count), std::to_string(span.dropped_links_count)}),
       {}});
  open_ = &span_.back();
}

void SpanTexts::OnEvent(const model::EventView& event) {
  span_.push_back({Join({"event", std::to_string(event.time_unix_nano), std::string(event.name),
                         std::to_string(event.dropped_attributes_count)}),
                   {}});
  open_ = &span_.back();
}

void SpanTexts::OnLink(const model::LinkView& link) {
  span_.push_back(
      {Join({"link", link.trace_id.ToHex(), link.span_id.ToHex(), std::string(link.trace_state),
             std::to_string(link.flags), std::to_string(link.dropped_attributes_count)}),
       {}});
  open_ = &span_.back();
}

void SpanTexts::OnAttribute(std::string_view key, const ValueView& value) {
  std::string text = wire::ToOtlpJson(value);
  // JSON does not tell the zeros apart, nor one NaN from another.
  if (value.type == ValueView::Type::kDouble) {
    text += std::to_string(std::bit_cast<uint64_t>(value.number));
  }
  open_->attributes[std::string(key)] = std::move(text);
}

std::vector<std::string> SpanTexts::Sorted() {
  EndSpan();
  std::ranges::sort(texts_);
  return texts_;
}

}  // namespace clew::store

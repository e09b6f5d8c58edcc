// SPDX-License-Identifier: Apache-2.0
#include "query/random_traces_fixture.h"

#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>

#include "reference/text_spans.h"

namespace clew::query {
namespace {

using reference::AttributeValue;

constexpr int64_t kMilli = 1'000'000;

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  reference::Trace Trace(size_t number) {
    reference::Trace trace;
    trace.trace_id.bytes[15] = static_cast<uint8_t>(number + 1);
    if (number % 3 == 0) trace.trace_id.bytes[0] = 0xAB;
    const int64_t start = reference::kTextStartNs + static_cast<int64_t>(Below(100)) * 100 * kMilli;
    const bool is_long = Chance(12);
    const size_t spans = 1 + Below(9);
    for (size_t i = 0; i < spans; ++i) {
      const int64_t reach = is_long ? 3 * 3600 * 1000 : 3000;
      trace.spans.push_back(Span(i, start + static_cast<int64_t>(Below(31)) * reach / 30 * kMilli));
    }
    if (Chance(8)) trace.spans.push_back(trace.spans[Below(spans)]);
    return trace;
  }

 private:
  size_t Below(size_t end) { return random_() % end; }
  bool Chance(size_t in) { return Below(in) == 0; }
  template <size_t kCount>
  std::string One(const std::array<const char*, kCount>& words) {
    return words[Below(kCount)];
  }

  model::SpanId Id(size_t number) {
    model::SpanId id;
    id.bytes[7] = static_cast<uint8_t>(number + 1);
    return id;
  }

  model::SpanId ParentOf(size_t number) {
    if (number == 0) return Chance(8) ? Id(1) : model::SpanId();  // perhaps in a circle
    if (Chance(10)) return Id(77);                                // nowhere
    if (Chance(10)) return {};
    return Id(Below(number));
  }

  AttributeValue Scalar() {
    switch (Below(8)) {
      case 0:
      case 1:
      case 2:
        return {int64_t(Below(4))};
      case 3:
        return {
            std::array{0.5, 1.0, 2.0, -1.0, std::numeric_limits<double>::quiet_NaN()}[Below(5)]};
      case 4:
        return {Chance(2)};
      case 5:
        return {Chance(20) ? std::numeric_limits<int64_t>::max() : int64_t(-1)};
      default:
        return {One(std::array{"x", "y", "xy", "", "2"})};
    }
  }

  AttributeValue Value() {
    if (!Chance(6)) return Scalar();
    if (Chance(10)) return {reference::Bytes{"\x01\x02"}};
    if (Chance(10)) return {reference::KeyValueList{{{"k", {int64_t(1)}}}}};
    if (Chance(10)) return {};
    reference::Array array;
    const AttributeValue first = Scalar();
    for (size_t i = Below(3); i > 0; --i) array.elements.push_back(Chance(2) ? first : Scalar());
    return {std::move(array)};
  }

  reference::Attributes Attributes(size_t most) {
    reference::Attributes attributes;
    for (const char* key : {"a", "b", "c", "http.code"}) {
      if (attributes.size() < most && Chance(2)) attributes.push_back({key, Value()});
    }
    return attributes;
  }

  reference::Span Span(size_t number, int64_t start) {
    // Of two that share an id and a start nobody could say which comes first.
    const bool shared = number > 0 && Chance(25);
    if (shared) start += kMilli;
    reference::Span span{.span_id = Id(shared ? number - 1 : number),
                         .parent_span_id = ParentOf(number),
                         .start_ns = start,
                         .end_ns = start + (static_cast<int64_t>(Below(20)) - 1) * 100 * kMilli,
                         .name = One(std::array{"get", "put", "query", ""}),
                         .kind = static_cast<traceql::SpanKind>(Below(6)),
                         .status = static_cast<traceql::SpanStatus>(Below(3)),
                         .status_message = One(std::array{"", "", "boom"}),
                         .resource = Attributes(2),
                         .scope = {.name = One(std::array{"", "lib"}),
                                   .version = One(std::array{"", "1.2"}),
                                   .attributes = Attributes(Below(2))},
                         .attributes = Attributes(3)};
    if (!Chance(6)) {
      span.resource.push_back({"service.name", {One(std::array{"shop", "pay", "db"})}});
    }
    for (size_t i = Chance(2) ? Below(3) : 0; i > 0; --i) {
      span.events.push_back({.time_ns = start + static_cast<int64_t>(Below(10)) * 10 * kMilli,
                             .name = One(std::array{"e", "exception"}),
                             .attributes = Attributes(2)});
    }
    for (size_t i = Chance(3) ? Below(3) : 0; i > 0; --i) {
      reference::Link link{.span_id = Id(Below(9)), .attributes = Attributes(1)};
      link.trace_id.bytes[15] = static_cast<uint8_t>(1 + Below(9));
      span.links.push_back(std::move(link));
    }
    return span;
  }

  std::mt19937_64 random_;
};

}  // namespace

std::vector<reference::Trace> RandomTraces(uint64_t seed, size_t count) {
  Generator generator(seed);
  std::vector<reference::Trace> traces;
  traces.reserve(count);
  for (size_t i = 0; i < count; ++i) traces.push_back(generator.Trace(i));
  return traces;
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#include "query/answers_fixture.h"

#include <bit>
#include <map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "query/trace_lookup.h"
#include "store/random_spans_fixture.h"
#include "wire/otlp_json_writer.h"

namespace clew::query {
namespace {

std::string ValuesOf(const store::Sources& sources, const Tag& tag, const TimeRange& range) {
  std::string text;
  const std::vector<TagValue> values = ListTagValues(sources, tag, {.range = range}).value();
  for (const TagValue& value : values) text += value.type + "=" + value.value.substr(0, 20) + ",";
  return text + "\n";
}

// Counts attributes by key and type, and adds their numbers up; what overflows wraps.
class AttributeSums final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {}
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView&) override { ++spans_; }
  void OnEvent(const model::EventView&) override { ++events_; }
  void OnLink(const model::LinkView&) override { ++links_; }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    Sum& sum = sums_[{std::string(key), static_cast<int>(value.type)}];
    ++sum.count;
    sum.numbers += static_cast<uint64_t>(value.integer) + value.boolean +
                   std::bit_cast<uint64_t>(value.number);
    // Equal arrays and lists may be encoded in more than one way.
    const bool nested = value.type == model::ValueView::Type::kArray ||
                        value.type == model::ValueView::Type::kKeyValueList;
    if (!nested) sum.bytes += value.text.size();
  }
  void OnRejectedSpan(model::RejectReason) override {}

  std::string Text() const {
    std::string text = std::to_string(spans_) + " spans, " + std::to_string(events_) + " events, " +
                       std::to_string(links_) + " links";
    for (const auto& [attribute, sum] : sums_) {
      text += "\n" + attribute.first + "/" + std::to_string(attribute.second) + ": " +
              std::to_string(sum.count) + " " + std::to_string(sum.numbers) + " " +
              std::to_string(sum.bytes);
    }
    return text;
  }

 private:
  struct Sum {
    uint64_t count = 0, numbers = 0, bytes = 0;
  };
  uint64_t spans_ = 0, events_ = 0, links_ = 0;
  std::map<std::pair<std::string, int>, Sum> sums_;
};

}  // namespace

std::string TextOf(const SearchResult& result) {
  std::string text;
  for (const TraceSummary& trace : result.traces) {
    text += trace.trace_id.ToHex() + " " + std::to_string(trace.start_unix_nano) + " " +
            std::to_string(trace.duration_ns) + " " + std::to_string(trace.root_found) + " '" +
            trace.root_service.substr(0, 30) + "' '" + trace.root_name.substr(0, 30) + "'";
    for (const ServiceStats& service : trace.services) {
      text += " [" + service.service.substr(0, 30) + " " + std::to_string(service.span_count) +
              " " + std::to_string(service.error_count) + "]";
    }
    text += "\n";
  }
  return text;
}

std::string TagsOf(const store::Sources& sources, const TimeRange& range) {
  std::string text;
  for (const TagScope scope : {TagScope::kAny, TagScope::kResource, TagScope::kSpan,
                               TagScope::kEvent, TagScope::kLink, TagScope::kInstrumentation}) {
    const std::vector<std::string> names = ListTagNames(sources, scope, {.range = range}).value();
    for (const std::string& name : names) {
      text += name + ":";
      if (name.size() <= 5) text += ValuesOf(sources, {scope, name}, range);
    }
    text += "\n";
  }
  for (const char* intrinsic :
       {"name", "status", "statusMessage", "kind", "rootName", "rootServiceName", "event:name",
        "instrumentation:name", "instrumentation:version"}) {
    text += ValuesOf(sources, {TagScope::kIntrinsic, intrinsic}, range);
  }
  return text;
}

std::string TraceTextOf(const store::Sources& sources, const model::TraceId& trace_id) {
  store::SpanTexts texts;
  const auto written = WriteTrace(sources, trace_id, texts);
  CHECK(written.ok());
  std::string text = std::to_string(written.value().span_count) + " spans, " +
                     std::to_string(written.value().folded_count) + " folded\n";
  for (const std::string& span : texts.Sorted()) text += span + "\n";
  // And all of it to the byte.
  wire::OtlpJsonWriter json(wire::JsonDialect::kOtlp);
  CHECK(WriteTrace(sources, trace_id, json).ok());
  return text + json.Take() + "\n";
}

std::string SumsOf(const store::Sources& sources, const std::vector<model::TraceId>& trace_ids) {
  AttributeSums sums;
  for (const model::TraceId& id : trace_ids) CHECK(WriteTrace(sources, id, sums).ok());
  return sums.Text();
}

}  // namespace clew::query

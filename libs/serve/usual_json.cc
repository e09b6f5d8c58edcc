// SPDX-License-Identifier: Apache-2.0
#include "serve/usual_json.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "derive/usual_times_builder.h"
#include "ledger/compare/time_sketch.h"
#include "ledger/label.h"
#include "serve/limits.h"

namespace clew::serve {
namespace {

using ledger::TimeSketch;
using ledger::Usual;

uint64_t Rounded(double nanos) {
  return static_cast<uint64_t>(std::llround(nanos));
}

class UsualWriter {
 public:
  explicit UsualWriter(wire::JsonWriter& json) : json_(json) {}

  void Write(const UsualOfTrace& usual, const UsualContext& context) {
    const derive::OperationTimes& times = usual.found.times;
    json_.BeginObject();
    json_.NumberMember("nanos", usual.usual->nanos);
    json_.NumberMember("p95Nanos", usual.usual->p95_nanos);
    Thousandths("slowerThan", usual.usual->slower_than);
    json_.NumberMember("traces", usual.usual->trace_count);
    WriteReference(usual);
    WriteGone(*usual.usual, context);
    json_.Key("spans");
    json_.BeginArray();
    WriteSpans(times, context);
    json_.EndArray();
    json_.EndObject();
  }

  void WriteRow(const Usual::OfRow& row) {
    json_.NumberMember("nanos", row.nanos);
    json_.NumberMember("share", row.share);
    json_.NumberMember("medianNanos", row.median_nanos);
    json_.NumberMember("p95Nanos", row.p95_nanos);
    json_.NumberMember("traces", row.trace_count);
    Thousandths("slowerThan", row.slower_than);
    json_.Key("within");
    json_.Bool(row.within);
  }

 private:
  // As per cent with a digit behind the point.
  void Thousandths(std::string_view key, uint32_t number) {
    json_.Key(key);
    json_.Number(static_cast<double>(number) / 10);
  }

  void WriteReference(const UsualOfTrace& usual) {
    json_.Key("reference");
    json_.BeginObject();
    json_.TextMember("kind", query::NameOf(usual.found.reference));
    json_.TextMember("text", usual.usual->reference);
    json_.Key("startUnixNano");
    json_.NumberAsString(usual.found.times.first_start_unix_nano);
    json_.Key("endUnixNano");
    json_.NumberAsString(usual.found.times.last_start_unix_nano);
    json_.Key("complete");
    json_.Bool(usual.found.in_time);
    json_.EndObject();
  }

  void WriteGone(const Usual& usual, const UsualContext& context) {
    json_.Key("gone");
    json_.BeginArray();
    for (size_t i = 0; i < std::min(usual.gone.size(), kMaxGoneRows); ++i) {
      const Usual::Gone& gone = usual.gone[i];
      json_.BeginObject();
      json_.TextMember("label", ledger::LabelOf(gone.owner, context.by, context.names));
      json_.NumberMember("nanos", gone.usual.nanos);
      json_.NumberMember("share", gone.usual.share);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // Of what the trace has, in the order of its spans.
  void WriteSpans(const derive::OperationTimes& times, const UsualContext& context) {
    std::set<std::pair<uint8_t, std::pair<uint32_t, uint32_t>>> seen;
    size_t written = 0;
    for (const ledger::Span& span : context.trace.spans) {
      const auto kind = static_cast<uint8_t>(span.kind);
      if (!seen.insert({kind, {span.service, span.operation}}).second) continue;
      const auto known = times.things.find(derive::SpanThing(span, context.names));
      if (known == times.things.end()) continue;
      if (written++ == kMaxUsualSpans) return;
      WriteSpan(span, known->second, context.names);
    }
  }

  void WriteSpan(const ledger::Span& span, const TimeSketch& times, const ledger::Names& names) {
    json_.BeginObject();
    json_.TextMember("service", names.text(span.service));
    json_.TextMember("operation", names.text(span.operation));
    json_.NumberMember("kind", static_cast<uint64_t>(span.kind));
    json_.NumberMember("count", times.count());
    json_.NumberMember("medianNanos", Rounded(times.Quantile(0.5)));
    json_.NumberMember("p95Nanos", Rounded(times.Quantile(0.95)));
    json_.NumberMember("zeroCount", times.absent());
    json_.Key("buckets");
    json_.BeginArray();
    for (const TimeSketch::Bucket& bucket : times.buckets()) {
      json_.Number(int64_t{bucket.index});
      json_.Number(static_cast<int64_t>(bucket.count));
    }
    json_.EndArray();
    json_.EndObject();
  }

  wire::JsonWriter& json_;
};

}  // namespace

void WriteUsual(const UsualOfTrace& usual, const UsualContext& context, wire::JsonWriter& json) {
  if (usual.usual) {
    UsualWriter(json).Write(usual, context);
  } else {
    json.Null();
  }
}

void WriteUsualRow(const Usual::OfRow& row, wire::JsonWriter& json) {
  json.BeginObject();
  UsualWriter(json).WriteRow(row);
  json.EndObject();
}

}  // namespace clew::serve

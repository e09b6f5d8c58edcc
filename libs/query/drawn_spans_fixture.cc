// SPDX-License-Identifier: Apache-2.0
#include "query/drawn_spans_fixture.h"

#include <map>
#include <string>

#include "query/test_spans.h"

namespace clew::query {
namespace {

using model::ValueView;

// What is not drawn of a span says which one it is.
class IdGiver {
 public:
  model::SpanId Of(const std::string& name) {
    const auto next = static_cast<uint8_t>(numbers_.size() + 1);
    return SpanOf(numbers_.try_emplace(name, next).first->second);
  }

 private:
  std::map<std::string, uint8_t> numbers_;
};

void AnnounceFollowing(const model::TraceId& trace_id, const model::SpanId& parent,
                       model::SpanSink& sink) {
  sink.OnLink({.trace_id = trace_id, .span_id = parent});
  sink.OnAttribute("opentracing.ref_type", ValueView::String("follows_from"));
}

void AnnounceAttributes(const ledger::Drawing& drawing, uint32_t place, model::SpanSink& sink) {
  const uint32_t peer = drawing.trace.spans[place].peer;
  if (peer != ledger::Names::kEmpty) {
    sink.OnAttribute("peer.service", ValueView::String(drawing.names.text(peer)));
  }
  for (const ledger::DrawnAttribute& attribute : drawing.attributes) {
    if (attribute.span != place) continue;
    sink.OnAttribute(attribute.key, ValueView::String(attribute.value));
  }
}

}  // namespace

std::vector<GivenIds> IdsOf(const ledger::Drawing& drawing) {
  IdGiver giver;
  std::vector<GivenIds> given(drawing.ids.size());
  const auto name_of = [&](uint32_t place) {
    const std::string& drawn = drawing.ids[place].id;
    return drawn.empty() ? "not drawn: " + std::to_string(place) : drawn;
  };
  for (uint32_t place = 0; place < given.size(); ++place) {
    const uint32_t above = drawing.trace.spans[place].parent;
    given[place].id = giver.Of(name_of(place));
    if (!drawing.ids[place].parent.empty()) {
      given[place].parent = giver.Of(drawing.ids[place].parent);
    } else if (above != ledger::kNone) {
      given[place].parent = giver.Of(name_of(above));
    }
  }
  return given;
}

void Announce(const ledger::Drawing& drawing, const model::TraceId& trace_id,
              int64_t start_unix_nano, model::SpanSink& sink) {
  const std::vector<GivenIds> ids = IdsOf(drawing);
  for (uint32_t place = 0; place < ids.size(); ++place) {
    const ledger::Span& span = drawing.trace.spans[place];
    sink.OnResource({});
    sink.OnAttribute("service.name", ValueView::String(drawing.names.text(span.service)));
    sink.OnScope({});
    sink.OnSpan(
        {.trace_id = trace_id,
         .span_id = ids[place].id,
         .parent_span_id = ids[place].parent,
         .name = drawing.names.text(span.operation),
         .kind = span.kind,
         .start_unix_nano = start_unix_nano + static_cast<int64_t>(span.start_ns),
         .end_unix_nano = start_unix_nano + static_cast<int64_t>(span.end_ns),
         .status_code = span.error ? model::StatusCode::kError : model::StatusCode::kUnset});
    AnnounceAttributes(drawing, place, sink);
    if (span.follows) AnnounceFollowing(trace_id, ids[place].parent, sink);
  }
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#include "query/ledger_trace.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "ledger/peer_name.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;
using traceql::Scope;

// Of OpenTracing's references, as they are kept with links.
constexpr std::string_view kRefTypeKey = "opentracing.ref_type";
constexpr std::string_view kFollowsFrom = "follows_from";

FieldExpr AttributeOf(Scope scope, std::string_view name) {
  return {.node = traceql::Attribute{.scope = scope, .name = std::string(name)}};
}

// Copies share start and id, so they are neighbours.
bool AreCopies(const ViewedSpan& left, const ViewedSpan& right) {
  return left.start_unix_nano == right.start_unix_nano && left.span_id == right.span_id &&
         left.end_unix_nano == right.end_unix_nano && left.parent_span_id == right.parent_span_id &&
         left.kind == right.kind;
}

// The spans that are read: of neighbours that are copies the first.
std::vector<uint32_t> WithoutCopies(const TraceView& view) {
  std::vector<uint32_t> spans;
  spans.reserve(view.size());
  for (uint32_t span = 0; span < view.size(); ++span) {
    if (!spans.empty() && AreCopies(view.span(spans.back()), view.span(span))) continue;
    spans.push_back(span);
  }
  return spans;
}

// Parents as indices among the spans that are read, and numbers for those that are missing.
class Parents {
 public:
  Parents(const TraceView& view, const std::vector<uint32_t>& spans)
      : view_(view), places_(view.size(), ledger::kNone) {
    for (uint32_t place = 0; place < spans.size(); ++place) places_[spans[place]] = place;
    // A copy stands for the one that is read.
    for (uint32_t span = 1; span < view.size(); ++span) {
      if (places_[span] == ledger::kNone) places_[span] = places_[span - 1];
    }
    for (uint32_t span = 0; span < view.size(); ++span) ids_.push_back(view.span(span).span_id);
    std::ranges::sort(ids_);
  }

  void Set(uint32_t span, ledger::Span& into) {
    const model::SpanId& named = view_.span(span).parent_span_id;
    const uint32_t parent = view_.place(span).parent;
    if (parent != TraceView::kNone) {
      into.parent = places_[parent];
    } else if (named.IsValid() && std::ranges::binary_search(ids_, named)) {
      into.parent = places_[span];  // it is below itself: in a circle that was cut here
    } else if (named.IsValid()) {
      into.missing_parent =
          missing_.try_emplace(named, static_cast<uint32_t>(missing_.size())).first->second;
    }
  }

 private:
  const TraceView& view_;
  std::vector<uint32_t> places_;
  std::vector<model::SpanId> ids_;  // sorted
  std::map<model::SpanId, uint32_t> missing_;
};

std::string TextOf(const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) return std::string(*text);
  return traceql::Print(StaticOf(scalar));
}

std::string TextOf(const Value& value) {
  std::string text;
  value.ForEach([&](const Scalar& scalar) {
    if (!text.empty()) text += ", ";
    text += TextOf(scalar);
  });
  return text;
}

bool Has(const Value& value, std::string_view wanted) {
  bool found = false;
  value.ForEach([&](const Scalar& scalar) {
    const auto* const text = std::get_if<std::string_view>(&scalar);
    found = found || (text != nullptr && *text == wanted);
  });
  return found;
}

}  // namespace

struct LedgerTraceReader::Fields {
  const Field* service;
  const Field* operation;
  const Field* status;
  const Field* message;
  const Field* link_type;
  const Field* link_span;
  std::vector<const Field*> peers{};
  const Field* group = nullptr;
};

LedgerTraceReader::LedgerTraceReader(ledger::Names& names, const FieldExpr* group)
    : names_(names),
      service_(AttributeOf(Scope::kResource, "service.name")),
      operation_({.node = Intrinsic::kName}),
      status_({.node = Intrinsic::kStatus}),
      message_({.node = Intrinsic::kStatusMessage}),
      link_type_(AttributeOf(Scope::kLink, kRefTypeKey)),
      link_span_({.node = Intrinsic::kLinkSpanId}),
      group_(group) {
  for (const std::string_view key : ledger::kPeerKeys)
    peers_.push_back(AttributeOf(Scope::kSpan, key));
}

base::Result<LedgerTrace> LedgerTraceReader::Read(const TraceView& view, FieldSet& fields,
                                                  Cancellation& cancellation) {
  Fields read{.service = TRY(fields.Get(service_)),
              .operation = TRY(fields.Get(operation_)),
              .status = TRY(fields.Get(status_)),
              .message = TRY(fields.Get(message_)),
              .link_type = TRY(fields.Get(link_type_)),
              .link_span = TRY(fields.Get(link_span_))};
  for (const FieldExpr& peer : peers_) read.peers.push_back(TRY(fields.Get(peer)));
  if (group_ != nullptr) read.group = TRY(fields.Get(*group_));

  const std::vector<uint32_t> spans = WithoutCopies(view);
  Parents parents(view, spans);
  LedgerTrace trace;
  trace.trace.spans.resize(spans.size());
  trace.span_ids.reserve(spans.size());
  // Spans come by start. Times before and after 1970 lie less than 2^64 ns apart.
  if (!spans.empty()) trace.start_unix_nano = view.span(spans.front()).start_unix_nano;
  const auto since_start = [&](int64_t time) {
    return static_cast<uint64_t>(time) - static_cast<uint64_t>(trace.start_unix_nano);
  };
  for (uint32_t place = 0; place < spans.size(); ++place) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    const ViewedSpan& viewed = view.span(spans[place]);
    ledger::Span& span = trace.trace.spans[place];
    span.start_ns = since_start(viewed.start_unix_nano);
    span.end_ns = since_start(std::max(viewed.start_unix_nano, viewed.end_unix_nano));
    span.kind = viewed.kind;
    parents.Set(spans[place], span);
    const SpanAt at = SpanAt::Of(view, spans[place], fields.texts());
    span.follows = Follows(at, read, viewed.parent_span_id);
    ReadSpan(at, read, span);
    trace.span_ids.push_back(viewed.span_id);
    fields.ForgetTexts();
  }
  return trace;
}

void LedgerTraceReader::ReadSpan(const SpanAt& at, const Fields& fields, ledger::Span& span) {
  using model::SpanKind;
  span.service = CodeOf(fields.service->Evaluate(at));
  span.operation = CodeOf(fields.operation->Evaluate(at));
  const Value status = fields.status->Evaluate(at);
  const auto* const code = std::get_if<SpanStatus>(&status.scalar);
  span.error = code != nullptr && *code == SpanStatus::kError;
  if (span.error) span.status_message = CodeOf(fields.message->Evaluate(at));
  if (span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer) {
    span.peer = PeerOf(at, fields);
  }
  if (fields.group != nullptr) span.group = CodeOf(fields.group->Evaluate(at));
}

uint32_t LedgerTraceReader::PeerOf(const SpanAt& at, const Fields& fields) {
  uint32_t poor = ledger::Names::kEmpty;
  for (const Field* const peer : fields.peers) {
    const uint32_t code = CodeOf(peer->Evaluate(at));
    if (code == ledger::Names::kEmpty) continue;
    if (!ledger::IsPoorName(names_.text(code))) return code;
    if (poor == ledger::Names::kEmpty) poor = code;
  }
  return poor;
}

// A link to the parent says that it is no more than that.
bool LedgerTraceReader::Follows(const SpanAt& at, const Fields& fields,
                                const model::SpanId& parent) const {
  return parent.IsValid() && Has(fields.link_type->Evaluate(at), kFollowsFrom) &&
         Has(fields.link_span->Evaluate(at), parent.ToHex());
}

uint32_t LedgerTraceReader::CodeOf(const Value& value) {
  if (value.is_nil()) return ledger::Names::kEmpty;
  const auto* const text = std::get_if<std::string_view>(&value.scalar);
  if (!value.is_array && text != nullptr) return names_.CodeOf(*text);
  return names_.CodeOf(TextOf(value));
}

}  // namespace clew::query

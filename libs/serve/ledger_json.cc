// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_json.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/label.h"
#include "serve/limits.h"
#include "serve/usual_json.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

using ledger::GroupBy;
using ledger::kNone;

class LedgerWriter {
 public:
  explicit LedgerWriter(const LedgerAnswer& answer)
      : answer_(answer),
        account_(answer.ledger.accounts.front()),
        shown_(std::min<size_t>(answer.rows.rows.size(), answer.parameters.row_limit)) {}

  std::string Write() && {
    json_.BeginObject();
    WriteHead();
    WriteRows();
    WriteSegments();
    WriteVerdict();
    WriteDetached();
    WriteGaps();
    json_.Key("usual");
    WriteUsual(answer_.usual,
               {.trace = answer_.trace.trace, .names = answer_.names, .by = answer_.parameters.by},
               json_);
    json_.EndObject();
    return json_.Take();
  }

 private:
  void SpanId(std::string_view key, uint32_t span) {
    json_.Key(key);
    WriteSpanId(span);
  }
  void WriteSpanId(uint32_t span) {
    if (span == kNone) {
      json_.Null();
    } else {
      json_.String(answer_.trace.span_ids[span].ToHex());
    }
  }
  void RowNumber(uint32_t row) {
    json_.Key("row");
    if (row < shown_) {
      json_.Number(int64_t{row});
    } else {
      json_.Null();
    }
  }
  const std::string& Name(uint32_t code) const { return answer_.names.text(code); }
  const ledger::Span& span(uint32_t index) const { return answer_.trace.trace.spans[index]; }

  void WriteSpan(uint32_t index) {
    SpanId("spanId", index);
    json_.TextMember("service", Name(span(index).service));
    json_.TextMember("operation", Name(span(index).operation));
  }

  void WriteHead() {
    json_.TextMember("traceId", answer_.trace_id.ToHex());
    json_.Key("startUnixNano");
    json_.NumberAsString(static_cast<int64_t>(static_cast<uint64_t>(answer_.trace.start_unix_nano) +
                                              account_.start_ns));
    json_.NumberMember("durationNanos", account_.nanos());
    json_.Key("root");
    if (account_.root == kNone) {
      json_.Null();
    } else {
      json_.BeginObject();
      WriteSpan(account_.root);
      json_.EndObject();
    }
    json_.TextMember("by", answer_.parameters.by_text);
  }

  void WriteRows() {
    json_.Key("rows");
    json_.BeginArray();
    for (size_t i = 0; i < shown_; ++i) WriteRow(i);
    json_.EndArray();
    uint64_t nanos = 0, share = 0;
    for (size_t i = shown_; i < answer_.rows.rows.size(); ++i) {
      nanos += answer_.rows.rows[i].nanos;
      share += answer_.rows.rows[i].share;
    }
    json_.Key("rest");
    json_.BeginObject();
    json_.NumberMember("rows", answer_.rows.rows.size() - shown_);
    json_.NumberMember("nanos", nanos);
    json_.NumberMember("share", share);
    json_.EndObject();
  }

  void WriteRow(size_t index) {
    const ledger::Row& row = answer_.rows.rows[index];
    const std::optional<ledger::Usual>& usual = answer_.usual.usual;
    const bool known = usual && !usual->rows.empty();
    const GroupBy by = answer_.parameters.by;
    const bool has_category = by == GroupBy::kOperation || by == GroupBy::kCategory;
    json_.BeginObject();
    json_.TextMember("service", Name(row.owner.service));
    json_.TextMember("operation", Name(row.owner.operation));
    json_.TextMember("category", has_category ? ledger::NameOf(row.owner.category) : "");
    json_.TextMember("peer", Name(row.owner.peer));
    if (by == GroupBy::kAttribute) json_.TextMember("value", Name(row.owner.group));
    json_.TextMember("label", ledger::LabelOf(row.owner, by, answer_.names));
    json_.NumberMember("nanos", row.nanos);
    json_.NumberMember("share", row.share);
    json_.Key("usualNanos");
    if (known) {
      json_.Number(static_cast<int64_t>(usual->rows[index].nanos));
    } else {
      json_.Null();
    }
    json_.Key("usual");
    if (known) {
      WriteUsualRow(usual->rows[index], json_);
    } else {
      json_.Null();
    }
    json_.NumberMember("count", row.span_count);
    json_.NumberMember("dragNanos", row.drag_nanos);
    json_.NumberMember("ambiguousNanos", row.ambiguous_nanos);
    json_.Key("parallelWith");
    WriteSibling(row.parallel_with);
    WriteSpanIds("spans", answer_.rows.SpansOf(row));
    json_.EndObject();
  }

  void WriteSibling(uint32_t index) {
    if (index == kNone) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    SpanId("spanId", index);
    json_.TextMember("label", ledger::LabelOf(span(index), answer_.names));
    json_.EndObject();
  }

  void WriteSpanIds(std::string_view key, std::span<const ledger::RowSpan> spans) {
    json_.Key(key);
    json_.BeginArray();
    for (const auto& one : spans.first(std::min(spans.size(), kMaxSpansOfLedgerRow))) {
      WriteSpanId(one.span);
    }
    json_.EndArray();
  }

  // Of the longest so many, in the order of time.
  std::vector<uint32_t> ShownSegments() const {
    std::vector<uint32_t> shown(account_.segment_count);
    std::iota(shown.begin(), shown.end(), 0u);
    const size_t limit = answer_.parameters.segment_limit;
    if (shown.size() <= limit) return shown;
    const std::span<const ledger::Segment> segments = answer_.ledger.SegmentsOf(account_);
    std::ranges::nth_element(
        shown, shown.begin() + static_cast<ptrdiff_t>(limit), {},
        [&](uint32_t i) { return std::pair(UINT64_MAX - segments[i].nanos(), i); });
    shown.resize(limit);
    std::ranges::sort(shown);
    return shown;
  }

  void WriteSegments() {
    const std::span<const ledger::Segment> segments = answer_.ledger.SegmentsOf(account_);
    uint64_t left_out = account_.nanos();
    const std::vector<uint32_t> shown = ShownSegments();
    json_.Key("segments");
    json_.BeginArray();
    for (const uint32_t place : shown) {
      const ledger::Segment& segment = segments[place];
      left_out -= segment.nanos();
      json_.BeginObject();
      SpanId("spanId", segment.span);
      json_.TextMember("category", ledger::NameOf(segment.category));
      json_.NumberMember("startNanos", segment.start_ns - account_.start_ns);
      json_.NumberMember("endNanos", segment.end_ns - account_.start_ns);
      RowNumber(answer_.rows.row_of_segment[place]);
      json_.Key("ambiguous");
      json_.Bool(segment.ambiguous());
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("segmentsOmitted");
    json_.BeginObject();
    json_.NumberMember("count", segments.size() - shown.size());
    json_.NumberMember("nanos", left_out);
    json_.EndObject();
  }

  void WriteVerdict() {
    json_.Key("verdict");
    json_.BeginObject();
    json_.TextMember("text", answer_.verdict.Text());
    json_.Key("parts");
    json_.BeginArray();
    for (const ledger::Phrase& phrase : answer_.verdict.phrases) {
      json_.BeginObject();
      json_.TextMember("text", phrase.text);
      json_.TextMember("kind", NameOf(phrase.kind));
      RowNumber(phrase.row);
      SpanId("spanId", phrase.span);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
    json_.Key("notes");
    json_.BeginArray();
    for (const ledger::Note& note : answer_.verdict.notes) {
      json_.BeginObject();
      json_.TextMember("text", note.text);
      RowNumber(note.row);
      SpanId("spanId", note.span);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // The accounts of what nobody waited for, the longest first.
  void WriteDetached() {
    std::vector<uint32_t> order(answer_.ledger.accounts.size() - 1);
    std::iota(order.begin(), order.end(), 1u);
    std::ranges::sort(order, {}, [&](uint32_t i) {
      return std::pair(UINT64_MAX - answer_.ledger.accounts[i].nanos(), i);
    });
    order.resize(std::min(order.size(), kMaxDetachedAccounts));
    json_.Key("detached");
    json_.BeginArray();
    for (const uint32_t i : order) WriteAccount(answer_.ledger.accounts[i]);
    json_.EndArray();
  }

  void WriteAccount(const ledger::Account& account) {
    uint64_t wait = 0;
    for (const ledger::Segment& segment : answer_.ledger.SegmentsOf(account)) {
      if (segment.category == ledger::Category::kWait) wait += segment.nanos();
    }
    json_.BeginObject();
    WriteSpan(account.root);
    json_.NumberMember("startNanos", account.start_ns - account_.start_ns);
    json_.NumberMember("durationNanos", account.nanos());
    json_.NumberMember("waitNanos", wait);
    json_.EndObject();
  }

  void WriteGaps() {
    const std::vector<ledger::Stray>& strays = answer_.ledger.strays;
    const auto outside =
        static_cast<size_t>(std::ranges::count_if(strays, &ledger::Stray::outside));
    json_.Key("strays");
    json_.BeginObject();
    json_.NumberMember("clipped", strays.size() - outside);
    json_.NumberMember("outside", outside);
    json_.Key("spans");
    json_.BeginArray();
    for (size_t i = 0; i < std::min(strays.size(), kMaxStraySpans); ++i) {
      WriteSpanId(strays[i].span);
    }
    json_.EndArray();
    json_.EndObject();
    json_.Key("missing");
    json_.BeginObject();
    json_.NumberMember("parents", answer_.ledger.missing_parents);
    json_.NumberMember("orphans", answer_.ledger.orphans);
    json_.NumberMember("otherRoots", answer_.ledger.other_roots);
    json_.EndObject();
    json_.Key("skew");
    json_.BeginObject();
    json_.NumberMember("servers", answer_.ledger.skewed.size());
    json_.Key("corrected");
    json_.Bool(answer_.parameters.options.correct_skew);
    json_.EndObject();
  }

  const LedgerAnswer& answer_;
  const ledger::Account& account_;
  const size_t shown_;  // rows
  wire::JsonWriter json_;
};

}  // namespace

std::string_view NameOf(ledger::Phrase::Kind kind) {
  using enum ledger::Phrase::Kind;
  switch (kind) {
    case kPlain:
      return "plain";
    case kTotal:
      return "total";
    case kRow:
      return "row";
    case kRest:
      return "rest";
    case kError:
      break;
  }
  return "error";
}

std::string LedgerJson(const LedgerAnswer& answer) {
  return LedgerWriter(answer).Write();
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_set_json.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/amount_text.h"
#include "ledger/compare/difference_text.h"
#include "ledger/compare/durations.h"
#include "ledger/label.h"
#include "ledger/shares.h"
#include "serve/ledger_difference_json.h"
#include "serve/ledger_json.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

using ledger::GroupBy;
using ledger::Owner;

constexpr size_t kExamples = 3;  // of a kind

struct SetRow {
  Owner owner;
  const ledger::TimeSketch* sketch;
  // Of a call path: how many are above it, and its time with that of all below it.
  uint32_t depth = 0;
  uint64_t subtree_nanos = 0;
  uint64_t nanos() const { return sketch->sum_nanos(); }
};

// The largest first.
std::vector<SetRow> InOrder(const ledger::GroupedRows& grouped) {
  std::vector<SetRow> rows;
  rows.reserve(grouped.rows().size());
  for (const auto& [owner, sketch] : grouped.rows()) rows.push_back({owner, &sketch});
  std::ranges::sort(
      rows, {}, [](const SetRow& row) { return std::pair(UINT64_MAX - row.nanos(), row.owner); });
  return rows;
}

// Left heavy: callers in front of what they call, the call of most time first.
std::vector<SetRow> InOrder(const ledger::CallPaths& paths) {
  std::vector<SetRow> rows;
  std::vector<uint32_t> depths(paths.nodes().size());
  for (const uint32_t number : paths.LeftHeavy()) {
    const ledger::CallPaths::Node& node = paths.nodes()[number];
    if (node.parent != ledger::kNone) depths[number] = depths[node.parent] + 1;
    rows.push_back({.owner = {.service = node.operation.service, .operation = node.operation.name},
                    .sketch = &node.own,
                    .depth = depths[number],
                    .subtree_nanos = node.nanos});
  }
  return rows;
}

// Of call paths those that have most time with all below them, which with each has its callers; of
// others the first.
std::vector<bool> ShownOf(const std::vector<SetRow>& rows, size_t most) {
  std::vector<size_t> order(rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(~rows[i].subtree_nanos, i); });
  std::vector<bool> shown(rows.size());
  for (size_t i = 0; i < std::min(most, rows.size()); ++i) shown[order[i]] = true;
  return shown;
}

class SetWriter {
 public:
  explicit SetWriter(const SetAnswer& answer) : answer_(answer) {}

  std::string Write() && {
    json_.BeginObject();
    if (answer_.baseline) {
      const ledger::Difference difference =
          ledger::Compare(answer_.set.ledgers, answer_.baseline->ledgers);
      WriteVerdict(ledger::PhrasesOf(difference, answer_.names));
      WriteDifference(difference, answer_.names, json_);
    } else {
      WriteVerdict({{.text = TotalsText()}});
    }
    json_.NumberMember("durationNanos", requests().total_nanos());
    WriteSet("set", requests(), answer_.set_is_cut);
    if (answer_.baseline)
      WriteSet("baseline", answer_.baseline->ledgers.requests, answer_.baseline_is_cut);
    json_.TextMember("by", answer_.parameters.by_text);
    WriteRows();
    if (answer_.attributes) WriteAttributes(*answer_.attributes, json_);
    WriteExamples();
    if (answer_.baseline) WriteDurations();
    WriteNotes();
    json_.EndObject();
    return json_.Take();
  }

 private:
  void Nanos(std::string_view key, double nanos) {
    json_.Key(key);
    json_.Number(int64_t{std::llround(nanos)});
  }
  const std::string& Name(uint32_t code) const { return answer_.names.text(code); }
  const ledger::LedgerSet& requests() const { return answer_.set.ledgers.requests; }

  void WriteVerdict(const std::vector<ledger::Phrase>& phrases) {
    std::string text;
    for (const ledger::Phrase& phrase : phrases) text += phrase.text;
    json_.Key("verdict");
    json_.BeginObject();
    json_.TextMember("text", text);
    json_.Key("parts");
    json_.BeginArray();
    for (const ledger::Phrase& phrase : phrases) {
      json_.BeginObject();
      json_.TextMember("text", phrase.text);
      json_.TextMember("kind", NameOf(phrase.kind));
      if (phrase.row != ledger::kNone) json_.NumberMember("row", phrase.row);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
  }

  // The sentence where nothing is compared: the total, and the three largest rows.
  std::string TotalsText() const {
    if (requests().traces() == 0) return "No traces.";
    std::string text = ledger::AmountText(requests().total_nanos() / requests().traces()) +
                       " on the average (n = " + std::to_string(requests().traces()) + ").";
    const std::vector<SetRow> rows = InOrder(answer_.set.rows);
    const std::vector<uint32_t> shares = SharesOf(rows);
    uint32_t rest = 100;
    for (size_t i = 0; i < std::min<size_t>(rows.size(), 3); ++i) {
      text += (i == 0 ? " " : "; ") + std::to_string(shares[i]) + " % " +
              std::string(ledger::PrepositionOf(rows[i].owner, answer_.parameters.by)) +
              ledger::LabelOf(rows[i].owner, answer_.parameters.by, answer_.names);
      rest -= std::min(rest, shares[i]);
    }
    if (rest < 100) text += rest > 0 ? "; rest " + std::to_string(rest) + " %." : ".";
    return text;
  }

  static std::vector<uint32_t> SharesOf(const std::vector<SetRow>& rows) {
    std::vector<uint64_t> amounts;
    amounts.reserve(rows.size());
    for (const SetRow& row : rows) amounts.push_back(row.nanos());
    return ledger::SharesOf(amounts);
  }

  void WriteSet(std::string_view key, const ledger::LedgerSet& set, bool is_cut) {
    json_.Key(key);
    json_.BeginObject();
    json_.NumberMember("traces", set.traces());
    json_.BoolMember("newestOnly", is_cut);
    Nanos("meanNanos", set.totals().mean());
    Nanos("p50Nanos", set.totals().Quantile(0.5));
    Nanos("p95Nanos", set.totals().Quantile(0.95));
    json_.EndObject();
  }

  // Traces to look at.
  void WriteExamples() {
    json_.Key("examples");
    json_.BeginObject();
    WriteExamplesOf("set", answer_.set.traces);
    if (answer_.baseline) WriteExamplesOf("baseline", answer_.baseline->traces);
    json_.EndObject();
  }
  void WriteExamplesOf(std::string_view key, const std::vector<query::ReadTrace>& traces) {
    const std::vector<uint64_t> nanos = NanosOf(traces);
    json_.Key(key);
    json_.BeginObject();
    WriteTraces("typical", traces, ledger::MostTypical(nanos, kExamples));
    WriteTraces("slowest", traces, ledger::Slowest(nanos, kExamples));
    json_.EndObject();
  }
  void WriteTraces(std::string_view key, const std::vector<query::ReadTrace>& traces,
                   const std::vector<size_t>& chosen) {
    json_.Key(key);
    json_.BeginArray();
    for (const size_t i : chosen) {
      json_.BeginObject();
      json_.TextMember("traceId", traces[i].trace_id.ToHex());
      json_.Key("startUnixNano");
      json_.NumberAsString(traces[i].start_unix_nano);
      json_.NumberMember("durationNanos", traces[i].nanos);
      json_.EndObject();
    }
    json_.EndArray();
  }
  static std::vector<uint64_t> NanosOf(const std::vector<query::ReadTrace>& traces) {
    std::vector<uint64_t> nanos;
    nanos.reserve(traces.size());
    for (const query::ReadTrace& trace : traces) nanos.push_back(trace.nanos);
    return nanos;
  }

  void WriteDurations() {
    const ledger::DurationBins bins =
        ledger::BinsOf(NanosOf(answer_.set.traces), NanosOf(answer_.baseline->traces));
    json_.Key("durations");
    json_.BeginObject();
    json_.NumberMember("fromNanos", bins.from_ns);
    json_.NumberMember("toNanos", bins.to_ns);
    WriteCounts("set", bins.set);
    WriteCounts("baseline", bins.baseline);
    json_.EndObject();
  }
  void WriteCounts(std::string_view key, const std::vector<uint64_t>& counts) {
    json_.Key(key);
    json_.BeginArray();
    for (const uint64_t count : counts) json_.Number(static_cast<int64_t>(count));
    json_.EndArray();
  }

  void WriteNotes() {
    json_.Key("notes");
    json_.BeginArray();
    if (answer_.set_is_cut) WriteCutNote("", requests());
    if (answer_.baseline_is_cut) {
      WriteCutNote("Of what it is compared with: ", answer_.baseline->ledgers.requests);
    }
    const uint64_t unread = answer_.set.attributes.unread +
                            (answer_.baseline ? answer_.baseline->attributes.unread : uint64_t{0});
    if (unread > 0) {
      WriteNote("Attributes of " + std::to_string(unread) +
                " traces were not compared: there is too much of them.");
    }
    json_.EndArray();
  }
  void WriteNote(std::string_view text) {
    json_.BeginObject();
    json_.TextMember("text", text);
    json_.EndObject();
  }
  // Whoever shows it says how more are read in words of its own.
  void WriteCutNote(std::string_view of, const ledger::LedgerSet& set) {
    json_.BeginObject();
    json_.TextMember("text", std::string(of) + "There are more traces than the newest " +
                                 std::to_string(set.traces()) + ".");
    json_.TextMember("parameter", "traces");
    json_.EndObject();
  }

  void WriteRows() {
    const std::vector<SetRow> rows =
        answer_.set.paths ? InOrder(*answer_.set.paths) : InOrder(answer_.set.rows);
    const std::vector<uint32_t> shares = SharesOf(rows);
    const std::vector<bool> shown = ShownOf(rows, answer_.parameters.row_limit);
    uint64_t rest_rows = 0, rest_nanos = 0, rest_share = 0;
    json_.Key("rows");
    json_.BeginArray();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (shown[i]) {
        WriteRow(rows[i], shares[i]);
      } else {
        ++rest_rows;
        rest_nanos += rows[i].nanos();
        rest_share += shares[i];
      }
    }
    json_.EndArray();
    json_.Key("rest");
    json_.BeginObject();
    json_.NumberMember("rows", rest_rows);
    json_.NumberMember("nanos", rest_nanos);
    json_.NumberMember("share", rest_share);
    json_.EndObject();
  }

  void WriteRow(const SetRow& row, uint32_t share) {
    const GroupBy by = answer_.parameters.by;
    const bool is_path = answer_.set.paths.has_value();
    const bool has_category = !is_path && (by == GroupBy::kOperation || by == GroupBy::kCategory);
    json_.BeginObject();
    json_.TextMember("service", Name(row.owner.service));
    json_.TextMember("operation", Name(row.owner.operation));
    json_.TextMember("category", has_category ? ledger::NameOf(row.owner.category) : "");
    json_.TextMember("peer", Name(row.owner.peer));
    if (by == GroupBy::kAttribute) json_.TextMember("value", Name(row.owner.group));
    json_.TextMember("label", ledger::LabelOf(row.owner, by, answer_.names));
    json_.NumberMember("nanos", row.nanos());
    json_.NumberMember("share", share);
    if (is_path) {
      json_.NumberMember("depth", row.depth);
      json_.NumberMember("subtreeNanos", row.subtree_nanos);
    }
    const uint64_t absent = requests().traces() - row.sketch->count();
    ledger::TimeSketch with_absent = *row.sketch;
    with_absent.AddAbsent(absent);
    json_.NumberMember("absent", absent);
    Nanos("p50Nanos", with_absent.Quantile(0.5));
    Nanos("p95Nanos", with_absent.Quantile(0.95));
    json_.EndObject();
  }

  const SetAnswer& answer_;
  wire::JsonWriter json_;
};

}  // namespace

std::string SetJson(const SetAnswer& answer) {
  return SetWriter(answer).Write();
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_set_json.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/amount_text.h"
#include "ledger/compare/culprits.h"
#include "ledger/compare/difference_text.h"
#include "ledger/label.h"
#include "ledger/shares.h"
#include "wire/json_writer.h"

namespace clew::serve {
namespace {

using ledger::GroupBy;
using ledger::Owner;

// The rows of a set under one grouping, the largest first.
struct SetRow {
  Owner owner;
  uint64_t nanos = 0;
  const ledger::TimeSketch* sketch = nullptr;  // only of rows as they are
};

std::vector<SetRow> RowsOf(const ledger::LedgerSet& set, GroupBy by) {
  std::map<Owner, SetRow> grouped;
  for (const auto& [owner, sketch] : set.rows()) {
    const Owner key = ledger::Grouped(owner, by);
    SetRow& row = grouped[key];
    row.owner = key;
    row.nanos += sketch.sum_nanos();
    row.sketch = by == GroupBy::kOperation ? &sketch : nullptr;
  }
  std::vector<SetRow> rows;
  for (const auto& [key, row] : grouped) rows.push_back(row);
  std::ranges::sort(rows, {},
                    [](const SetRow& row) { return std::pair(UINT64_MAX - row.nanos, row.owner); });
  return rows;
}

class SetWriter {
 public:
  explicit SetWriter(const SetAnswer& answer) : answer_(answer) {}

  std::string Write() && {
    json_.BeginObject();
    if (answer_.baseline) {
      WriteDifference(ledger::Compare(answer_.set, *answer_.baseline));
    } else {
      WriteVerdict(TotalsText());
    }
    Number("durationNanos", answer_.set.requests.total_nanos());
    WriteSet("set", answer_.set.requests, answer_.set_is_cut);
    if (answer_.baseline) WriteSet("baseline", answer_.baseline->requests, answer_.baseline_is_cut);
    Text("by", answer_.parameters.by_text);
    WriteRows();
    WriteNotes();
    json_.EndObject();
    return json_.Take();
  }

 private:
  void Text(std::string_view key, std::string_view text) {
    json_.Key(key);
    json_.String(text);
  }
  void Number(std::string_view key, uint64_t number) {
    json_.Key(key);
    json_.Number(static_cast<int64_t>(number));
  }
  void Nanos(std::string_view key, double nanos) {
    json_.Key(key);
    json_.Number(int64_t{std::llround(nanos)});
  }
  void Real(std::string_view key, double value) {
    json_.Key(key);
    json_.Number(value);
  }
  void Bool(std::string_view key, bool value) {
    json_.Key(key);
    json_.Bool(value);
  }
  const std::string& Name(uint32_t code) const { return answer_.names.text(code); }

  void WriteVerdict(std::string_view text) {
    json_.Key("verdict");
    json_.BeginObject();
    Text("text", text);
    json_.EndObject();
  }

  // The sentence where nothing is compared: the total, and the three largest rows.
  std::string TotalsText() const {
    if (answer_.set.requests.traces() == 0) return "No traces.";
    std::string text =
        ledger::AmountText(answer_.set.requests.total_nanos() / answer_.set.requests.traces()) +
        " on the average (n = " + std::to_string(answer_.set.requests.traces()) + ").";
    const std::vector<SetRow> rows = RowsOf(answer_.set.requests, answer_.parameters.by);
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
    for (const SetRow& row : rows) amounts.push_back(row.nanos);
    return ledger::SharesOf(amounts);
  }

  void WriteSet(std::string_view key, const ledger::LedgerSet& set, bool is_cut) {
    json_.Key(key);
    json_.BeginObject();
    Number("traces", set.traces());
    Bool("newestOnly", is_cut);
    Nanos("meanNanos", set.totals().mean());
    Nanos("p50Nanos", set.totals().Quantile(0.5));
    Nanos("p95Nanos", set.totals().Quantile(0.95));
    json_.EndObject();
  }

  void WriteNotes() {
    json_.Key("notes");
    json_.BeginArray();
    if (answer_.set_is_cut) WriteNote(CutText(answer_.set.requests));
    if (answer_.baseline_is_cut) {
      WriteNote("Of what it is compared with: " + CutText(answer_.baseline->requests));
    }
    json_.EndArray();
  }
  void WriteNote(std::string_view text) {
    json_.BeginObject();
    Text("text", text);
    json_.EndObject();
  }
  static std::string CutText(const ledger::LedgerSet& set) {
    return "There are more traces than the newest " + std::to_string(set.traces()) +
           "; traces=… reads more.";
  }

  void WriteRows() {
    const std::vector<SetRow> rows = RowsOf(answer_.set.requests, answer_.parameters.by);
    const std::vector<uint32_t> shares = SharesOf(rows);
    const size_t shown = std::min<size_t>(rows.size(), answer_.parameters.row_limit);
    uint64_t rest_nanos = 0, rest_share = 0;
    json_.Key("rows");
    json_.BeginArray();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i < shown) {
        WriteRow(rows[i], shares[i]);
      } else {
        rest_nanos += rows[i].nanos;
        rest_share += shares[i];
      }
    }
    json_.EndArray();
    json_.Key("rest");
    json_.BeginObject();
    Number("rows", rows.size() - shown);
    Number("nanos", rest_nanos);
    Number("share", rest_share);
    json_.EndObject();
  }

  void WriteRow(const SetRow& row, uint32_t share) {
    json_.BeginObject();
    Text("service", Name(row.owner.service));
    Text("operation", Name(row.owner.operation));
    Text("category", answer_.parameters.by == GroupBy::kService
                         ? std::string_view()
                         : ledger::NameOf(row.owner.category));
    Text("peer", Name(row.owner.peer));
    Text("label", ledger::LabelOf(row.owner, answer_.parameters.by, answer_.names));
    Number("nanos", row.nanos);
    Number("share", share);
    if (row.sketch != nullptr) {
      const uint64_t absent = answer_.set.requests.traces() - row.sketch->count();
      ledger::TimeSketch with_absent = *row.sketch;
      with_absent.AddAbsent(absent);
      Number("absent", absent);
      Nanos("p50Nanos", with_absent.Quantile(0.5));
      Nanos("p95Nanos", with_absent.Quantile(0.95));
    }
    json_.EndObject();
  }

  void WriteDifference(const ledger::Difference& difference) {
    WriteVerdict(ledger::TextOf(difference, answer_.names));
    json_.Key("difference");
    json_.BeginObject();
    Bool("nothingStandsOut", difference.nothing_stands_out());
    Bool("detached", difference.detached);
    Number("compared", difference.compared);
    Number("leftOut", difference.left_out);
    Nanos("mixNanos", difference.mix_ns);
    Nanos("changeNanos", difference.change_ns);
    json_.Key("services");
    json_.BeginArray();
    for (const ledger::Culprit& culprit : ledger::CulpritsOf(difference)) {
      WriteCulprit(culprit, difference);
    }
    json_.EndArray();
    json_.EndObject();
  }

  void WriteCulprit(const ledger::Culprit& culprit, const ledger::Difference& difference) {
    using Reason = ledger::Culprit::Reason;
    json_.BeginObject();
    Text("service", Name(culprit.service));
    if (culprit.reason == Reason::kErrors) {
      Text("reason", "errors");
      WriteOperation(difference.errors[culprit.index].entry);
      WriteShares(difference.errors[culprit.index].shares);
    } else if (culprit.reason == Reason::kLostStep) {
      const ledger::LostStep& lost = difference.lost_steps[culprit.index];
      Text("reason", "missing");
      WriteOperation(lost.entry);
      WriteShares(lost.shares);
      Text("missingService", Name(lost.step.service));
      Text("missingOperation", Name(lost.step.name));
    } else {
      const ledger::Suspect& suspect = difference.suspects[culprit.index];
      Text("reason", ledger::NameOf(culprit.category));
      Bool("standsOut", suspect.stands_out);
      Real("score", suspect.score);
      WriteGrowth(suspect.growth);
      WriteParts(suspect);
    }
    json_.EndObject();
  }

  void WriteOperation(const ledger::Operation& operation) {
    Text("inService", Name(operation.service));
    Text("operation", Name(operation.name));
  }
  void WriteShares(const ledger::Shares& shares) {
    Bool("standsOut", true);
    Real("share", shares.now);
    Real("usualShare", shares.usual);
    Number("visits", shares.visits);
  }
  void WriteGrowth(const ledger::Growth& growth) {
    Nanos("meanNanos", growth.now_ns);
    Nanos("usualNanos", growth.usual_ns);
  }

  void WriteParts(const ledger::Suspect& suspect) {
    json_.Key("parts");
    json_.BeginArray();
    for (const ledger::PartGrowth& part : suspect.parts) {
      const Owner owner{.service = part.part.service,
                        .operation = part.operation,
                        .peer = part.part.peer,
                        .category = part.part.category};
      json_.BeginObject();
      Text("label", ledger::LabelOf(owner, GroupBy::kOperation, answer_.names));
      Text("service", Name(owner.service));
      Text("operation", Name(owner.operation));
      Text("peer", Name(owner.peer));
      Text("category", ledger::NameOf(owner.category));
      WriteGrowth(part.growth);
      Nanos("growthLowNanos", part.bounds.low);
      Nanos("growthHighNanos", part.bounds.high);
      Real("q", part.q);
      Bool("standsOut", part.stands_out);
      json_.EndObject();
    }
    json_.EndArray();
  }

  const SetAnswer& answer_;
  wire::JsonWriter json_;
};

}  // namespace

std::string SetJson(const SetAnswer& answer) {
  return SetWriter(answer).Write();
}

}  // namespace clew::serve

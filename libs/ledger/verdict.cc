// SPDX-License-Identifier: Apache-2.0
// The total comes first, then at most three parts, each with its share of the whole, and the
// rest, so that what is read adds up to 100 %. Time is "in" something, never "caused by" it.
// Where it is known what is usual, parts are what is not within its range, and if that is
// nothing, the sentence says so.
#include "ledger/verdict.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/stable_sort.h"
#include "ledger/amount_text.h"
#include "ledger/label.h"

namespace clew::ledger {
namespace {

constexpr size_t kMostParts = 3;
constexpr uint32_t kLeastShare = 5;      // of a part that is told, but the first
constexpr uint64_t kNotableParts = 100;  // what is less than one of so many parts is no matter

std::string Percent(uint32_t share) {
  return std::to_string(share) + " %";
}

std::string Counted(uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

class Writer {
 public:
  explicit Writer(const VerdictInput& input)
      : input_(input), account_(input.ledger.accounts.front()) {}

  Verdict Write() && {
    AddTotal();
    if (!input_.rows.rows.empty()) AddParts();
    AddGone();
    AddError();
    NoteReference();
    NoteSavings();
    NoteGaps();
    NoteClocks();
    NoteDetached();
    return std::move(verdict_);
  }

 private:
  using Kind = Phrase::Kind;

  void Add(std::string text, Kind kind = Kind::kPlain, uint32_t row = kNone,
           uint32_t span = kNone) {
    verdict_.phrases.push_back({std::move(text), kind, row, span});
  }
  void Note(std::string text, uint32_t row = kNone, uint32_t span = kNone) {
    verdict_.notes.push_back({std::move(text), row, span});
  }
  bool usual_by_rows() const { return input_.usual != nullptr && !input_.usual->rows.empty(); }
  const Row& row(uint32_t index) const { return input_.rows.rows[index]; }
  std::string LabelOfSpan(uint32_t span) const {
    return LabelOf(input_.trace.spans[span], input_.names);
  }
  std::string LabelOfRow(uint32_t index) const {
    return LabelOf(row(index).owner, input_.by, input_.names);
  }

  // Without the callee's name.
  std::string NameInNote(Owner owner) const {
    if (owner.category == Category::kCallee) owner.category = Category::kSelf;
    return LabelOf(owner, input_.by, input_.names);
  }

  void AddTotal() {
    Add(AmountText(account_.nanos()), Kind::kTotal);
    if (input_.usual != nullptr) {
      Add(" (normally " + AmountText(input_.usual->nanos) + ")");
    }
    Add(".");
  }

  // The rows that take most.
  std::vector<uint32_t> Largest() const {
    std::vector<uint32_t> rows;
    for (uint32_t i = 0; i < input_.rows.rows.size() && rows.size() < kMostParts; ++i) {
      if (i == 0 || row(i).share >= kLeastShare) rows.push_back(i);
    }
    return rows;
  }

  // Those that are out of their usual range, the largest growth first.
  std::vector<uint32_t> Unusual() const {
    std::vector<uint32_t> rows;
    for (uint32_t i = 0; i < input_.rows.rows.size(); ++i) {
      if (!input_.usual->rows[i].within) rows.push_back(i);
    }
    base::StableSort(
        rows, [&](uint32_t left, uint32_t right) { return GrowthOf(left) > GrowthOf(right); });
    if (rows.size() > kMostParts) rows.resize(kMostParts);
    return rows;
  }

  // In nanoseconds; what shrank comes last.
  int64_t GrowthOf(uint32_t index) const {
    const auto usual = static_cast<double>(input_.usual->nanos) *
                       static_cast<double>(input_.usual->rows[index].share) / 100;
    return static_cast<int64_t>(static_cast<double>(row(index).nanos) - usual);
  }

  void AddParts() {
    chosen_ = usual_by_rows() ? Unusual() : Largest();
    if (!chosen_.empty()) {
      TellChosen(usual_by_rows());
    } else if (input_.usual->gone.empty()) {
      // Where the time goes is worth a word, even if it always does.
      chosen_ = Largest();
      TellChosen(false);
      Add(" Nothing stands out: every row is within its usual range (n = " +
          std::to_string(input_.usual->trace_count) + ").");
    }
  }

  void TellChosen(bool with_usual) {
    uint32_t told = 0;
    for (const uint32_t index : chosen_) {
      Add(index == chosen_.front() ? " " : "; ");
      Add(PartText(index), Kind::kRow, index);
      if (with_usual) Add(" (normally " + Percent(input_.usual->rows[index].share) + ")");
      told += row(index).share;
    }
    if (told < 100) {
      Add("; ");
      Add("rest " + Percent(100 - told), Kind::kRest);
      if (with_usual && AllOthersAreUsual()) Add(" as usual");
    }
    Add(".");
  }

  // Those that are not told.
  bool AllOthersAreUsual() const {
    const auto unusual =
        std::ranges::count_if(input_.usual->rows, [](const auto& row) { return !row.within; });
    return static_cast<size_t>(unusual) == chosen_.size();
  }

  // What the trace lacks may be why it is fast.
  void AddGone() {
    if (input_.usual == nullptr || input_.usual->gone.empty()) return;
    const Usual::Gone& gone = input_.usual->gone.front();
    const std::string_view preposition = PrepositionOf(gone.owner, input_.by);
    Add(" No " + (preposition.empty() ? "" : "time " + std::string(preposition)) +
        LabelOf(gone.owner, input_.by, input_.names) + " (normally " + Percent(gone.usual.share) +
        ").");
  }

  std::string PartText(uint32_t index) const {
    std::string text = Percent(row(index).share) + " " +
                       std::string(PrepositionOf(row(index).owner, input_.by)) + LabelOfRow(index);
    if (IsMostlyAmbiguous(row(index))) {
      text += ", in parallel with " + LabelOfSpan(row(index).parallel_with);
    }
    return text;
  }

  static bool IsMostlyAmbiguous(const Row& row) { return row.ambiguous_nanos > row.nanos / 2; }

  void AddError() {
    const uint32_t span = FirstError(input_.trace);
    if (span == kNone) return;
    const std::string& message = input_.names.text(input_.trace.spans[span].status_message);
    Add(" ");
    Add("First error: " + LabelOfSpan(span) + (message.empty() ? "" : ", " + message), Kind::kError,
        kNone, span);
    Add(".");
  }

  void NoteReference() {
    if (!input_.usual_note.empty()) Note(input_.usual_note);
    if (input_.usual == nullptr) return;
    Note("Against " + input_.usual->reference + ", " +
         Counted(input_.usual->trace_count, "trace", "traces") + ".");
  }

  void NoteSavings() {
    for (const uint32_t index : chosen_) {
      const uint64_t lost = row(index).nanos - row(index).drag_nanos;
      if (row(index).rival == kNone || lost <= account_.nanos() / kNotableParts) continue;
      Note(NameInNote(row(index).owner) + " runs in parallel with " +
               LabelOfSpan(row(index).rival) + ": at most " + AmountText(row(index).drag_nanos) +
               " can be saved here.",
           index, row(index).rival);
    }
  }

  void NoteGaps() {
    const TraceLedger& ledger = input_.ledger;
    if (account_.root == kNone) {
      Note("The root was not received; its time is that from its first child to its last.");
    }
    if (ledger.missing_parents > 0) {
      Note(Counted(ledger.missing_parents, "parent was", "parents were") + " not received: " +
           Counted(ledger.orphans, "span below is", "spans below are") + " placed by time.");
    }
    const auto outside =
        static_cast<uint64_t>(std::ranges::count_if(ledger.strays, &Stray::outside));
    const auto clipped =
        static_cast<uint64_t>(std::ranges::count_if(ledger.strays, [&](const Stray& stray) {
          return !stray.outside && stray.lost_ns > account_.nanos() / kNotableParts;
        }));
    if (outside > 0) {
      Note(Counted(outside, "span lies", "spans lie") + " outside " +
           (outside == 1 ? "its parent" : "their parents") + " and " +
           (outside == 1 ? "counts" : "count") + " for nothing.");
    }
    if (clipped > 0) {
      Note(Counted(clipped, "span is", "spans are") + " partly outside " +
           (clipped == 1 ? "its parent" : "their parents") + ": only what is inside counts.");
    }
  }

  void NoteClocks() {
    const size_t count = input_.ledger.skewed.size();
    if (count == 0) return;
    const uint32_t first = input_.ledger.skewed.front();
    const std::string who = Counted(count, "server span", "server spans");
    if (input_.skew_corrected) {
      Note("Clocks differ: " + who + " moved into the middle of " +
               (count == 1 ? "its client" : "their clients") + ", with all below.",
           kNone, first);
    } else {
      Note("Clocks differ: " + who + (count == 1 ? " is" : " are") + " not inside " +
               (count == 1 ? "its client" : "their clients") + ". Skew can be corrected.",
           kNone, first);
    }
  }

  void NoteDetached() {
    const size_t count = input_.ledger.accounts.size() - 1;
    if (count == 0) return;
    const bool one = count == 1;
    Note("Nobody waited for " + Counted(count, "span", "spans") +
             (one ? " (a consumer" : " (consumers") +
             " or FOLLOWS_FROM): " + (one ? "it" : "they") + " and what is below have " +
             (one ? "an account" : "accounts") + " of their own.",
         kNone, input_.ledger.accounts[1].root);
  }

  const VerdictInput& input_;
  const Account& account_;
  std::vector<uint32_t> chosen_;
  Verdict verdict_;
};

}  // namespace

std::string Verdict::Text() const {
  std::string text;
  for (const Phrase& phrase : phrases) text += phrase.text;
  return text;
}

Verdict VerdictOf(const VerdictInput& input) {
  CHECK(!input.ledger.accounts.empty());
  CHECK(input.usual == nullptr || input.usual->rows.empty() ||
        input.usual->rows.size() == input.rows.rows.size());
  return Writer(input).Write();
}

uint32_t FirstError(const Trace& trace) {
  std::vector<bool> has_error_below(trace.spans.size());
  for (const Span& span : trace.spans) {
    if (span.error && span.parent < trace.spans.size()) has_error_below[span.parent] = true;
  }
  uint32_t first = kNone;
  for (uint32_t span = 0; span < trace.spans.size(); ++span) {
    if (!trace.spans[span].error || has_error_below[span]) continue;
    if (first == kNone || trace.spans[span].end_ns < trace.spans[first].end_ns) first = span;
  }
  return first;
}

}  // namespace clew::ledger

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/rows.h"

namespace clew::ledger {

// A piece of a sentence, and what it speaks of.
struct Phrase {
  enum class Kind : uint8_t { kPlain, kTotal, kRow, kRest, kError };

  std::string text;
  Kind kind = Kind::kPlain;
  uint32_t row = kNone;   // of kRow
  uint32_t span = kNone;  // of kError
};

struct Note {
  std::string text;
  uint32_t row = kNone;
  uint32_t span = kNone;
};

// Where the time went, in a sentence or two, and beside it what a reader should know before
// believing them. Equal arguments give equal bytes.
struct Verdict {
  std::vector<Phrase> phrases;
  std::vector<Note> notes;

  std::string Text() const;  // of the phrases
};

// What is usual for traces of this kind.
struct Usual {
  struct OfRow {
    uint32_t share = 0;                        // whole per cent of the usual trace
    bool within = false;                       // the row is in its usual range
    uint64_t nanos = 0;                        // of the usual trace; the rows add up to it
    uint64_t median_nanos = 0, p95_nanos = 0;  // of one trace
    uint64_t trace_count = 0;                  // that have the row
    uint32_t slower_than = 0;                  // so many in 1000 of the traces
  };
  // A row that the usual trace has and this one does not.
  struct Gone {
    Owner owner;
    OfRow usual;
  };

  uint64_t nanos = 0;        // of the usual trace
  uint32_t trace_count = 0;  // it is known from so many
  std::string reference;     // which these are: "14:00–15:00 yesterday"
  // Of Rows::rows, in their order; empty: it is not known by rows.
  std::vector<OfRow> rows{};
  std::vector<Gone> gone{};  // the largest first; those that nearly every trace has
  uint64_t p95_nanos = 0;
  uint32_t slower_than = 0;  // this trace, in 1000
};

struct VerdictInput {
  const Trace& trace;
  const Names& names;
  const TraceLedger& ledger;
  const Rows& rows;  // of the first account
  GroupBy by = GroupBy::kOperation;
  const Usual* usual = nullptr;  // null: nothing is known
  // Why nothing is known, as a sentence; empty: there is nothing to say of it.
  std::string usual_note{};
  bool skew_corrected = false;
};

// REQUIRES: the trace has spans; of usual rows none or as many as rows
Verdict VerdictOf(const VerdictInput& input);

// The span that went wrong first: of those with an error and none below them, the one that ended
// first. kNone: there is no error.
uint32_t FirstError(const Trace& trace);

}  // namespace clew::ledger

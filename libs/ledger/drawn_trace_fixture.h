// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "ledger/rows.h"

// Traces as they are drawn in docs/ledger.md and in tests:
//
//   a shop GET /      server |==========|
//   b   shop charge   client | ======== |
//   c     pay Charge  server |   ====   |
//
// A letter, two spaces for each span above, the service, the operation, the kind and what else is
// to be said: error, follows, peer=NAME, parent=NAME for one that was not received, group=NAME.
// The bar starts at the first |, a millisecond a column; ! is a span without length.
namespace clew::ledger {

struct Drawing {
  Trace trace;
  Names names;
  std::string letters;  // of the spans
};

// Ends the process when the text is none.
void ReadDrawing(std::string_view text, Drawing& drawing);

// The drawing with what becomes of it: a line with the letter of each instant's owner (? missing,
// . idle), the rows, what nobody waited for, the sentence where it is asked for, and notes.
struct Explaining {
  GroupBy by = GroupBy::kOperation;
  LedgerOptions options{};
  bool says = false;  // the sentence
};
std::string Explained(std::string_view text, const Explaining& how);

}  // namespace clew::ledger

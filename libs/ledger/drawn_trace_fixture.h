// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/document_fixture.h"
#include "ledger/ledger.h"
#include "ledger/rows.h"

// Traces as they are drawn in docs/ledger.md and in tests:
//
//   a shop GET /      server |==========|
//   b   shop charge   client | ======== |
//   c     pay Charge  server |   ====   |
//
// A letter, two spaces for each span above, the service, the operation, the kind and what else is
// to be said: error, follows, peer=NAME, parent=NAME for one that was not received, group=NAME,
// id=NAME where ids are not unique, any other KEY=VALUE for an attribute.
// The bar starts at the first |, a millisecond a column; ! is a span without length. A column of ~
// is a break, which each line has at the same place: a hundred milliseconds.
namespace clew::ledger {

struct DrawnAttribute {
  uint32_t span = 0;
  std::string key, value;
};

// As they are drawn; empty: they are not.
struct DrawnIds {
  std::string id, parent;
};

struct Drawing {
  Trace trace;
  Names names;
  std::string letters;         // of the spans
  std::vector<DrawnIds> ids;   // of the spans; what they mean is for who gives ids to say
  std::vector<size_t> breaks;  // columns of ~
  std::vector<DrawnAttribute> attributes;

  // When a column begins.
  uint64_t NanosAt(size_t column) const;
};

// Ends the process when the text is none.
void ReadDrawing(std::string_view text, Drawing& drawing);

// What is asked of a drawing.
struct Explaining {
  // operation, service, category, path, or else what Span::group has.
  std::vector<std::string> by = {"operation"};
  LedgerOptions options{};
  bool says = false;  // the sentence
};

// As the title of an example has it: by=service,category skew=correct verdict.
Explaining AskedBy(const PageExample& example);

// What becomes of it: a line with the letter of each instant's owner (? missing, . idle), below
// the drawing, whose bars begin in column `indent`; the rows, what nobody waited for, the sentence
// where it is asked for, and notes.
std::string Explained(const Drawing& drawing, size_t indent, const Explaining& how);

}  // namespace clew::ledger

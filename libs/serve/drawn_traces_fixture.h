// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ledger/document_fixture.h"
#include "query/test_spans.h"

// Many traces as docs/ledger.md and docs/comparison.md draw them:
//
//   $ clew why --q '{ span.v = "2" }' --vs '{ span.v = "1" }'
//
//   40 x                      so many traces like the next drawing, a second after each other
//   a shop GET / server v=1 |==========|
//
//   5 x in minutes 0 to 9     so many in each of these
//   …
//   this one                  the one that is asked for
//   …
//
// The rules of a drawing are in ledger/drawn_trace_fixture.h; a # in it is the trace's number.
namespace clew::serve {

struct DrawnGroup {
  uint32_t count = 0;
  bool by_minute = false;
  uint32_t first_minute = 0, last_minute = 0;
  bool is_asked_for = false;
  std::string drawing{};
};

struct DrawnTraces {
  std::string command{};  // what stands behind "clew why"; empty: nothing
  std::vector<DrawnGroup> groups{};
};
DrawnTraces ReadTraces(const ledger::PageExample& example);

// What the API says of them.
class DrawnStore {
 public:
  explicit DrawnStore(const std::vector<DrawnGroup>& groups);

  using Parameters = std::vector<std::pair<std::string, std::string>>;
  // JSON, or the error. REQUIRES: one trace is asked for
  std::string LedgerOfTheOne(Parameters parameters) const;
  std::string LedgerOfMany(Parameters parameters) const;
  // Of the first trace that is drawn it is 1.
  static uint32_t NumberOf(const std::string& trace_id);

 private:
  void Add(const DrawnGroup& group);
  void AddTrace(const DrawnGroup& group, int64_t start_unix_nano);

  store::Memtable memtable_;
  uint32_t traces_ = 0;
  uint32_t asked_for_ = 0;
};

}  // namespace clew::serve

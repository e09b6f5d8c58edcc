// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "derive/usual_times.h"
#include "ledger/ledger.h"
#include "model/ids.h"
#include "query/ledger_sets.h"

namespace clew::query {

// Which traces say what is usual.
enum class UsualReference : uint8_t {
  kHour,    // of blocks that end in the hour before the trace
  kDay,     // in the day before
  kAll,     // earlier ones too, the newest first
  kNewest,  // the newest before it, wherever they are: as many as there was time for
};
std::string_view NameOf(UsualReference reference);  // "hour", …

// The trace that something is usual for.
struct UsualRequest {
  model::TraceId trace_id;
  std::string service, name;    // of its root
  int64_t start_unix_nano = 0;  // of its root
  // As its own ledger was made. Blocks know ledgers without any option only.
  ledger::LedgerOptions options{};
};

struct FoundUsual {
  derive::OperationTimes times{};  // of no traces when there are none
  UsualReference reference = UsualReference::kNewest;
  bool in_time = true;  // false: there may be more, the search ended because of the time it took
};

// Traces that begin with the same operation and started before it, so that it never is among them.
// First what blocks say that end before it, an hour, a day, all of them; where that is of fewer
// than kEnoughUsualTraces, the newest so many are read. What blocks cannot say is noted and left
// out. kCancelled; kExhausted over the memory budget.
base::Result<FoundUsual> FindUsual(const LedgerSources& from, const UsualRequest& request);

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/rows.h"
#include "serve/api.h"
#include "traceql/ast.h"

namespace clew::serve {

struct LedgerParameters {
  ledger::GroupBy by = ledger::GroupBy::kOperation;
  std::string by_text = "operation";              // as it is printed
  std::optional<traceql::FieldExpr> attribute{};  // of GroupBy::kAttribute
  ledger::LedgerOptions options{};
  bool with_usual = true;
  uint32_t row_limit = 0;
  uint32_t segment_limit = 0;
};

// What spans are grouped by; null: they are not.
inline const traceql::FieldExpr* GroupOf(const LedgerParameters& parameters) {
  return parameters.attribute ? &*parameters.attribute : nullptr;
}

// Of `by` operation, service, category or a field of TraceQL, of `skew` off or correct, of `usual`
// on or off, of `rows` and `segments` how many. kInvalidArgument says what is wrong, and of others
// that there is none.
base::Result<LedgerParameters> ParseLedgerParameters(const ApiRequest& request);

}  // namespace clew::serve

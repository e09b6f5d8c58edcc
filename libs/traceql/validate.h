// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "traceql/ast.h"
#include "traceql/cursor.h"

namespace clew::traceql {

// kInvalid: it can mean nothing. kUnsupported: it could, but is not answered (yet).
enum class FaultKind : uint8_t { kInvalid, kUnsupported };

// What is wrong with a query that parses.
struct Fault {
  FaultKind kind = FaultKind::kInvalid;
  Position position{};
  std::string message{};  // begins as Tempo's does
};

using ValidationStatus = base::Result<std::monostate, Fault>;

// Checks types, arguments and limits. With Dialect::kTempo what Tempo does not support is
// not supported either, though we do.
ValidationStatus Validate(const Query& query, Dialect dialect = Dialect::kClew);

}  // namespace clew::traceql

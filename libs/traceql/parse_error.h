// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "traceql/token.h"

namespace clew::traceql {

// Why a text is no query.
struct ParseError {
  Position position{};
  std::string found{};                  // as Tempo names tokens; empty when that is not the point
  std::vector<std::string> expected{};  // what could stand there instead; empty when it is a lot
  std::string what{};  // `syntax error: unexpected X, expecting A or B`, `unknown identifier: x`
  std::string hint{};  // what to do about it, in a sentence; may be empty
  bool whole = false;  // The text as a whole is at fault; `what` is all there is to say.

  // `parse error at line L, col C: …` exactly as Tempo writes it, without the hint.
  std::string Message() const;
  // The same with the hint after it.
  std::string MessageWithHint() const;
};

template <typename T>
using ParseResult = base::Result<T, ParseError>;
using ParseStatus = base::Result<std::monostate, ParseError>;

}  // namespace clew::traceql

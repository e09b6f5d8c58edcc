// SPDX-License-Identifier: Apache-2.0
#include "traceql/parse_error.h"

namespace clew::traceql {

std::string ParseError::Message() const {
  if (whole) return what;
  return "parse error at line " + std::to_string(position.line) + ", col " +
         std::to_string(position.column) + ": " + what;
}

std::string ParseError::MessageWithHint() const {
  return hint.empty() ? Message() : Message() + " (" + hint + ")";
}

}  // namespace clew::traceql

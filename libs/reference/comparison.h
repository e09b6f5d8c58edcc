// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "reference/field_value.h"
#include "traceql/operators.h"
#include "traceql/static.h"

namespace clew::reference {

// Compares values by the rules of the language. Remembers the patterns that it compiled.
class Comparer {
 public:
  // False when a side is missing, when the types do not go together, or when both are
  // arrays. Of an array = < <= > >= =~ ask for one element that compares so, != and !~ for
  // all to.
  bool Compare(traceql::BinaryOperator op, const FieldValue& left, const FieldValue& right);
  bool Compare(traceql::BinaryOperator op, const traceql::Static& left,
               const traceql::Static& right);

 private:
  // Null when it is no pattern.
  const re2::RE2* Compiled(const std::string& pattern);
  bool CompareTexts(traceql::BinaryOperator op, const std::string& left, const std::string& right);

  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns_;
};

}  // namespace clew::reference

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <utility>
#include <vector>

#include "traceql/static.h"

namespace clew::reference {

// What an expression gives for one span: nothing, one value, or an array of them, which may
// be empty.
struct FieldValue {
  bool is_array = false;
  std::vector<traceql::Static> values{};  // none of them Nil; one at most unless it is an array

  static FieldValue Of(traceql::Static value) { return {.values = {std::move(value)}}; }
  bool present() const { return is_array || !values.empty(); }
  bool operator==(const FieldValue& other) const;  // as ordered by OrderOf
};

// The order that sort() gives and that tells groups apart: numbers (equal ones by type: int,
// float, duration; NaN last), strings by their bytes, booleans, status, kind, arrays by their
// elements, and last what is missing.
std::weak_ordering OrderOf(const FieldValue& left, const FieldValue& right);

bool IsNaN(const FieldValue& value);

// A literal as it would stand in a query, an array as [a, b], nothing as nil.
std::string TextOf(const FieldValue& value);

}  // namespace clew::reference

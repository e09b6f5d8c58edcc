// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "query/eval/regexes.h"
#include "query/eval/trace_view.h"
#include "query/eval/value.h"
#include "store/memtable.h"
#include "traceql/ast.h"

namespace clew::query {

// An expression on a span, made ready for the rows of one memtable. One thread.
class Field {
 public:
  virtual ~Field() = default;
  virtual Value Evaluate(const TraceView& trace, uint32_t span) const = 0;
};

// `expr`, `memtable` and `regexes` outlive it; so do the rows it is asked for: columns
// that the memtable gets later are not seen.
std::unique_ptr<Field> MakeField(const traceql::FieldExpr& expr, const store::Memtable& memtable,
                                 Regexes& regexes);

// Whether a filter takes a span for which its expression is `value`.
bool IsTrue(const Value& value);

}  // namespace clew::query

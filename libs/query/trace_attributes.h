// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "ledger/compare/attributes.h"
#include "query/cancellation.h"
#include "query/eval/field_set.h"
#include "query/eval/trace_view.h"
#include "query/memory_budget.h"
#include "traceql/ast.h"

namespace clew::query {

// What the spans of a set's traces have, each value once a trace.
struct SetAttributes {
  // Past so many bytes, near enough, traces are counted and not read.
  static constexpr uint64_t kMostBytes = uint64_t{24} << 20;

  std::vector<ledger::TraceAttributes> traces{};
  uint64_t bytes = 0;
  uint64_t unread = 0;
};

// Reads attributes of traces for ledger::CompareAttributes: those of spans and resources as TraceQL
// prints them ("span.http.method"), and name, status and statusMessage of spans. A value is what
// TraceQL prints, but that a text is itself behind one quote. Texts that are empty or longer than
// kMostText are not read. Its memory is bounded. One thread.
class TraceAttributeReader {
 public:
  static constexpr size_t kMostText = 1024;
  // A key with more values than these says nothing of a trace: it is read no further.
  static constexpr size_t kMostValues = 4096;

  // Both outlive it; `memory` may be null.
  TraceAttributeReader(ledger::Names& texts, MemoryBudget* memory);
  // Sources remember the expressions by their place.
  TraceAttributeReader(const TraceAttributeReader&) = delete;
  TraceAttributeReader& operator=(const TraceAttributeReader&) = delete;

  // Adds a trace that took `nanos`. `fields` are those of its source. kCancelled; kExhausted when
  // the budget is.
  base::Status Read(const TraceView& view, FieldSet& fields, uint64_t nanos,
                    Cancellation& cancellation, SetAttributes& set);

  // Keys with more than kMostValues, ascending. Some of their values may be in the sets.
  std::vector<uint32_t> KeysOfTooMany() const;

 private:
  // A field to read, its key, and the value it had last.
  struct Column {
    const Field* field;
    uint32_t key;
    uint32_t last;
  };
  base::Result<std::vector<Column>> ColumnsOf(FieldSet& fields);
  void Add(Column& column, const Value& value);
  uint32_t CodeOf(const Scalar& scalar);
  // Makes what was found of a trace ascending and each once, counts values of keys, and charges
  // new texts.
  base::Status Settle();

  ledger::Names& texts_;
  MemoryBudget* const memory_;
  const std::array<traceql::FieldExpr, 3> intrinsics_;
  std::vector<ledger::Attribute> found_;                               // of the present trace
  std::unordered_map<uint32_t, std::unordered_set<uint32_t>> values_;  // by key
  std::unordered_set<uint32_t> too_many_;
  uint64_t text_bytes_ = 0, charged_text_bytes_ = 0;
  std::string text_;
};

// The keys that the filters of a query ask for, as codes of `texts`: in whichever place an
// attribute is looked for. Ascending.
std::vector<uint32_t> SelectingKeys(const traceql::SpansetPipeline& pipeline, ledger::Names& texts);

}  // namespace clew::query

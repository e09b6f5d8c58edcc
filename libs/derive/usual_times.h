// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "ledger/compare/time_sketch.h"
#include "ledger/ledger.h"
#include "ledger/rows.h"

// What is usual: how long traces of one kind take, and where their time goes.
namespace clew::derive {

// Traces are of one kind when they begin with the same operation of the same service.
struct RootOperation {
  std::string service, name;

  uint64_t hash() const;
  auto operator<=>(const RootOperation&) const = default;
};

// What has a time in each trace, or, of spans, in each span.
struct TimedThing {
  enum class Of : uint8_t {
    kOperation,  // rows of the ledger, by operation, by service and by category
    kService,
    kCategory,
    kSpan,  // a span, from its start to its end
  };

  Of of = Of::kOperation;
  uint8_t kind = 0;  // of rows a ledger::Category, of spans a model::SpanKind
  std::string service{}, operation{}, peer{};  // as ledger::Owner has them

  uint64_t hash() const;
  auto operator<=>(const TimedThing&) const = default;
};

// The traces of one kind, added up.
struct OperationTimes {
  ledger::TimeSketch durations;                                                 // of whole traces
  int64_t first_start_unix_nano = INT64_MAX, last_start_unix_nano = INT64_MIN;  // of them
  // Rows count the traces in which they have time; those in which they are absent are the others.
  std::map<TimedThing, ledger::TimeSketch> things{};

  uint64_t traces() const { return durations.count(); }
  // Of all traces, absent ones too; without any where it is not known. REQUIRES: not of spans
  ledger::TimeSketch OfRow(const TimedThing& row) const;
  void Merge(const OperationTimes& other);
  bool operator==(const OperationTimes&) const = default;
};

// The traces of all kinds. Merging is exact, in any order and any number of times, although it
// has limits: what is over them is what has the largest hashes, which does not depend on what
// came first. A value; one thread at a time.
class UsualTimes {
 public:
  using Operations = std::map<RootOperation, OperationTimes>;

  void Add(const RootOperation& root, OperationTimes times);
  // Traces that are of no kind that is kept: too large, or of a kind over the limit.
  void LeaveOut(uint64_t traces) { left_out_ += traces; }
  void Merge(const UsualTimes& other);
  // Drops what is over the limits. Merge does so too; after Add it is for the caller to do.
  void Trim();

  const Operations& operations() const { return operations_; }
  const OperationTimes* Find(const RootOperation& root) const;
  uint64_t left_out() const { return left_out_; }
  // Operations with this hash or a larger one are over the limit; 2^64 − 1: none is.
  uint64_t least_dropped_hash() const { return least_dropped_hash_; }
  void DropFrom(uint64_t hash);
  bool operator==(const UsualTimes&) const = default;

 private:
  Operations operations_;
  uint64_t left_out_ = 0;
  uint64_t least_dropped_hash_ = UINT64_MAX;
};

}  // namespace clew::derive

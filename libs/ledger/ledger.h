// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/trace.h"

// Where the time of a trace went: every instant of its root has exactly one owner, so what the
// owners have adds up to the root's duration, to the nanosecond. The rules, each with a
// drawing: docs/ledger.md.
namespace clew::ledger {

enum class Category : uint8_t {
  kSelf,     // the span itself
  kNetwork,  // between a client span and the server span it called
  kCallee,   // something that was called and sends no spans
  kWait,     // between producer and consumer
  kIdle,     // a pause at a root that serves nobody
  kMissing,  // a parent that was not received
};

// A stretch of time and who owns it.
struct Segment {
  uint64_t start_ns = 0, end_ns = 0;
  // The owner. Of kWait the consumer, of kMissing the first span that names the missing parent.
  uint32_t span = kNone;
  // Of kNetwork the server span at the other end.
  uint32_t server = kNone;
  // A sibling began while this ran on, so that it is not known who waited for whom: that
  // sibling. kNone: the order is clear.
  uint32_t parallel_with = kNone;
  // What bounds the time that can be saved here: an index in TraceLedger::limits, or kNone.
  uint32_t limit = kNone;
  Category category = Category::kSelf;

  uint64_t nanos() const { return end_ns - start_ns; }
  bool ambiguous() const { return parallel_with != kNone; }
  auto operator<=>(const Segment&) const = default;
};

// The time of one tree of spans of which each waits for those below it: [start_ns, end_ns).
struct Account {
  uint32_t root = kNone;  // kNone: it was not received
  uint64_t start_ns = 0, end_ns = 0;
  uint32_t first_segment = 0, segment_count = 0;  // in TraceLedger::segments

  uint64_t nanos() const { return end_ns - start_ns; }
};

// Below some span no more than `nanos` can be saved before its sibling `rival` is the last one.
struct Limit {
  uint32_t outer = kNone;  // another limit around it; its index is smaller
  uint32_t rival = kNone;
  uint64_t nanos = 0;
};

// A span that is not wholly inside its parent, so that not all of it counts.
struct Stray {
  uint32_t span = kNone;
  bool outside = false;  // nothing of it counts
  uint64_t lost_ns = 0;  // so much of its time does not
};

struct TraceLedger {
  // Of each account its own, in the order of time, without gaps.
  std::vector<Segment> segments;
  // The root's first, then those nobody waited for: what consumers do, what FOLLOWS_FROM.
  // Empty only without spans.
  std::vector<Account> accounts;
  std::vector<Limit> limits;
  std::vector<Stray> strays;     // ascending
  uint32_t missing_parents = 0;  // parents that were not received
  uint32_t orphans = 0;          // the spans that name them
  uint32_t other_roots = 0;      // spans that name no parent, besides the root
  std::vector<uint32_t> skewed;  // servers whose clock is off from their client's, ascending

  std::span<const Segment> SegmentsOf(const Account& account) const {
    return std::span(segments).subspan(account.first_segment, account.segment_count);
  }
};

struct LedgerOptions {
  // Moves a server span that does not fit in its client's, and all below it, into the middle of
  // that. Off, such spans count as far as they lie inside.
  bool correct_skew = false;
};

// Depends on its arguments only. Takes O(n log n), does not recurse.
TraceLedger BuildLedger(const Trace& trace, const LedgerOptions& options = {});

// Who a segment is charged to, as codes of the trace's Names.
struct Owner {
  uint32_t service = Names::kEmpty;    // of the network the callee's
  uint32_t operation = Names::kEmpty;  // of the network the callee's
  uint32_t peer = Names::kEmpty;       // of the network the caller's service; of a callee its name
  uint32_t group = Names::kEmpty;      // the attribute's value of the span
  Category category = Category::kSelf;
  auto operator<=>(const Owner&) const = default;
};
Owner OwnerOf(const Trace& trace, const Segment& segment);

}  // namespace clew::ledger

// SPDX-License-Identifier: Apache-2.0
#include "ledger/random_trace_fixture.h"

#include <algorithm>
#include <random>

namespace clew::ledger {
namespace {

class TraceMaker {
 public:
  explicit TraceMaker(uint64_t seed) : random_(seed) {
    count_ = static_cast<uint32_t>(1 + Below(Below(4) == 0 ? 40 : 12));
    horizon_ = Below(3) == 0 ? 12 : 400;
    calm_ = Below(2) == 0;
  }

  Trace Make() {
    Trace trace;
    for (uint32_t i = 0; i < count_; ++i) trace.spans.push_back(MakeSpan(trace, i));
    if (Below(4) == 0) std::ranges::shuffle(trace.spans, random_);  // parents anywhere, circles
    return trace;
  }

 private:
  uint64_t Below(uint64_t end) { return random_() % end; }

  Span MakeSpan(const Trace& trace, uint32_t index) {
    Span span{.service = static_cast<uint32_t>(Below(4)),
              .operation = static_cast<uint32_t>(1 + Below(5)),
              .peer = static_cast<uint32_t>(Below(2)),
              .kind = static_cast<model::SpanKind>(Below(6)),
              .follows = Below(25) == 0};
    if (index > 0) {
      ChooseParent(index, span);
    } else if (Below(10) == 0) {
      span.missing_parent = static_cast<uint32_t>(Below(3));
    }
    ChooseTimes(trace, span);
    return span;
  }

  void ChooseParent(uint32_t index, Span& span) {
    const uint64_t choice = Below(calm_ ? 40 : 12);
    if (choice == 0) {
      span.missing_parent = static_cast<uint32_t>(Below(3));
    } else if (choice == 1) {
      span.parent = static_cast<uint32_t>(Below(count_ + 1));  // a circle, itself, nothing
    } else if (choice > 2) {
      span.parent = static_cast<uint32_t>(index - 1 - Below(std::min<uint64_t>(index, 5)));
    }
  }

  void ChooseTimes(const Trace& trace, Span& span) {
    uint64_t from = 0, until = horizon_;
    if (span.parent < trace.spans.size() && Below(calm_ ? 10 : 3) != 0) {
      from = trace.spans[span.parent].start_ns;
      until = std::max(from, trace.spans[span.parent].end_ns);
    }
    span.start_ns = from + Below(until - from + 1);
    span.end_ns = span.start_ns + Below(until - std::min(until, span.start_ns) + 1);
    const uint64_t choice = Below(calm_ ? 60 : 15);
    if (choice == 0) span.end_ns = span.start_ns;
    if (choice == 1) std::swap(span.start_ns, span.end_ns);
    if (choice == 2) span.end_ns += Below(20);
  }

  std::mt19937_64 random_;
  uint32_t count_ = 0;
  uint64_t horizon_ = 0;
  bool calm_ = false;
};

}  // namespace

Trace RandomTrace(uint64_t seed) {
  return TraceMaker(seed).Make();
}

}  // namespace clew::ledger

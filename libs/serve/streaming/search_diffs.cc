// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/search_diffs.h"

#include <algorithm>
#include <utility>

#include "serve/limits.h"
#include "serve/streaming/message_packer.h"

namespace clew::serve {

void SearchDiffs::OnTrace(const query::TraceSummary& trace) {
  parts_.push_back(TracePart(trace));
  OfferWhenDue();
}

// The last job is the answer itself.
void SearchDiffs::OnProgress(size_t searched, size_t sources) {
  progress_ = {.completed = std::min(searched, sources - 1), .total = sources};
  OfferWhenDue();
}

void SearchDiffs::OfferWhenDue() {
  const bool has_first = offered_ == 0 && !parts_.empty();
  const auto now = std::chrono::steady_clock::now();
  if (!has_first && now - last_offer_ < kDiffInterval) return;
  last_offer_ = now;
  MessagePacker packer;
  for (; offered_ < parts_.size(); ++offered_) {
    // One that is too large for a message fails the whole answer at its end.
    (void)packer.Add(parts_[offered_]);
  }
  const std::string metrics = SearchMetricsPart(progress_, {});
  feed_.Offer(std::move(packer).Finish(metrics, metrics));
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "query/search.h"
#include "serve/streaming/answer_feed.h"
#include "serve/streaming/answer_parts.h"

namespace clew::serve {

// Sends what a search finds while it runs: the first traces at once, more of them and the
// progress now and then, each trace in one message only.
class SearchDiffs final : public query::SearchListener {
 public:
  explicit SearchDiffs(AnswerFeed& feed) : feed_(feed) {}

  void OnTrace(const query::TraceSummary& trace) override;
  void OnProgress(size_t searched, size_t sources) override;

  // Every trace that was heard of, as its part of an answer, in order.
  std::vector<std::string> TakeParts() { return std::move(parts_); }

 private:
  void OfferWhenDue();

  AnswerFeed& feed_;
  std::vector<std::string> parts_;
  size_t offered_ = 0;  // of the parts
  JobProgress progress_;
  std::chrono::steady_clock::time_point last_offer_ = std::chrono::steady_clock::now();
};

}  // namespace clew::serve

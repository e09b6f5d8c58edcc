// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/mutex.h"
#include "query/progress.h"
#include "serve/streaming/answer_feed.h"
#include "serve/streaming/answer_parts.h"

namespace clew::serve {

// Sends now and then how far an answer is that comes as a whole. Thread-safe.
class ProgressFeed final : public query::ProgressListener {
 public:
  explicit ProgressFeed(AnswerFeed& feed) : feed_(feed) {}

  void OnProgress(size_t done, size_t all) override;
  // Jobs that it told of last; 1 when nothing was told.
  uint64_t jobs() const;

 private:
  AnswerFeed& feed_;
  mutable base::Mutex mutex_;
  JobProgress progress_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point last_offer_ GUARDED_BY(mutex_) =
      std::chrono::steady_clock::now();
};

}  // namespace clew::serve

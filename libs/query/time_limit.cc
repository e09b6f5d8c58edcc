// SPDX-License-Identifier: Apache-2.0
#include "query/time_limit.h"

#include <condition_variable>
#include <mutex>

namespace clew::query {

TimeLimit::TimeLimit(std::chrono::nanoseconds time, const std::stop_token& outer)
    : with_outer_(outer, Stop{source_}),
      timer_([source = source_, time](const std::stop_token& ended) mutable {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any().wait_for(lock, ended, time, [] { return false; });
        if (!ended.stop_requested()) source.request_stop();
      }) {}

TimeLimit::~TimeLimit() = default;

}  // namespace clew::query

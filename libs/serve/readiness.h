// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/mutex.h"
#include "store/trace_store.h"

namespace clew::serve {

// Whether the server may be asked, and if not, how far it is. Thread-safe.
class Readiness {
 public:
  void SetProgress(const store::ReplayProgress& progress);
  void SetReady();
  void SetStopping();

  bool is_ready() const;
  bool is_replaying() const;
  // "ready", or why not: "reading the log: 12 of 80 MiB, 4711 records".
  std::string Describe() const;

 private:
  enum class State : uint8_t { kReplaying, kReady, kStopping };

  mutable base::Mutex mutex_;
  State state_ GUARDED_BY(mutex_) = State::kReplaying;
  store::ReplayProgress progress_ GUARDED_BY(mutex_);
};

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "base/watched_file.h"
#include "ingest/sampling_strategies.h"
#include "net/event_loop.h"

namespace clew::ingest {

// The strategies of a file, which is read again when it changes. While what it holds is
// wrong the strategies before count, and the log says what is. Thread-safe.
class SamplingFile {
 public:
  // An empty path: no file, and all is sampled. The error is one sentence for a person.
  static base::Result<std::shared_ptr<SamplingFile>> Open(std::string path);

  // Looks at the file every kSamplingFileInterval, on that loop, for as long as it runs.
  static void Watch(std::shared_ptr<SamplingFile> file, net::EventLoop& loop);

  std::shared_ptr<const SamplingStrategies> strategies() const {
    const base::MutexLock lock(mutex_);
    return strategies_;
  }

  // Reads the file if it is another than when it was read before.
  void ReadIfChanged();

 private:
  explicit SamplingFile(std::string path) : file_(std::move(path)) {}

  base::Status Read(const base::Result<std::string>& text);

  base::WatchedFile file_;  // touched by one thread at a time
  mutable base::Mutex mutex_;
  std::shared_ptr<const SamplingStrategies> strategies_ GUARDED_BY(mutex_) =
      std::make_shared<const SamplingStrategies>();
};

}  // namespace clew::ingest

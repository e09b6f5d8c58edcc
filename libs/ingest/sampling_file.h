// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <memory>
#include <string>

#include "base/mutex.h"
#include "base/result.h"
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
  // What tells one state of a file from another.
  struct Version {
    ino_t inode = 0;
    off_t size = 0;
    time_t seconds = 0;
    long nanos = 0;
    bool operator==(const Version&) const = default;
  };
  explicit SamplingFile(std::string path) : path_(std::move(path)) {}

  Version CurrentVersion() const;
  base::Status Read();

  const std::string path_;
  mutable base::Mutex mutex_;
  std::shared_ptr<const SamplingStrategies> strategies_ GUARDED_BY(mutex_) =
      std::make_shared<const SamplingStrategies>();
  Version version_;  // of what was read; touched by one thread at a time
};

}  // namespace clew::ingest

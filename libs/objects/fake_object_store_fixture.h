// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "objects/object_store.h"

namespace clew::objects {

// For tests: a bucket in memory, as far away and as unreliable as is asked for. What
// fails does so by a seed, but threads take turns as they like. Thread-safe.
class FakeObjectStore final : public ObjectStore {
 public:
  // How many of a hundred calls.
  struct Faults {
    uint32_t refused = 0;      // fail and do nothing
    uint32_t unanswered = 0;   // of those that change something: do it and fail all the same
    uint32_t lagging = 0;      // of lists: as it was some changes ago
    uint32_t interrupted = 0;  // let other threads go first, before and after what they do
  };
  static constexpr uint64_t kMaxLag = 40;  // changes

  FakeObjectStore() = default;
  FakeObjectStore(uint64_t seed, Faults faults) : faults_(faults), random_(seed) {}
  // Nothing fails any more.
  void Heal();

  base::Result<std::string> Get(std::string_view key, uint64_t offset, uint64_t size) override;
  base::Result<std::string> GetAll(std::string_view key) override;
  base::Result<uint64_t> SizeOf(std::string_view key) override;
  base::Status Put(std::string_view key, std::string_view bytes) override;
  base::Result<std::unique_ptr<ObjectUpload>> BeginUpload(std::string_view key) override;
  base::Result<bool> PutIfAbsent(std::string_view key, std::string_view bytes) override;
  base::Result<std::vector<std::string>> List(std::string_view prefix) override;
  base::Status Delete(std::string_view key) override;

  // What happened so far.
  struct Counts {
    uint64_t refused = 0, unanswered = 0, lagging = 0;
  };
  Counts counts() const;
  // Every object that was ever made, in that order; those deleted since included.
  struct Made {
    std::string key, bytes;
  };
  std::vector<Made> history() const;

 private:
  class Upload;
  struct Object {
    std::string bytes;
    uint64_t made = 0;  // the number of the change
  };
  struct Gone {
    std::string key;
    uint64_t made = 0, deleted = 0;
  };

  base::Status Begin(std::string_view key);
  base::Status End(std::string_view key);
  void Interrupt();
  bool Chance(uint32_t percent) REQUIRES_LOCK(mutex_);

  mutable base::Mutex mutex_;
  Faults faults_ GUARDED_BY(mutex_);
  std::mt19937_64 random_ GUARDED_BY(mutex_);
  std::map<std::string, Object, std::less<>> objects_ GUARDED_BY(mutex_);
  std::vector<Gone> gone_ GUARDED_BY(mutex_);  // that a list that lags may still show
  std::vector<Made> history_ GUARDED_BY(mutex_);
  uint64_t changes_ GUARDED_BY(mutex_) = 0;
  Counts counts_ GUARDED_BY(mutex_);
};

}  // namespace clew::objects

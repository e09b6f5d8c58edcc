// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

#include "base/mutex.h"
#include "base/result.h"

namespace clew::store {

// What was read of blocks, verified and decoded, up to so many bytes for all of them. Of
// several that want the same at once one reads it. What was asked for once makes way before
// what was asked for again, so one scan does not drive out what others need; the same scan again
// does. What takes more than a sixteenth of all is not kept. Thread-safe.
class PageCache {
 public:
  // A part of a file: what `page` means is the matter of who asks.
  struct Key {
    uint64_t file = 0;
    uint32_t group = 0, column = 0, page = 0;
    bool operator==(const Key&) const = default;
  };
  using Value = std::shared_ptr<const void>;
  struct Loaded {
    Value value;
    size_t size_bytes = 0;
  };

  explicit PageCache(uint64_t limit_bytes);

  // A number for a file that nobody else has.
  uint64_t NumberFile();

  // What is kept under the key, or else what `load` gives, without a lock held; an error of it
  // is the answer and is not kept.
  base::Result<Value> Get(const Key& key, const std::function<base::Result<Loaded>()>& load);

  // Whether of the last questions like this a few were the same: then more may come.
  bool IsAskedOften(const Key& key);

  struct Counters {
    uint64_t hits = 0, misses = 0, size_bytes = 0;
  };
  Counters counters() const;

 private:
  struct Entry {
    Key key;
    Value value;  // null: being loaded
    size_t size_bytes = 0;
    bool asked_again = false;
  };
  using Entries = std::list<Entry>;
  // What an entry was that made way.
  struct Gone {
    Key key;
    size_t size_bytes;
  };
  struct Hash {
    size_t operator()(const Key& key) const;
  };
  struct Shard {
    mutable base::Mutex mutex;
    base::CondVar loaded;
    std::unordered_map<Key, Entries::iterator, Hash> places GUARDED_BY(mutex);
    Entries once GUARDED_BY(mutex);   // the newest first
    Entries again GUARDED_BY(mutex);  // likewise
    Entries loading GUARDED_BY(mutex);
    std::list<Gone> gone GUARDED_BY(mutex);  // likewise
    std::unordered_map<Key, std::list<Gone>::iterator, Hash> gone_places GUARDED_BY(mutex);
    uint64_t once_bytes GUARDED_BY(mutex) = 0;
    uint64_t again_bytes GUARDED_BY(mutex) = 0;
    uint64_t gone_bytes GUARDED_BY(mutex) = 0;
    uint64_t hits GUARDED_BY(mutex) = 0;
    uint64_t misses GUARDED_BY(mutex) = 0;
  };
  static void Touch(Shard& shard, Entries::iterator entry) REQUIRES_LOCK(shard.mutex);
  void MakeRoom(Shard& shard) const REQUIRES_LOCK(shard.mutex);
  void Remember(Shard& shard, const Entry& entry) const REQUIRES_LOCK(shard.mutex);
  // Whether it made way a while ago, which is forgotten.
  static bool Recall(Shard& shard, const Key& key) REQUIRES_LOCK(shard.mutex);

  static constexpr size_t kMostGone = 4096;
  static constexpr size_t kShards = 8;
  const uint64_t limit_bytes_;  // of a shard
  std::array<Shard, kShards> shards_;
  static constexpr size_t kLastAsked = 16;
  base::Mutex asked_mutex_;
  std::array<Key, kLastAsked> asked_ GUARDED_BY(asked_mutex_){};
  size_t next_asked_ GUARDED_BY(asked_mutex_) = 0;  // the place of the next
  base::Mutex files_mutex_;
  uint64_t files_ GUARDED_BY(files_mutex_) = 0;
};

}  // namespace clew::store

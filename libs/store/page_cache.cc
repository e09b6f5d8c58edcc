// SPDX-License-Identifier: Apache-2.0
// A segmented LRU: what is asked for first enters the list `once`, and moves to `again` when
// it is asked for another time. `again` has at most three quarters of the memory; what it
// has over that goes back to the front of `once`, and the end of `once` makes way. Of what made
// way the keys are kept for a while, as in 2Q (Johnson and Shasha, 1994): what is asked for after
// that enters `again`, or else what comes round in more than `once` has room for would never be
// found while others that nobody wants any more stay in `again`.
#include "store/page_cache.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace clew::store {

PageCache::PageCache(uint64_t limit_bytes) : limit_bytes_(limit_bytes / kShards) {}

uint64_t PageCache::NumberFile() {
  const base::MutexLock lock(files_mutex_);
  return ++files_;
}

size_t PageCache::Hash::operator()(const Key& key) const {
  const uint64_t parts[3] = {key.file, uint64_t{key.group} << 32 | key.column, key.page};
  return base::Hash64({reinterpret_cast<const char*>(parts), sizeof parts});
}

base::Result<PageCache::Value> PageCache::Get(const Key& key,
                                              const std::function<base::Result<Loaded>()>& load) {
  Shard& shard = shards_[Hash()(key) >> 32 & (kShards - 1)];
  Entries::iterator entry;
  {
    const base::MutexLock lock(shard.mutex);
    while (true) {
      const auto known = shard.places.find(key);
      if (known == shard.places.end()) break;
      if (known->second->value != nullptr) {
        ++shard.hits;
        Touch(shard, known->second);
        return known->second->value;
      }
      shard.loaded.Wait(shard.mutex);
    }
    ++shard.misses;
    shard.loading.push_front({.key = key, .value = nullptr});
    entry = shard.loading.begin();
    shard.places.emplace(key, entry);
  }
  base::Result<Loaded> loaded = load();
  const base::MutexLock lock(shard.mutex);
  shard.loaded.NotifyAll();
  if (!loaded.ok()) {
    shard.places.erase(key);
    shard.loading.erase(entry);
    return std::move(loaded).error();
  }
  const Value value = loaded.value().value;
  const size_t size_bytes = loaded.value().size_bytes + sizeof(Entry);
  if (size_bytes > limit_bytes_ / 2) {  // All others would have to make way.
    shard.places.erase(key);
    shard.loading.erase(entry);
    return value;
  }
  entry->value = value;
  entry->size_bytes = size_bytes;
  shard.once.splice(shard.once.begin(), shard.loading, entry);
  shard.once_bytes += size_bytes;
  if (Recall(shard, key)) Touch(shard, entry);
  MakeRoom(shard);
  return value;
}

bool PageCache::Recall(Shard& shard, const Key& key) {
  const auto known = shard.gone_places.find(key);
  if (known == shard.gone_places.end()) return false;
  shard.gone_bytes -= known->second->size_bytes;
  shard.gone.erase(known->second);
  shard.gone_places.erase(known);
  return true;
}

void PageCache::Remember(Shard& shard, const Entry& entry) const {
  shard.gone.push_front({entry.key, entry.size_bytes});
  shard.gone_places.emplace(entry.key, shard.gone.begin());
  shard.gone_bytes += entry.size_bytes;
  // What would fit if all of it came back.
  while (shard.gone_bytes > limit_bytes_ || shard.gone.size() > kMostGone) {
    const Key oldest = shard.gone.back().key;
    Recall(shard, oldest);
  }
}

bool PageCache::IsAskedOften(const Key& key) {
  constexpr std::ptrdiff_t kOften = 2;
  const base::MutexLock lock(asked_mutex_);
  const bool often = std::ranges::count(asked_, key) >= kOften;
  asked_[next_asked_] = key;
  next_asked_ = (next_asked_ + 1) % kLastAsked;
  return often;
}

void PageCache::Touch(Shard& shard, Entries::iterator entry) {
  if (entry->asked_again) {
    shard.again.splice(shard.again.begin(), shard.again, entry);
    return;
  }
  entry->asked_again = true;
  shard.once_bytes -= entry->size_bytes;
  shard.again_bytes += entry->size_bytes;
  shard.again.splice(shard.again.begin(), shard.once, entry);
}

void PageCache::MakeRoom(Shard& shard) const {
  while (shard.again_bytes > limit_bytes_ / 4 * 3) {
    const auto last = std::prev(shard.again.end());
    last->asked_again = false;
    shard.again_bytes -= last->size_bytes;
    shard.once_bytes += last->size_bytes;
    shard.once.splice(shard.once.begin(), shard.again, last);
  }
  while (shard.once_bytes + shard.again_bytes > limit_bytes_ && !shard.once.empty()) {
    const Entry& last = shard.once.back();
    Remember(shard, last);
    shard.once_bytes -= last.size_bytes;
    shard.places.erase(last.key);
    shard.once.pop_back();
  }
}

PageCache::Counters PageCache::counters() const {
  Counters counters;
  for (const Shard& shard : shards_) {
    const base::MutexLock lock(shard.mutex);
    counters.hits += shard.hits;
    counters.misses += shard.misses;
    counters.size_bytes += shard.once_bytes + shard.again_bytes;
  }
  return counters;
}

}  // namespace clew::store

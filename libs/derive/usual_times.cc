// SPDX-License-Identifier: Apache-2.0
// Sums that are exact in any order need limits that are so too. "The first thousand" depends on
// the order, "the most frequent" on what was merged before. So it is the smallest hashes that are
// kept: what is among the smallest of all was among the smallest of every part, hence dropped
// nowhere, and what has been dropped once is dropped in the end.
//
// Operations weigh as much as they have times, so that few large ones and many small ones fit
// alike; the first that does not fit is remembered by its hash, for a part of it that comes
// later might fit by itself.
#include "derive/usual_times.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "derive/limits.h"

namespace clew::derive {
namespace {

// Lengths stand before texts, so that no two keys read alike.
void AppendKeyText(std::string& bytes, std::string_view text) {
  bytes += std::to_string(text.size());
  bytes += ':';
  bytes += text;
}

// The keys by their hashes.
template <typename Key, typename Value>
std::vector<std::pair<uint64_t, const Key*>> ByHash(const std::map<Key, Value>& values) {
  std::vector<std::pair<uint64_t, const Key*>> keys;
  keys.reserve(values.size());
  for (const auto& [key, value] : values) keys.emplace_back(key.hash(), &key);
  std::ranges::sort(keys, [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first < right.first : *left.second < *right.second;
  });
  return keys;
}

void TrimThings(OperationTimes& times) {
  if (times.things.size() <= kMaxTimesOfOperation) return;
  std::vector<TimedThing> dropped;
  const auto keys = ByHash(times.things);
  for (size_t i = kMaxTimesOfOperation; i < keys.size(); ++i) dropped.push_back(*keys[i].second);
  for (const TimedThing& thing : dropped) times.things.erase(thing);
}

}  // namespace

uint64_t RootOperation::hash() const {
  std::string bytes;
  AppendKeyText(bytes, service);
  AppendKeyText(bytes, name);
  return base::Hash64(bytes);
}

uint64_t TimedThing::hash() const {
  std::string bytes = {static_cast<char>(of), static_cast<char>(kind)};
  AppendKeyText(bytes, service);
  AppendKeyText(bytes, operation);
  AppendKeyText(bytes, peer);
  return base::Hash64(bytes);
}

ledger::TimeSketch OperationTimes::OfRow(const TimedThing& row) const {
  const auto known = things.find(row);
  if (known == things.end()) return {};
  ledger::TimeSketch sketch = known->second;
  sketch.AddAbsent(traces() - std::min(traces(), sketch.count()));
  return sketch;
}

void OperationTimes::Merge(const OperationTimes& other) {
  durations.Merge(other.durations);
  first_start_unix_nano = std::min(first_start_unix_nano, other.first_start_unix_nano);
  last_start_unix_nano = std::max(last_start_unix_nano, other.last_start_unix_nano);
  for (const auto& [thing, sketch] : other.things) things[thing].Merge(sketch);
}

void UsualTimes::Add(const RootOperation& root, OperationTimes times) {
  if (root.hash() >= least_dropped_hash_) {
    left_out_ += times.traces();
    return;
  }
  const auto [known, is_new] = operations_.try_emplace(root);
  if (is_new) {
    known->second = std::move(times);
  } else {
    known->second.Merge(times);
  }
}

void UsualTimes::Merge(const UsualTimes& other) {
  left_out_ += other.left_out_;
  DropFrom(std::min(least_dropped_hash_, other.least_dropped_hash_));
  for (const auto& [root, times] : other.operations_) Add(root, times);
  Trim();
}

void UsualTimes::Trim() {
  size_t times = 0;
  for (auto& [root, operation] : operations_) {
    TrimThings(operation);
    times += 1 + operation.things.size();
  }
  if (times <= kMaxTimes) return;
  times = 0;
  for (const auto& [hash, root] : ByHash(operations_)) {
    times += 1 + operations_.at(*root).things.size();
    if (times <= kMaxTimes) continue;
    DropFrom(hash);
    return;
  }
}

void UsualTimes::DropFrom(uint64_t hash) {
  if (hash >= least_dropped_hash_) return;
  least_dropped_hash_ = hash;
  std::erase_if(operations_, [&](const auto& operation) {
    if (operation.first.hash() < hash) return false;
    left_out_ += operation.second.traces();
    return true;
  });
}

const OperationTimes* UsualTimes::Find(const RootOperation& root) const {
  const auto known = operations_.find(root);
  return known == operations_.end() ? nullptr : &known->second;
}

}  // namespace clew::derive

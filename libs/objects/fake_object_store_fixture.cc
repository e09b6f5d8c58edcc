// SPDX-License-Identifier: Apache-2.0
#include "objects/fake_object_store_fixture.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "objects/object_key.h"

namespace clew::objects {
namespace {

base::Error NotFound(std::string_view key) {
  return {base::ErrorCode::kNotFound, std::string(key) + " does not exist"};
}

base::Error Unavailable(std::string_view key) {
  return {base::ErrorCode::kUnavailable, std::string(key) + ": a fault was injected; try again"};
}

}  // namespace

class FakeObjectStore::Upload final : public ObjectUpload {
 public:
  Upload(FakeObjectStore& store, std::string_view key) : store_(store), key_(key) {}
  base::Status Append(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  base::Status Commit() override { return store_.Put(key_, bytes_); }

 private:
  FakeObjectStore& store_;
  const std::string key_;
  std::string bytes_;
};

void FakeObjectStore::Heal() {
  const base::MutexLock lock(mutex_);
  faults_ = {};
}

FakeObjectStore::Counts FakeObjectStore::counts() const {
  const base::MutexLock lock(mutex_);
  return counts_;
}

std::vector<FakeObjectStore::Made> FakeObjectStore::history() const {
  const base::MutexLock lock(mutex_);
  return history_;
}

bool FakeObjectStore::Chance(uint32_t percent) {
  return percent > 0 && random_() % 100 < percent;
}

void FakeObjectStore::Interrupt() {
  uint64_t turns = 0;
  {
    const base::MutexLock lock(mutex_);
    if (Chance(faults_.interrupted)) turns = 1 + random_() % 3;
  }
  for (; turns > 0; --turns) std::this_thread::yield();
}

base::Status FakeObjectStore::Begin(std::string_view key) {
  TRY(CheckKey(key));
  Interrupt();
  const base::MutexLock lock(mutex_);
  if (!Chance(faults_.refused)) return {};
  ++counts_.refused;
  return Unavailable(key);
}

// Of a call that changed something.
base::Status FakeObjectStore::End(std::string_view key) {
  Interrupt();
  const base::MutexLock lock(mutex_);
  if (!Chance(faults_.unanswered)) return {};
  ++counts_.unanswered;
  return Unavailable(key);
}

base::Result<std::string> FakeObjectStore::GetAll(std::string_view key) {
  TRY(Begin(key));
  const base::MutexLock lock(mutex_);
  const auto object = objects_.find(key);
  if (object == objects_.end()) return NotFound(key);
  return object->second.bytes;
}

base::Result<std::string> FakeObjectStore::Get(std::string_view key, uint64_t offset,
                                               uint64_t size) {
  const std::string bytes = TRY(GetAll(key));
  if (offset <= bytes.size() && size <= bytes.size() - offset) return bytes.substr(offset, size);
  return base::Error{base::ErrorCode::kCorruption,
                     std::string(key) + " ends before byte " + std::to_string(offset + size)};
}

base::Result<uint64_t> FakeObjectStore::SizeOf(std::string_view key) {
  const std::string bytes = TRY(GetAll(key));
  return uint64_t{bytes.size()};
}

base::Result<bool> FakeObjectStore::PutIfAbsent(std::string_view key, std::string_view bytes) {
  TRY(Begin(key));
  bool made = false;
  {
    const base::MutexLock lock(mutex_);
    made = objects_.try_emplace(std::string(key), Object{std::string(bytes), changes_ + 1}).second;
    changes_ += made;
    if (made) history_.push_back({std::string(key), std::string(bytes)});
  }
  TRY(End(key));
  return made;
}

base::Status FakeObjectStore::Put(std::string_view key, std::string_view bytes) {
  const bool made = TRY(PutIfAbsent(key, bytes));
  if (made) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, std::string(key) + " exists already"};
}

base::Result<std::unique_ptr<ObjectUpload>> FakeObjectStore::BeginUpload(std::string_view key) {
  TRY(Begin(key));
  return std::unique_ptr<ObjectUpload>(std::make_unique<Upload>(*this, key));
}

base::Result<std::vector<std::string>> FakeObjectStore::List(std::string_view prefix) {
  TRY(Begin("list"));
  const base::MutexLock lock(mutex_);
  uint64_t now = changes_;
  if (Chance(faults_.lagging)) {
    now -= std::min(now, random_() % kMaxLag);
    ++counts_.lagging;
  }
  std::vector<std::string> listed;
  for (const auto& [key, object] : objects_) {
    if (key.starts_with(prefix) && object.made <= now) listed.push_back(key);
  }
  for (const Gone& gone : gone_) {
    if (gone.key.starts_with(prefix) && gone.made <= now && gone.deleted > now) {
      listed.push_back(gone.key);
    }
  }
  std::ranges::sort(listed);
  return listed;
}

base::Status FakeObjectStore::Delete(std::string_view key) {
  TRY(Begin(key));
  {
    const base::MutexLock lock(mutex_);
    const auto object = objects_.find(key);
    if (object != objects_.end()) {
      gone_.push_back({.key = object->first, .made = object->second.made, .deleted = ++changes_});
      objects_.erase(object);
      const uint64_t now = changes_;
      std::erase_if(gone_, [&](const Gone& gone) { return gone.deleted + kMaxLag < now; });
    }
  }
  return End(key);
}

}  // namespace clew::objects

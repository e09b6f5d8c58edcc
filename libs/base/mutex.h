// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#if defined(__clang__)
#define TSA(x) __attribute__((x))
#else
#define TSA(x)
#endif
#define GUARDED_BY(m) TSA(guarded_by(m))
#define REQUIRES_LOCK(m) TSA(requires_capability(m))

namespace clew::base {

// std::mutex carries no thread-safety attributes in libstdc++, so we wrap it.
class TSA(capability("mutex")) Mutex {
 public:
  void Lock() TSA(acquire_capability()) { mutex_.lock(); }
  void Unlock() TSA(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) TSA(acquire_capability(mutex)) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() TSA(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Wakes threads that wait for what a mutex guards to change.
class CondVar {
 public:
  // Gives the mutex up while it waits; may return for no reason, so wait in a loop.
  void Wait(Mutex& mutex) REQUIRES_LOCK(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }
  // The same, and at the latest after `time`.
  void WaitFor(Mutex& mutex, std::chrono::nanoseconds time) REQUIRES_LOCK(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait_for(lock, time);
    lock.release();
  }
  void NotifyOne() { changed_.notify_one(); }
  void NotifyAll() { changed_.notify_all(); }

 private:
  std::condition_variable changed_;
};

}  // namespace clew::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "base/byte_buffer.h"
#include "base/mutex.h"

namespace clew::load {

// An encoded request, ready to be sent.
struct Body {
  base::ByteBuffer bytes{};
  uint32_t span_count = 0;
  int64_t due_ns = 0;      // simulated Unix time at which its exporter sends it
  bool duplicate = false;  // the second time of a body that is sent twice
};

// Bodies on their way from the thread that makes them, which waits while the queue is
// full, to the loop that sends them, which must not wait. Thread-safe, one of each.
class BodyQueue {
 public:
  // `wake` is called, by the maker, when there is something for a sender that found
  // nothing. REQUIRES: capacity > 0
  BodyQueue(size_t capacity, std::function<void()> wake);

  // False when the sender is gone.
  bool Push(Body body);
  // There will be no more.
  void Finish();
  // Memory of a body that was sent, or none.
  base::ByteBuffer TakeEmpty();

  std::optional<Body> TryTake();
  // Whether TryTake has given the last.
  bool finished() const;
  void Recycle(base::ByteBuffer bytes);
  // The sender goes; the maker is told when it pushes next.
  void Abandon();

 private:
  const size_t capacity_;
  const std::function<void()> wake_;
  mutable base::Mutex mutex_;
  base::CondVar taken_;
  std::deque<Body> bodies_ GUARDED_BY(mutex_);
  std::vector<base::ByteBuffer> empty_ GUARDED_BY(mutex_);
  bool finished_ GUARDED_BY(mutex_) = false;
  bool abandoned_ GUARDED_BY(mutex_) = false;
  bool sender_waits_ GUARDED_BY(mutex_) = false;
};

}  // namespace clew::load

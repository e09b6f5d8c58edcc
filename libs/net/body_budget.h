// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "base/mutex.h"
#include "base/result.h"
#include "net/event_loop.h"

namespace clew::net {

class BodiesOfLoop;

// Bytes of request bodies that a program holds at a time, over all its ports and connections,
// from their arrival until their requests are answered, and of answers that are not small until
// their clients have read them. When there is no room, those whose
// clients have let us wait longest give way to what comes: slow senders, however many, never
// keep out one that sends at once. Thread-safe; outlives the loops.
class BodyBudget {
 public:
  explicit BodyBudget(uint64_t limit_bytes);
  ~BodyBudget();
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

  uint64_t limit_bytes() const { return limit_bytes_; }
  // The bodies of one loop; as long as the budget lives.
  BodiesOfLoop& OnLoop(const EventLoop& loop);

  struct Counters {
    uint64_t held_bytes = 0;
    uint64_t refused_bodies = 0;    // there was no room
    uint64_t given_way_bodies = 0;  // their clients were slow, and others wanted the room
  };
  Counters counters() const;

 private:
  friend class BodiesOfLoop;
  enum class Outcome : uint8_t { kTaken, kAfterOthers, kNever };
  // For a body that is small with these bytes, or not; `movable_bytes` could give way.
  Outcome Take(uint64_t bytes, bool small, uint64_t movable_bytes);
  void Give(uint64_t bytes, bool gave_way);
  void NoteGaveWay(uint64_t bytes);

  const uint64_t limit_bytes_;
  mutable base::Mutex mutex_;
  uint64_t held_bytes_ GUARDED_BY(mutex_) = 0;
  uint64_t leaving_bytes_ GUARDED_BY(mutex_) = 0;  // told to give way, not yet gone
  Counters counters_ GUARDED_BY(mutex_);
  std::map<const EventLoop*, std::unique_ptr<BodiesOfLoop>> loops_ GUARDED_BY(mutex_);
};

// kExhausted: what a body that finds no room ends with.
base::Error NoRoomForBody(uint64_t limit_bytes);

class WaitingBody;

// On its loop's thread.
class BodiesOfLoop {
 public:
  explicit BodiesOfLoop(BodyBudget& budget) : budget_(budget) {}
  BodiesOfLoop(const BodiesOfLoop&) = delete;
  BodiesOfLoop& operator=(const BodiesOfLoop&) = delete;

 private:
  friend class HeldBody;
  friend class WaitingBody;
  // False, and nothing taken, when there is no room.
  bool Take(uint64_t bytes, bool small);
  void Give(uint64_t bytes, bool gave_way) { budget_.Give(bytes, gave_way); }
  void Link(WaitingBody& waiting);
  void Unlink(WaitingBody& waiting);

  BodyBudget& budget_;
  WaitingBody* first_ = nullptr;  // who has waited longest
  WaitingBody* last_ = nullptr;
  uint64_t waiting_bytes_ = 0;
};

// What one request holds of a budget, given back with it. On its loop's thread.
class HeldBody {
 public:
  explicit HeldBody(BodiesOfLoop* bodies) : bodies_(bodies) {}  // null: not counted
  ~HeldBody();
  HeldBody(const HeldBody&) = delete;
  HeldBody& operator=(const HeldBody&) = delete;

  // False when there is no room for so many bytes more: the body ends here.
  [[nodiscard]] bool Grow(uint64_t bytes);
  // Others have its room: what has come of it is to be let go of.
  bool gave_way() const { return gave_way_; }
  base::Error error() const;

 private:
  friend class BodiesOfLoop;
  friend class WaitingBody;
  BodiesOfLoop* const bodies_;
  uint64_t bytes_ = 0;
  bool gave_way_ = false;
  WaitingBody* waiting_ = nullptr;
};

// While this lives, a body waits for its client and may have to give way.
class WaitingBody {
 public:
  explicit WaitingBody(HeldBody& body);
  virtual ~WaitingBody();
  WaitingBody(const WaitingBody&) = delete;
  WaitingBody& operator=(const WaitingBody&) = delete;

 private:
  friend class BodiesOfLoop;
  friend class HeldBody;
  // Has the waiting end soon. It is called in the midst of other work: nobody may be resumed.
  virtual void OnGaveWay() = 0;

  HeldBody& body_;
  WaitingBody* next_ = nullptr;
  WaitingBody* previous_ = nullptr;
  uint64_t counted_bytes_ = 0;
  bool linked_ = false;
};

}  // namespace clew::net

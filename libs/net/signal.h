// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <cstdint>

namespace clew::net {

// Coroutines of one loop wait here until something may have changed, and then
// look again. Resuming and destroying are both safe at any moment: a waiter whose
// frame is destroyed takes itself off the list. One thread only.
class Signal {
 public:
  class Waiter {
   public:
    explicit Waiter(Signal& signal) : signal_(signal) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
      if (linked_) signal_.Unlink(*this);
    }

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) noexcept {
      handle_ = handle;
      signal_.Link(*this);
    }
    void await_resume() const noexcept {}

   private:
    friend class Signal;
    Signal& signal_;
    std::coroutine_handle<> handle_;
    Waiter* next_ = nullptr;
    Waiter* previous_ = nullptr;
    uint64_t ticket_ = 0;
    bool linked_ = false;
  };

  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  Waiter Wait() { return Waiter(*this); }

  // Resumes those who wait now, in order; who waits again meanwhile waits for
  // the next time. The signal outlives the call: the caller holds its owner.
  void Resume() {
    const uint64_t end = next_ticket_;
    while (first_ != nullptr && first_->ticket_ < end) {
      Waiter& waiter = *first_;
      Unlink(waiter);
      waiter.handle_.resume();
    }
  }

 private:
  void Link(Waiter& waiter) {
    waiter.previous_ = last_;
    waiter.next_ = nullptr;
    (last_ != nullptr ? last_->next_ : first_) = &waiter;
    last_ = &waiter;
    waiter.ticket_ = next_ticket_++;
    waiter.linked_ = true;
  }
  void Unlink(Waiter& waiter) {
    (waiter.previous_ != nullptr ? waiter.previous_->next_ : first_) = waiter.next_;
    (waiter.next_ != nullptr ? waiter.next_->previous_ : last_) = waiter.previous_;
    waiter.linked_ = false;
  }

  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  uint64_t next_ticket_ = 0;
};

}  // namespace clew::net

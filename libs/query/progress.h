// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace clew::query {

// Hears how far a query is. Thread-safe: any thread that works on it may tell, not always in order.
class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  virtual void OnProgress(size_t done, size_t all) = 0;
};

// Tells of one of several steps, each of which may be of other parts.
class StepProgress final : public ProgressListener {
 public:
  // `whole` outlives it; null: nobody hears. REQUIRES: step < steps
  StepProgress(ProgressListener* whole, size_t step, size_t steps)
      : whole_(whole), step_(step), steps_(steps) {}
  void OnProgress(size_t done, size_t all) override {
    if (whole_ != nullptr) whole_->OnProgress(step_ * all + done, steps_ * all);
  }

 private:
  ProgressListener* const whole_;
  const size_t step_, steps_;
};

}  // namespace clew::query

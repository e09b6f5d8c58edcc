// SPDX-License-Identifier: Apache-2.0
#include "check/availability.h"

namespace clew::check {

void Availability::NoteAnswer(TimePoint now) {
  total_ += away(now);
  silent_since_.reset();
}

void Availability::NoteSilence(TimePoint began) {
  if (!silent_since_) silent_since_ = began;
}

Availability::Duration Availability::away(TimePoint now) const {
  return silent_since_ && now > *silent_since_ ? now - *silent_since_ : Duration(0);
}

}  // namespace clew::check

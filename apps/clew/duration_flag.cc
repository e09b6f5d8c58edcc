// SPDX-License-Identifier: Apache-2.0
#include "duration_flag.h"

#include "base/result.h"
#include "serve/go_duration.h"

namespace clew {

std::string CheckPositiveDuration(const std::string& text) {
  const base::Result<int64_t> nanos = serve::ParseGoDuration(text);
  if (!nanos.ok()) return nanos.error().message;
  return nanos.value() > 0 ? "" : "must be longer than nothing";
}

std::string CheckDuration(const std::string& text) {
  const base::Result<int64_t> nanos = serve::ParseGoDuration(text);
  if (!nanos.ok()) return nanos.error().message;
  return nanos.value() >= 0 ? "" : "must not be negative";
}

}  // namespace clew

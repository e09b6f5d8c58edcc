// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace clew::ingest {

// The HTTP status that tells a client of an ingest protocol what to do: send
// again on 429 and 503, give up on the others.
inline int HttpStatusOf(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalidArgument:
      return 400;
    case base::ErrorCode::kUnsupported:
      return 415;
    case base::ErrorCode::kNotFound:
      return 404;
    case base::ErrorCode::kTooLarge:
      return 413;
    case base::ErrorCode::kExhausted:
      return 429;
    case base::ErrorCode::kDeadlineExceeded:
      return 408;
    case base::ErrorCode::kCancelled:
    case base::ErrorCode::kUnavailable:
    case base::ErrorCode::kIo:
      return 503;
    case base::ErrorCode::kCorruption:
      return 500;
  }
  return 500;
}

}  // namespace clew::ingest

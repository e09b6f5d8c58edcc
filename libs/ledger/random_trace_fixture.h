// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ledger/trace.h"

namespace clew::ledger {

// A small trace of every nasty shape: spans without length or that end before they start, outside
// and across their parents, parents that are missing, circles, several roots or none, all kinds,
// FOLLOWS_FROM, times from 0. Depends on `seed` only.
Trace RandomTrace(uint64_t seed);

}  // namespace clew::ledger

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/run_notes.h"

namespace clew::query {

using LeftOut = RunNotes;

}  // namespace clew::query

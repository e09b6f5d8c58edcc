// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace clew::base {

// Names the calling thread for tools that list threads: at most 15 characters.
void NameThread(const char* name);

}  // namespace clew::base

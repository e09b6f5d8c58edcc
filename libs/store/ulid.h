// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace clew::store {

// A new identity of 26 letters and digits that sorts by its time, to the millisecond:
// 48 bits of it, then 80 random ones. Source: github.com/ulid/spec.
std::string MakeUlid(int64_t unix_nano);

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace clew::wire {

// Arrays and key-value lists inside one OTLP attribute value.
inline constexpr int kMaxValueNesting = 32;
// Structs, lists and maps inside one Thrift message.
inline constexpr int kMaxThriftNesting = 64;

}  // namespace clew::wire

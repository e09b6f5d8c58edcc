// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/span_sink.h"
#include "wire/json_tree.h"

// Numbers as protobuf's JSON mapping has them: as a JSON number or as a string of one.
// nullopt when a value is of another kind, or does not fit the type.
namespace clew::wire {

// Also 1e3 and 1.0: what counts is the number, not how it is written.
std::optional<int64_t> ReadJsonInt64(JsonValue value);
std::optional<int32_t> ReadJsonInt32(JsonValue value);
std::optional<uint32_t> ReadJsonUint32(JsonValue value);
// What does not fit, below zero or above, is UINT64_MAX.
std::optional<uint64_t> ReadJsonUint64OrMax(JsonValue value);
// Also "NaN", "Infinity" and "-Infinity".
std::optional<double> ReadJsonDouble(JsonValue value);

// A text, a truth or a number, which is whole when it can be and none of a double is asked for;
// nullopt for null, an object or an array.
std::optional<model::ValueView> ReadPlainValue(JsonValue value, bool as_double = false);

}  // namespace clew::wire

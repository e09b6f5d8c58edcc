// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "model/span_sink.h"
#include "wire/scan_failure.h"

namespace clew::wire {

struct KeyValueView {
  std::string_view key{};
  model::ValueView value{};
};

// Reads OTLP's AnyValue and KeyValue messages: `origin` is the first byte of the body,
// for positions. `nesting` counts the arrays and lists around the value. False with
// `failure` set when they are malformed or nested deeper than kMaxValueNesting; an
// array or list is checked to its leaves.
//
// Of several members of the oneof the last wins; two arrays are not merged.
bool ReadAnyValue(std::string_view message, const char* origin, int nesting,
                  model::ValueView& value, ScanFailure& failure);
bool ReadKeyValue(std::string_view message, const char* origin, int nesting,
                  KeyValueView& key_value, ScanFailure& failure);

}  // namespace clew::wire

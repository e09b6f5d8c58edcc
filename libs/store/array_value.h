// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/span_sink.h"
#include "store/column_names.h"

namespace clew::store {

// The elements of an array value, which is the OTLP encoding of ArrayValue; views
// into `encoded`. REQUIRES: it was checked when it came in.
std::vector<model::ValueView> ElementsOf(std::string_view encoded);

// The column type of an array whose elements are all of one type that has one;
// nullopt for mixed, nested and empty arrays.
std::optional<ColumnType> ArrayTypeOf(std::string_view encoded);

// The encoding of an array of these elements.
std::string EncodeArray(const std::vector<model::ValueView>& elements);

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/compare/attributes.h"
#include "ledger/sorted_names.h"
#include "wire/json_writer.h"

namespace clew::serve {

// Which attributes go with being in a set. Keys and values are ranks of `texts`.
struct AttributeAnswer {
  ledger::SortedNames texts;
  ledger::AttributeComparison comparison{};
  // Keys that were left out, ascending: those the sets were selected by, and those with too many
  // values to be read.
  std::vector<uint32_t> selecting{}, too_many{};
};

// Writes the members `attributes` and `attributesLeftOut` of an object.
void WriteAttributes(const AttributeAnswer& answer, wire::JsonWriter& json);

}  // namespace clew::serve

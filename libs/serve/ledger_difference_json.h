// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/compare/difference.h"
#include "ledger/names.h"
#include "wire/json_writer.h"

namespace clew::serve {

// Writes the member `difference` of an object: services in the order in which to look at them, all
// parts by how much they grew, and what visits do otherwise.
void WriteDifference(const ledger::Difference& difference, const ledger::Names& names,
                     wire::JsonWriter& json);

}  // namespace clew::serve

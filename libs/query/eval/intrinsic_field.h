// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "query/eval/field.h"

namespace clew::query {

// What every span has: its name, its duration, its trace's root and so on. Ids are hex
// texts, that of a trace without leading zeros.
std::unique_ptr<Field> MakeIntrinsicField(traceql::Intrinsic intrinsic,
                                          const store::Memtable& memtable);

// A trace id as it is compared: in lower case, without leading zeros.
std::string_view WithoutLeadingZeros(std::string_view hex);

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "parquet/values.h"

namespace clew::parquet {

// The values by a dictionary, in the order in which they first come; nullopt as soon as
// it would be over `limit_bytes`, or most values turn out to be different.
std::optional<CodedValues> BuildDictionary(const Values& values, uint64_t limit_bytes);

// The same without the entries that no code names. The order stays.
CodedValues DropUnused(CodedValues coded);

// The bytes of a dictionary in PLAIN.
uint64_t PlainBytes(const Values& values, Type type);
// The values themselves.
Values Resolve(const CodedValues& coded);

}  // namespace clew::parquet

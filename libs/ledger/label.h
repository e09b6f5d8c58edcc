// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ledger/rows.h"

namespace clew::ledger {

// "self", "network", ….
std::string_view NameOf(Category category);

// Who an owner is, for people: "cart HGETALL", "network checkout → payment", "cart SELECT, callee
// cart-db".
std::string LabelOf(const Owner& owner, GroupBy by, const Names& names);

// What stands before a label in a sentence: "in ", or nothing where that reads badly.
std::string_view PrepositionOf(const Owner& owner, GroupBy by);

// Service and operation of a span.
std::string LabelOf(const Span& span, const Names& names);

}  // namespace clew::ledger

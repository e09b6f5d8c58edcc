// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/condition.h"
#include "query/eval/mentioned_fields.h"
#include "query/eval/regexes.h"
#include "query/traceql_search.h"

namespace clew::query {

// How a search by TraceQL is run: columns name the traces that may be results, each of these
// is looked at as a whole, newest first. Immutable.
struct SearchPlan {
  const TraceqlRequest& request;
  Condition condition;                    // what columns are asked
  std::vector<MentionedField> mentioned;  // what spans of the answer say of themselves
  // The search ends once it has so many of the newest; nullopt: a sort() or limit() decides, so
  // that every trace is looked at.
  std::optional<uint32_t> enough;
};

// `request` and `regexes` outlive it.
SearchPlan PlanSearch(const TraceqlRequest& request, Regexes& regexes);

// A line for each decision, its name in front: for people, and to be compared.
std::string Print(const SearchPlan& plan);

}  // namespace clew::query

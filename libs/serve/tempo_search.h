// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "query/search.h"
#include "serve/api.h"
#include "store/trace_store.h"

namespace clew::serve {

// GET /api/search. `memtable` is null when the tenant never sent anything.
ApiReply Search(const ApiRequest& request, const store::Memtable* memtable);

// The answer as Tempo writes it. Its clients refuse fields they do not know, and
// fields of value zero are left out.
std::string SearchJson(const query::SearchResult& result);

}  // namespace clew::serve

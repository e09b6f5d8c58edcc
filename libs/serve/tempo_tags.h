// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/api.h"
#include "store/trace_store.h"

namespace clew::serve {

// GET /api/search/tags, /api/search/tag/{name}/values and their second versions.
// `memtable` is null when the tenant never sent anything.
ApiReply TagNames(const ApiRequest& request, const store::Memtable* memtable);
ApiReply TagNamesV2(const ApiRequest& request, const store::Memtable* memtable);
ApiReply TagValues(const ApiRequest& request, const store::Memtable* memtable);
ApiReply TagValuesV2(const ApiRequest& request, const store::Memtable* memtable);

}  // namespace clew::serve

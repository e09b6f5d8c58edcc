// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/router.h"
#include "serve/saved_searches.h"

namespace clew::serve {

// Adds /api/clew/v1/searches: GET lists the searches that were saved, PUT /{name} saves one,
// {"query":"{ … }","order":"newest"}, and DELETE /{name} deletes it. `searches` outlives the
// router.
void AddSearchesApi(Router& router, SavedSearches& searches);

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ingest/ingestor.h"
#include "serve/api.h"

namespace clew::serve {

// Whose spans a request is about.
inline std::string_view TenantOf(const ApiRequest& request) {
  return request.tenant.empty() ? ingest::kSingleTenant : std::string_view(request.tenant);
}

}  // namespace clew::serve

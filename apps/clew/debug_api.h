// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "serve/queries.h"
#include "serve/readiness.h"
#include "serve/router.h"
#include "server_config.h"

namespace clew {

// All must outlive the router.
struct DebugSources {
  const ServerConfig& config;
  const serve::Queries& queries;
  const serve::Readiness& readiness;
};

// Adds what `clew debug bundle` collects, /api/clew/v1/debug/{part}: configuration, machine,
// catalog, status and log; and /api/clew/v1/cost. None of them has values of attributes, texts of
// queries or secrets. Where tenants are told apart each sees its own blocks, and configuration
// and log, which are of all, are 403.
void AddDebugApi(serve::Router& router, const DebugSources& sources);

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "opentelemetry/sdk/trace/tracer_provider.h"

namespace clew::shop {

// A provider for one service of this process, whose spans go to that URL of OTLP over HTTP.
// Whoever takes it shuts it down.
std::shared_ptr<opentelemetry::sdk::trace::TracerProvider> TraceService(const std::string& service,
                                                                        const std::string& url);

}  // namespace clew::shop

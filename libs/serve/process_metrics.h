// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/metrics_text.h"

namespace clew::serve {

// What Prometheus's clients tell of any process: processor time, memory, descriptors, start.
// What the system does not tell is left out.
void AddProcessMetrics(base::MetricsText& text);

// Size of the file system of a directory and what is free of it for this process; nothing where
// the system does not tell.
void AddDiskMetrics(base::MetricsText& text, const std::string& directory);

}  // namespace clew::serve

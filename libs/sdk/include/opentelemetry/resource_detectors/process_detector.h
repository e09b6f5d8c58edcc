// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/sdk/resource/resource_detector.h"

namespace opentelemetry::inline v1::resource_detector {

// process.pid, .parent_pid, .executable.name, .executable.path, .command and .command_args.
class ProcessResourceDetector final : public sdk::resource::ResourceDetector {
 public:
  sdk::resource::Resource Detect() override;
};

}  // namespace opentelemetry::inline v1::resource_detector

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/sdk/resource/resource_detector.h"

namespace opentelemetry::inline v1::resource_detector {

// os.type, os.name, os.version, os.description from uname and /etc/os-release.
class OsResourceDetector final : public sdk::resource::ResourceDetector {
 public:
  sdk::resource::Resource Detect() override;
};

}  // namespace opentelemetry::inline v1::resource_detector

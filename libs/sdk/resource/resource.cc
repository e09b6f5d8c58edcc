// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/resource/resource.h"

#include <errno.h>

#include <utility>

#include "opentelemetry/sdk/resource/resource_detector.h"

namespace opentelemetry::inline v1::sdk::resource {

Resource::Resource(ResourceAttributes attributes, std::string schema_url)
    : fields_(
          std::make_shared<const Fields>(Fields{std::move(attributes), std::move(schema_url)})) {}

Resource Resource::Merge(const Resource& other) const {
  ResourceAttributes merged = GetAttributes();
  for (const auto& [key, value] : other.GetAttributes()) merged[key] = value;
  // Attributes of two schemas follow neither.
  const std::string& own = GetSchemaURL();
  const std::string& others = other.GetSchemaURL();
  if (own.empty()) return Resource(std::move(merged), others);
  return Resource(std::move(merged), others.empty() || own == others ? own : "");
}

Resource Resource::Create(const ResourceAttributes& attributes, const std::string& schema_url) {
  Resource merged = GetDefault().Merge(Resource(attributes, schema_url));
  if (merged.GetAttributes().contains("service.name")) return merged;
  return merged.Merge(Resource(
      {{"service.name", std::string("unknown_service:") + program_invocation_short_name}}, ""));
}

const Resource& Resource::GetEmpty() {
  static const auto* empty = new Resource;
  return *empty;
}

const Resource& Resource::GetDefault() {
  static const auto* defaults = new Resource(Resource({{"telemetry.sdk.language", "cpp"},
                                                       {"telemetry.sdk.name", "clew"},
                                                       {"telemetry.sdk.version", "0.1.0"}},
                                                      "")
                                                 .Merge(OTELResourceDetector().Detect()));
  return *defaults;
}

}  // namespace opentelemetry::inline v1::sdk::resource

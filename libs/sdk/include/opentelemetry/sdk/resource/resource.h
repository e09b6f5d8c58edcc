// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "opentelemetry/sdk/common/owned_attributes.h"

namespace opentelemetry::inline v1::sdk::resource {

using ResourceAttributes = common::AttributeMap;

// What produces the spans of this process. A value; copies share their attributes.
class Resource {
 public:
  Resource() : Resource(ResourceAttributes(), "") {}
  Resource(ResourceAttributes attributes, std::string schema_url);

  const ResourceAttributes& GetAttributes() const { return fields_->attributes; }
  const std::string& GetSchemaURL() const { return fields_->schema_url; }
  // The attributes of both; those of `other` win.
  Resource Merge(const Resource& other) const;
  bool SharesWith(const Resource& other) const { return fields_ == other.fields_; }

  // Default attributes, then the environment's, then `attributes`, and
  // unknown_service:<program> when none of them names the service.
  static Resource Create(const ResourceAttributes& attributes, const std::string& schema_url = {});
  static const Resource& GetEmpty();
  // telemetry.sdk.* and the environment's attributes.
  static const Resource& GetDefault();

 private:
  struct Fields {
    ResourceAttributes attributes;
    std::string schema_url;
  };
  std::shared_ptr<const Fields> fields_;
};

}  // namespace opentelemetry::inline v1::sdk::resource

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "opentelemetry/nostd/string_view.h"
#include "opentelemetry/version.h"

namespace opentelemetry::inline v1::sdk::instrumentationscope {

// Which library made a span. A value; copies share their text.
class InstrumentationScope {
 public:
  InstrumentationScope() : InstrumentationScope("", "", "") {}
  InstrumentationScope(nostd::string_view name, nostd::string_view version,
                       nostd::string_view schema_url)
      : fields_(std::make_shared<const Fields>(
            Fields{std::string(name), std::string(version), std::string(schema_url)})) {}

  const std::string& GetName() const { return fields_->name; }
  const std::string& GetVersion() const { return fields_->version; }
  const std::string& GetSchemaURL() const { return fields_->schema_url; }
  bool equal(nostd::string_view name, nostd::string_view version,
             nostd::string_view schema_url) const {
    return name == GetName() && version == GetVersion() && schema_url == GetSchemaURL();
  }
  // Whether both are copies of one scope.
  bool SharesWith(const InstrumentationScope& other) const { return fields_ == other.fields_; }

 private:
  struct Fields {
    std::string name;
    std::string version;
    std::string schema_url;
  };
  std::shared_ptr<const Fields> fields_;
};

}  // namespace opentelemetry::inline v1::sdk::instrumentationscope

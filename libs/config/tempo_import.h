// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace clew::config {

// Settings that do what those of a Tempo did; their lines are those of its file.
struct TempoImport {
  std::vector<Setting> settings;
  // "file:line: key: why not", of each key that has no setting here, in their order.
  std::vector<std::string> notes;
};

// Reads a configuration of Tempo. `name` is what notes and errors call it. kInvalidArgument when
// it is no YAML with keys. Whether a value is one that a server takes is not looked at.
base::Result<TempoImport> ImportTempo(std::string_view text, std::string_view name);

// Reads the file of `overrides.per_tenant_override_config`.
base::Result<TempoImport> ImportTempoOverrides(std::string_view text, std::string_view name);

}  // namespace clew::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace clew::config {

struct ParsedFile {
  std::vector<Setting> settings;    // in the order of the file
  std::vector<std::string> errors;  // "file:line: what", all that were found
};

// Reads a configuration file, YAML. Keys within keys are joined by '-', so that
//
//   tenant: {rate: 20MiB, burst: 40MiB}
//
// is tenant-rate and tenant-burst; a list is several values. Under `tenants` each tenant has keys
// of its own. Values are texts as they are written, `off` and `0644` too, with variables
// (see Expand); one that is empty because a variable is counts as not written. `name` is what
// errors call the file.
ParsedFile ParseFile(std::string_view text, std::string_view name, const KnownKeys& known,
                     const Variables& variables);

}  // namespace clew::config

// SPDX-License-Identifier: Apache-2.0
// Property: a text has errors, each with its line, or settings, which print as a text that has no
// error and the same settings.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config_file.h"

namespace {

using clew::config::KnownKeys;
using clew::config::ParsedFile;

using Values = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

Values ValuesOf(const ParsedFile& parsed) {
  Values values;
  for (const auto& setting : parsed.settings) {
    values[{setting.tenant, setting.key}] = setting.values;
  }
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const KnownKeys known{.server = {"a", "a-b", "a-b-c", "data", "keep", "tenant-rate"},
                        .tenant = {"rate", "span-rate"}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ParsedFile parsed = clew::config::ParseFile(text, "f", known, {{"A", "x"}, {"B", ""}});
  for (const std::string& error : parsed.errors) {
    if (!error.starts_with("f:")) std::abort();
  }
  if (!parsed.errors.empty()) return 0;
  const std::string printed = clew::config::PrintSettings(parsed.settings);
  const ParsedFile again = clew::config::ParseFile(printed, "g", known, {});
  if (!again.errors.empty() || ValuesOf(again) != ValuesOf(parsed)) std::abort();
  return 0;
}

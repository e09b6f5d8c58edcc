// SPDX-License-Identifier: Apache-2.0
// Property: a text is refused, or every setting that it gives prints as one that is read as it is.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/config_file.h"
#include "config/tempo_import.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool overrides : {false, true}) {
    const auto import = overrides ? clew::config::ImportTempoOverrides(text, "t")
                                  : clew::config::ImportTempo(text, "t");
    if (!import.ok()) continue;
    for (const auto& setting : import.value().settings) {
      clew::config::KnownKeys known{.server = {setting.key}, .tenant = {setting.key}};
      const std::string printed = clew::config::PrintSettings({&setting, 1});
      const auto parsed = clew::config::ParseFile(printed, "g", known, {});
      if (!parsed.errors.empty() || parsed.settings.size() != 1) std::abort();
      if (parsed.settings[0].values != setting.values) std::abort();
      if (parsed.settings[0].tenant != setting.tenant) std::abort();
    }
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "log_flag.h"

#include <map>
#include <string>

namespace clew {

void AddLogFormat(CLI::App& command, base::LogFormat& format) {
  const std::map<std::string, base::LogFormat> names = {{"text", base::LogFormat::kText},
                                                        {"json", base::LogFormat::kJson}};
  command
      .add_option_function<std::string>(
          "--log-format", [names, &format](const std::string& name) { format = names.at(name); },
          "Lines of the log as text, or as one JSON object each with time, level and message: "
          "text or json")
      ->type_name("FORMAT")
      ->default_str("text")
      ->check(CLI::IsMember({"text", "json"}).description(""));
}

}  // namespace clew

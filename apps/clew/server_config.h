// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "server.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

// What a server is told, by flags, variables and a file. One name serves for all three, that of
// the option of AddServerOptions.
namespace clew {

struct ConfigSources {
  std::vector<config::Setting> flags;
  config::Variables environment;
  std::string file;  // empty: none
};

// A setting that counts, and who says so.
struct GivenSetting {
  enum class By { kFile, kVariable, kFlag };
  config::Setting setting;
  By by;
};

struct ServerConfig {
  ServerOptions options;
  std::vector<GivenSetting> given;  // the rest has its default
  ConfigSources sources;
};

// All that is wrong, each with where it is: "clew.yaml:3: …", "CLEW_DATA: …".
using ConfigErrors = std::vector<std::string>;

// Reads the file and puts together what counts: a flag before a variable before the file before
// the default. What does not count is checked as well.
base::Result<ServerConfig, ConfigErrors> ReadServerConfig(ConfigSources sources);
// The same of a file with this text.
base::Result<ServerConfig, ConfigErrors> ReadServerConfig(ConfigSources sources,
                                                          std::string_view text);

// Adds --config and returns what it will be.
std::shared_ptr<std::string> AddConfigFile(CLI::App& command);
// What was said to a command with AddServerOptions, which is relieved of saying what belongs
// together: that is judged when all is known. Call AddServerOptions first.
ConfigSources SourcesOf(CLI::App& command, const std::string& file);

// The options that are settings, in the order of the help.
std::vector<CLI::Option*> SettingsOf(CLI::App& command);
std::string KeyOf(const CLI::Option& option);

// Variables named CLEW_… that are nearly that of a setting: "CLEW_TENANT_RAT: did you mean …".
std::vector<std::string> DoubtfulVariables(const config::Variables& environment);

}  // namespace clew

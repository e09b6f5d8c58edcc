// SPDX-License-Identifier: Apache-2.0
// `clew config`: what a server would make of its configuration, and what another program's is here.
#include "config_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/tempo_import.h"
#include "config_printer.h"
#include "server_command.h"
#include "server_config.h"

namespace clew {
namespace {

base::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.good() || file.eof()) return text;
  return base::Error{base::ErrorCode::kIo, "cannot read " + path};
}

int Complain(const std::vector<std::string>& errors) {
  for (const std::string& error : errors) std::fprintf(stderr, "%s\n", error.c_str());
  return 1;
}

int Check(const ConfigSources& sources) {
  const auto config = ReadServerConfig(sources);
  if (!config.ok()) return Complain(config.error());
  const base::Status starts = CheckServerOptions(config.value().options);
  if (!starts.ok()) return Complain({sources.file + ": " + starts.error().message});
  for (const std::string& variable : DoubtfulVariables(sources.environment)) {
    std::fprintf(stderr, "%s\n", variable.c_str());
  }
  std::printf("%s is right: %zu settings\n", sources.file.c_str(), config.value().given.size());
  return 0;
}

void AddCheck(CLI::App& config, int& exit_code) {
  CLI::App* const command =
      config.add_subcommand("check", "Say whether a server would take a configuration file");
  const auto file = std::make_shared<std::string>();
  command->add_option("file", *file, "The file, YAML")->envname("CLEW_CONFIG")->required();
  command->callback([command, file, &exit_code] { exit_code = Check(SourcesOf(*command, *file)); });
}

void AddShow(CLI::App& config, int& exit_code) {
  struct Flags {
    ServerOptions given;
    bool effective = false, json = false;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* const command = config.add_subcommand(
      "show", "Print what a server would be told, and by whom; takes the flags of `clew server`");
  AddServerOptions(*command, flags->given);
  for (CLI::Option* option : SettingsOf(*command)) option->group("");
  const std::shared_ptr<std::string> file = AddConfigFile(*command);
  command->add_flag("--effective", flags->effective, "All that counts, with the defaults")
      ->configurable(false);
  command->add_flag("--json", flags->json, "For programs")->configurable(false);
  command->callback([command, flags, file, &exit_code] {
    const auto read = ReadServerConfig(SourcesOf(*command, *file));
    if (!read.ok()) {
      exit_code = Complain(read.error());
      return;
    }
    const std::string text = flags->json ? ShowConfigAsJson(read.value(), flags->effective)
                                         : ShowConfig(read.value(), flags->effective);
    std::fputs(text.c_str(), stdout);
  });
}

// Leaves out what a server would not take, and says so.
void KeepWhatIsTaken(config::TempoImport& import, const std::string& name) {
  std::vector<config::Setting> taken;
  for (config::Setting& setting : import.settings) {
    const std::string text = config::PrintSettings({&setting, 1});
    const auto read = ReadServerConfig({.flags = {}, .environment = {}, .file = name}, text);
    // Certificate and key are right together only.
    const bool alone = !setting.key.starts_with("tls-");
    if (alone && !read.ok()) {
      std::string why = read.error().front();
      why = why.substr(why.find(": ") + 2);
      std::string& note = import.notes.emplace_back(name);
      note.append(":").append(std::to_string(setting.line)).append(": ").append(why);
    } else {
      taken.push_back(std::move(setting));
    }
  }
  import.settings = std::move(taken);
}

// An entry is used as a whole: what the second file says of all tenants takes the place of what the
// first says of rates, and of any other setting that it has.
void Override(std::vector<config::Setting>& settings, std::vector<config::Setting> others) {
  const auto is_rate = [](const config::Setting& setting) {
    return setting.tenant.empty() &&
           (setting.key == "tenant-rate" || setting.key == "tenant-burst");
  };
  const auto is_of = [](const config::Setting& a) {
    return [&a](const config::Setting& b) { return a.tenant == b.tenant && a.key == b.key; };
  };
  if (std::ranges::any_of(others, is_rate)) std::erase_if(settings, is_rate);
  for (config::Setting& setting : others) {
    std::erase_if(settings, is_of(setting));
    settings.push_back(std::move(setting));
  }
}

base::Result<config::TempoImport> Import(const std::string& file, const std::string& overrides) {
  const std::string text = TRY(ReadFile(file));
  config::TempoImport import = TRY(config::ImportTempo(text, file));
  KeepWhatIsTaken(import, file);
  if (overrides.empty()) return import;
  const std::string more_text = TRY(ReadFile(overrides));
  config::TempoImport more = TRY(config::ImportTempoOverrides(more_text, overrides));
  KeepWhatIsTaken(more, overrides);
  Override(import.settings, std::move(more.settings));
  for (std::string& note : more.notes) import.notes.push_back(std::move(note));
  return import;
}

// What a server would say to settings that are right each for itself.
std::vector<std::string> WhyNotStart(const std::string& text, const std::string& name) {
  const auto read = ReadServerConfig({.flags = {}, .environment = {}, .file = name}, text);
  if (!read.ok()) return read.error();
  const base::Status starts = CheckServerOptions(read.value().options);
  if (starts.ok()) return {};
  return {name + ": " + starts.error().message};
}

void AddImport(CLI::App& config, int& exit_code) {
  struct Files {
    std::string file, overrides;
  };
  const auto files = std::make_shared<Files>();
  CLI::App* const command = config.add_subcommand(
      "import",
      "Print the configuration that does what one of Tempo did, and on standard error a line for "
      "each of its keys that has no setting here");
  command->add_option("file", files->file, "Tempo's file, YAML")->required();
  command->add_option("--overrides", files->overrides,
                      "Its file of per_tenant_override_config, for what single tenants may send");
  command->callback([files, &exit_code] {
    const auto import = Import(files->file, files->overrides);
    if (!import.ok()) {
      exit_code = Complain({import.error().message});
      return;
    }
    const std::string text = config::PrintSettings(import.value().settings);
    (void)Complain(import.value().notes);
    (void)Complain(WhyNotStart(text, files->file));
    std::fputs(text.c_str(), stdout);
  });
}

}  // namespace

void AddConfigCommand(CLI::App& app, int& exit_code) {
  CLI::App* const config = app.add_subcommand(
      "config", "Check and show the configuration of a server, and import Tempo's");
  config->require_subcommand(1);
  AddCheck(*config, exit_code);
  AddShow(*config, exit_code);
  config->add_subcommand("example", "Print a file of all settings with their help, commented out")
      ->callback([] { std::fputs(ExampleConfig().c_str(), stdout); });
  AddImport(*config, exit_code);
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
// What counts is found by giving the options of AddServerOptions their values from the least to
// the most, file, variables, flags, so that each is checked by the option's own rules and the last
// one stays. Nothing here knows any option by name.
#include "server_config.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "access/tenant_name.h"
#include "config/config_file.h"
#include "server_command.h"
#include "shown_setting.h"
#include "yaml/nearest_word.h"

namespace clew {
namespace {

using By = GivenSetting::By;

// Letters by which a variable may differ from that of a setting and be doubted.
constexpr size_t kDoubtfulLetters = 2;

bool IsFlag(const CLI::Option& option) {
  return option.get_expected_min() == 0;
}

bool TakesOne(const CLI::Option& option) {
  return option.get_items_expected_max() <= 1;
}

// The reason of CLI11 without the name in front of it, which is said by whoever asks.
std::string ReasonOf(const CLI::Option& option, const CLI::ParseError& error) {
  if (IsFlag(option)) return "expected true or false";
  if (error.get_name() == "ConversionError") {
    const std::string type = option.get_type_name();
    if (type.starts_with("UINT")) return "expected a whole number, and not too large a one";
    return "expected " + type;
  }
  const std::string what = error.what();
  const std::string name = option.get_name() + ": ";
  return what.starts_with(name) ? what.substr(name.size()) : what;
}

// Options that are given values one after the other.
class Values {
 public:
  explicit Values(CLI::App& options) : options_(options) {}

  // Returns what is wrong with it, or nothing.
  std::string Give(const config::Setting& setting) {
    CLI::Option& option = *options_.get_option("--" + setting.key);
    if (setting.values.size() > 1 && TakesOne(option)) {
      return setting.key + ": takes one value, found " + std::to_string(setting.values.size());
    }
    try {
      option.clear();
      option.add_result(setting.values);
      option.run_callback();
      // What is not so needs and excludes nothing.
      if (IsFlag(option) && !option.as<bool>()) option.clear();
    } catch (const CLI::ParseError& error) {
      option.clear();
      return setting.key + ": found '" + Shown(setting).values.front() +
             "': " + ReasonOf(option, error);
    }
    return {};
  }

 private:
  CLI::App& options_;
};

std::string PlaceOf(const config::Setting& setting, By by, const std::string& file) {
  switch (by) {
    case By::kFile:
      return file + ":" + std::to_string(setting.line) + ": ";
    case By::kVariable:
      return config::VariableOf(setting.key) + ": ";
    case By::kFlag:
      return "--";
  }
  return {};
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> KeysOf(CLI::App& options) {
  std::vector<std::string> keys;
  for (const CLI::Option* option : SettingsOf(options)) keys.push_back(KeyOf(*option));
  return keys;
}

config::KnownKeys KnownKeysOf(CLI::App& options) {
  CLI::App of_tenant;
  ingest::TenantLimits limits;
  AddTenantRates(of_tenant, "--", limits, "");
  return {.server = KeysOf(options), .tenant = KeysOf(of_tenant)};
}

// One evaluation of all sources.
class Evaluation {
 public:
  Evaluation(ConfigSources sources, std::string_view text)
      : sources_(std::move(sources)),
        by_file_(config::ParseFile(text, sources_.file, KnownKeysIn(), sources_.environment)),
        errors_(std::move(by_file_.errors)) {}

  base::Result<ServerConfig, ConfigErrors> Run() {
    for (const config::Setting& setting : by_file_.settings) {
      if (setting.tenant.empty()) Give(setting, By::kFile);
    }
    GiveVariables();
    for (const config::Setting& setting : sources_.flags) Give(setting, By::kFlag);
    CheckWhatBelongsTogether();
    GiveTenants();
    if (!errors_.empty()) return std::move(errors_);
    ServerConfig config{.options = options_, .given = {}, .sources = std::move(sources_)};
    for (const std::string& key : KeysOf(app_)) {
      const auto given = given_.find(key);
      if (given != given_.end()) config.given.push_back(given->second);
    }
    for (const config::Setting& setting : by_file_.settings) {
      if (!setting.tenant.empty()) config.given.push_back({setting, By::kFile});
    }
    return config;
  }

 private:
  config::KnownKeys KnownKeysIn() {
    AddServerOptions(app_, options_);
    return KnownKeysOf(app_);
  }

  void Give(const config::Setting& setting, By by) {
    const std::string wrong = Values(app_).Give(setting);
    if (!wrong.empty()) errors_.push_back(PlaceOf(setting, by, sources_.file) + wrong);
    given_[setting.key] = {setting, by};
  }

  void GiveVariables() {
    for (const CLI::Option* option : SettingsOf(app_)) {
      const std::string key = KeyOf(*option);
      const auto found = sources_.environment.find(config::VariableOf(key));
      if (found == sources_.environment.end() || found->second.empty()) continue;
      const bool one = TakesOne(*option);
      Give({.key = key, .values = one ? std::vector{found->second} : Lines(found->second)},
           By::kVariable);
    }
  }

  void CheckWhatBelongsTogether() {
    for (const CLI::Option* option : SettingsOf(app_)) {
      if (option->count() == 0) continue;
      for (const CLI::Option* needed : option->get_needs()) {
        if (needed->count() == 0) Contradict(*option, " needs ", *needed);
      }
      for (const CLI::Option* other : option->get_excludes()) {
        // Both exclude each other, and one error says it.
        if (other->count() > 0 && option->get_name() < other->get_name()) {
          Contradict(*option, " excludes ", *other);
        }
      }
    }
  }

  void Contradict(const CLI::Option& option, const std::string& how, const CLI::Option& other) {
    const auto& [setting, by] = given_[KeyOf(option)];
    errors_.push_back(PlaceOf(setting, by, sources_.file) + setting.key + how +
                      (by == By::kFlag ? "--" : "") + KeyOf(other));
  }

  // What a tenant does not say of itself is that of all.
  void GiveTenants() {
    std::map<std::string, std::vector<const config::Setting*>> settings;
    for (const config::Setting& setting : by_file_.settings) {
      if (!setting.tenant.empty()) settings[setting.tenant].push_back(&setting);
    }
    for (const auto& [tenant, own] : settings) {
      const auto place = [&](const config::Setting& setting) {
        return PlaceOf(setting, By::kFile, sources_.file) + "tenants: ";
      };
      const base::Status name = access::CheckTenantName(tenant);
      if (!name.ok()) errors_.push_back(place(*own.front()) + name.error().message);
      CLI::App app;
      ingest::TenantLimits& limits = options_.tenants[tenant] = options_.tenant;
      AddTenantRates(app, "--", limits, "");
      for (const config::Setting* setting : own) {
        const std::string wrong = Values(app).Give(*setting);
        if (wrong.empty()) continue;
        errors_.push_back(place(*setting));
        errors_.back().append(tenant).append(": ").append(wrong);
      }
    }
  }

  ConfigSources sources_;
  ServerOptions options_;
  CLI::App app_;
  config::ParsedFile by_file_;
  ConfigErrors errors_;
  std::map<std::string, GivenSetting> given_;
};

config::Variables EnvironmentOfProcess() {
  config::Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

base::Result<ServerConfig, ConfigErrors> ReadServerConfig(ConfigSources sources) {
  if (sources.file.empty()) return ReadServerConfig(std::move(sources), "");
  std::ifstream file(sources.file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return ConfigErrors{"cannot read the configuration file " + sources.file};
  }
  return ReadServerConfig(std::move(sources), text);
}

base::Result<ServerConfig, ConfigErrors> ReadServerConfig(ConfigSources sources,
                                                          std::string_view text) {
  return Evaluation(std::move(sources), text).Run();
}

std::shared_ptr<std::string> AddConfigFile(CLI::App& command) {
  for (CLI::Option* option : SettingsOf(command)) {
    for (CLI::Option* needed : option->get_needs()) option->remove_needs(needed);
    for (CLI::Option* excluded : option->get_excludes()) option->remove_excludes(excluded);
  }
  auto file = std::make_shared<std::string>();
  command
      .add_option("--config", *file,
                  "YAML file with any of these as keys, such as port-api: 3200; limits that change "
                  "there count within a second. `clew config example` prints one")
      ->envname("CLEW_CONFIG")
      ->configurable(false);
  return file;
}

ConfigSources SourcesOf(CLI::App& command, const std::string& file) {
  ConfigSources sources{.flags = {}, .environment = EnvironmentOfProcess(), .file = file};
  for (const CLI::Option* option : SettingsOf(command)) {
    if (option->count() == 0) continue;
    sources.flags.push_back({.key = KeyOf(*option), .values = option->results()});
  }
  return sources;
}

std::vector<CLI::Option*> SettingsOf(CLI::App& command) {
  std::vector<CLI::Option*> options = command.get_options([](const CLI::Option* option) {
    return option->get_configurable() && !option->get_lnames().empty();
  });
  for (CLI::App* group : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (!group->get_name().empty()) continue;
    const std::vector<CLI::Option*> more = SettingsOf(*group);
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

std::string KeyOf(const CLI::Option& option) {
  return option.get_lnames().front();
}

std::vector<std::string> DoubtfulVariables(const config::Variables& environment) {
  CLI::App app;
  ServerOptions options;
  AddServerOptions(app, options);
  std::vector<std::string> names;
  for (const std::string& key : KeysOf(app)) names.push_back(config::VariableOf(key));
  const std::vector<std::string_view> known(names.begin(), names.end());
  std::vector<std::string> doubtful;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("CLEW_") || std::ranges::find(known, name) != known.end()) continue;
    const auto meant = yaml::NearestWord(name, known);
    if (!meant || yaml::LettersBetween(name, *meant) > kDoubtfulLetters) continue;
    doubtful.push_back(name + " is no variable of a setting; did you mean " + std::string(*meant) +
                       "?");
  }
  return doubtful;
}

}  // namespace clew

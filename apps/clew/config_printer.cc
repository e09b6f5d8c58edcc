// SPDX-License-Identifier: Apache-2.0
#include "config_printer.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <utility>

#include "limits_reload.h"
#include "server_command.h"
#include "shown_setting.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

using By = GivenSetting::By;

constexpr size_t kTextColumns = 98;

std::string From(const GivenSetting& given, const std::string& file) {
  switch (given.by) {
    case By::kFile:
      return file + ":" + std::to_string(given.setting.line);
    case By::kVariable:
      return config::VariableOf(given.setting.key);
    case By::kFlag:
      return "flag";
  }
  return {};
}

// The comment goes to the end of the first line.
std::string WithComment(std::string lines, const std::string& comment) {
  return lines.insert(lines.find('\n'), "  # " + comment);
}

std::string Indented(const std::string& lines) {
  std::string out;
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin) + 1;
    out += "    " + lines.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

// What is said when nobody says anything; without values where there is no word for it.
config::Setting DefaultOf(const CLI::Option& option) {
  const std::string text =
      option.get_expected_min() == 0 ? std::string("false") : option.get_default_str();
  config::Setting setting{.key = KeyOf(option), .values = {}};
  if (!text.empty() && text != "[]") setting.values.push_back(text);
  return setting;
}

std::map<std::string, const GivenSetting*> ByKey(const ServerConfig& config) {
  std::map<std::string, const GivenSetting*> by_key;
  for (const GivenSetting& given : config.given) {
    if (given.setting.tenant.empty()) by_key[given.setting.key] = &given;
  }
  return by_key;
}

std::map<std::string, std::vector<const GivenSetting*>> OfTenants(const ServerConfig& config) {
  std::map<std::string, std::vector<const GivenSetting*>> tenants;
  for (const GivenSetting& given : config.given) {
    if (!given.setting.tenant.empty()) tenants[given.setting.tenant].push_back(&given);
  }
  return tenants;
}

// "tenants:" and below, with who says so.
std::string ShowTenants(const ServerConfig& config) {
  std::string out;
  for (const auto& [tenant, settings] : OfTenants(config)) {
    out += "  " + config::PrintText(tenant) + ":\n";
    for (const GivenSetting* given : settings) {
      out += Indented(WithComment(config::PrintSetting(Shown(given->setting)),
                                  From(*given, config.sources.file)));
    }
  }
  return out.empty() ? "" : "tenants:\n" + out;
}

void WriteValue(wire::JsonWriter& json, const config::Setting& setting, std::string_view from) {
  json.Key(setting.key);
  json.BeginObject();
  if (setting.values.size() == 1) {
    json.TextMember("value", setting.values.front());
  } else {
    json.Key("values");
    json.BeginArray();
    for (const std::string& value : setting.values) json.String(value);
    json.EndArray();
  }
  json.TextMember("from", from);
  if (setting.line > 0) json.NumberMember("line", static_cast<uint64_t>(setting.line));
  json.EndObject();
}

void WriteGiven(wire::JsonWriter& json, const GivenSetting& given) {
  switch (given.by) {
    case By::kFile:
      return WriteValue(json, Shown(given.setting), "file");
    case By::kVariable:
      return WriteValue(json, Shown(given.setting), "variable");
    case By::kFlag:
      return WriteValue(json, Shown(given.setting), "flag");
  }
}

// Broken into lines that begin with "# ".
std::string CommentOf(const std::string& text) {
  std::string out;
  std::string line = "#";
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    if (line.size() + 1 + end - begin > kTextColumns) out += std::exchange(line, "#") + "\n";
    line += " " + text.substr(begin, end - begin);
    begin = end + 1;
  }
  return out + line + "\n";
}

std::string ExampleOf(const CLI::Option& option) {
  const bool live = std::ranges::find(LiveSettings(), KeyOf(option)) != LiveSettings().end();
  const config::Setting setting = DefaultOf(option);
  std::string out =
      CommentOf(option.get_description() + (live ? ". A change counts while the server runs" : ""));
  if (setting.values.empty()) {
    const std::string type = option.get_type_name();
    return out + "# " + setting.key + ": " + type.substr(0, type.find(':')) + "\n";
  }
  return out + "# " + config::PrintSetting(setting);
}

}  // namespace

std::string ShowConfig(const ServerConfig& config, bool all) {
  CLI::App app;
  ServerOptions options;
  AddServerOptions(app, options);
  const auto by_key = ByKey(config);
  std::string out;
  for (const CLI::Option* option : SettingsOf(app)) {
    const auto given = by_key.find(KeyOf(*option));
    if (given != by_key.end()) {
      out += WithComment(config::PrintSetting(Shown(given->second->setting)),
                         From(*given->second, config.sources.file));
      continue;
    }
    const config::Setting usual = DefaultOf(*option);
    if (!all) continue;
    out += usual.values.empty() ? "# " + usual.key + ": not set\n"
                                : WithComment(config::PrintSetting(usual), "default");
  }
  return out + ShowTenants(config);
}

std::string ShowConfigAsJson(const ServerConfig& config, bool all) {
  CLI::App app;
  ServerOptions options;
  AddServerOptions(app, options);
  const auto by_key = ByKey(config);
  wire::JsonWriter json;
  json.BeginObject();
  for (const CLI::Option* option : SettingsOf(app)) {
    const auto given = by_key.find(KeyOf(*option));
    if (given != by_key.end()) {
      WriteGiven(json, *given->second);
    } else if (all) {
      WriteValue(json, DefaultOf(*option), "default");
    }
  }
  json.Key("tenants");
  json.BeginObject();
  for (const auto& [tenant, settings] : OfTenants(config)) {
    json.Key(tenant);
    json.BeginObject();
    for (const GivenSetting* given : settings) WriteGiven(json, *given);
    json.EndObject();
  }
  json.EndObject();
  json.EndObject();
  return json.Take() + "\n";
}

std::string ExampleConfig() {
  CLI::App app;
  ServerOptions options;
  AddServerOptions(app, options);
  std::string out =
      "# All settings of `clew server` with their defaults. Keys within keys are joined by '-', "
      "so\n"
      "# that `port: {api: 3200}` is port-api, and ${NAME:-otherwise} is a variable of the\n"
      "# environment. A flag --port-api and a variable CLEW_PORT_API count before the file.\n";
  for (const CLI::Option* option : SettingsOf(app)) out += "\n" + ExampleOf(*option);
  return out +
         "\n# What single tenants may send, where it is not what all may. A change counts while "
         "the\n"
         "# server runs.\n"
         "# tenants:\n"
         "#   shop: {rate: 20MiB, burst: 100MiB, span-rate: 50000, span-burst: 100000}\n";
}

}  // namespace clew

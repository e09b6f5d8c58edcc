// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <algorithm>
#include <cctype>

namespace clew::config {
namespace {

bool IsLetter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool IsName(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::ranges::all_of(text, [](char c) { return IsLetter(c) || c == '_'; });
}

base::Error Invalid(std::string what) {
  return {base::ErrorCode::kInvalidArgument, std::move(what)};
}

// What stands between the braces.
base::Result<std::string> Value(std::string_view inside, const Variables& variables) {
  const size_t colon = inside.find(":-");
  const std::string_view name = inside.substr(0, colon);
  if (!IsName(name)) return Invalid("'${" + std::string(inside) + "}' names no variable");
  const auto found = variables.find(name);
  if (colon == std::string_view::npos) {
    if (found != variables.end()) return found->second;
    return Invalid("the variable " + std::string(name) + " is not set, and '${" +
                   std::string(name) + ":-...}' would say what to take then");
  }
  if (found != variables.end() && !found->second.empty()) return found->second;
  return std::string(inside.substr(colon + 2));
}

// Whether YAML reads it as the text it is, without quotes.
bool IsPlain(std::string_view text) {
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  if (!IsLetter(text.front()) && text.front() != '/') return false;
  const auto is_safe = [](char c) {
    return IsLetter(c) || std::string_view("/._+-:").find(c) != std::string_view::npos;
  };
  return text.back() != ':' && std::ranges::all_of(text, is_safe);
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '$') escaped += '$';
    escaped += c;
  }
  return escaped;
}

std::string Indented(std::string_view lines) {
  std::string out;
  bool at_start = true;
  for (const char c : lines) {
    if (at_start) out += "    ";
    out += c;
    at_start = c == '\n';
  }
  return out;
}

}  // namespace

std::string VariableOf(std::string_view key) {
  std::string name = "CLEW_";
  for (const char c : key) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

base::Result<std::string> Expand(std::string_view text, const Variables& variables) {
  std::string out;
  while (true) {
    const size_t dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) return out;
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      out += '$';
      text.remove_prefix(1);
      continue;
    }
    if (!text.starts_with('{')) return Invalid("'$' begins a '${VARIABLE}'; a dollar is '$$'");
    const size_t end = text.find('}');
    if (end == std::string_view::npos) return Invalid("'${' has no '}'");
    out += TRY(Value(text.substr(1, end - 1), variables));
    text.remove_prefix(end + 1);
  }
}

std::string PrintText(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += "\\x";
      quoted += kHex[byte >> 4];
      quoted += kHex[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string PrintSetting(const Setting& setting) {
  std::string out = setting.key + ":";
  if (setting.values.size() == 1)
    return out + " " + PrintText(Escaped(setting.values.front())) + "\n";
  out += '\n';
  for (const std::string& value : setting.values) out += "  - " + PrintText(Escaped(value)) + "\n";
  return out;
}

std::string PrintSettings(std::span<const Setting> settings) {
  std::string out;
  std::map<std::string, std::string> of_tenants;
  for (const Setting& setting : settings) {
    if (setting.tenant.empty()) {
      out += PrintSetting(setting);
    } else {
      of_tenants[setting.tenant] += Indented(PrintSetting(setting));
    }
  }
  if (!of_tenants.empty()) out += "tenants:\n";
  for (const auto& [tenant, lines] : of_tenants) out += "  " + PrintText(tenant) + ":\n" + lines;
  return out;
}

}  // namespace clew::config

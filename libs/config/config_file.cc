// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "config/limits.h"
#include "yaml/nearest_word.h"
#include "yaml/yaml_file.h"

namespace clew::config {
namespace {

constexpr std::string_view kTenants = "tenants";

// One walk over a file, from keys to the values below them.
class Reader {
 public:
  Reader(std::string_view name, const KnownKeys& known, const Variables& variables)
      : file_(name), known_(known), variables_(variables) {}

  ParsedFile Read(std::string_view text) {
    if (text.size() > kMaxFileBytes) {
      const base::Error error = file_.At(YAML::Node(), "the file is larger than 1 MiB");
      return {.settings = {}, .errors = {error.message}};
    }
    const base::Status read = file_.Read(text, [&](const YAML::Node& root) -> base::Status {
      if (root.IsNull()) return {};
      if (!root.IsMap()) return file_.At(root, "expected keys and values");
      ReadKeys(root, "", "");
      return {};
    });
    if (!read.ok()) parsed_.errors.push_back(read.error().message);
    return std::move(parsed_);
  }

 private:
  // `above` is the path of the map that they are in.
  void ReadKeys(const YAML::Node& map, const std::string& above, const std::string& tenant) {
    ForEachKey(map, [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
      if (above.empty() && tenant.empty() && name == kTenants) return ReadTenants(value);
      ReadKey(key, value, above.empty() ? name : above + "-" + name, tenant);
    });
  }

  void ReadTenants(const YAML::Node& map) {
    if (map.IsNull()) return;
    if (!map.IsMap()) return Wrong(map, "tenants: expected the names of tenants as keys");
    ForEachKey(map, [&](const std::string& name, const YAML::Node&, const YAML::Node& value) {
      if (value.IsNull()) return;
      if (!value.IsMap()) return Wrong(value, "tenants: " + name + ": expected keys and values");
      ReadKeys(value, "", name);
    });
  }

  template <typename Function>
  void ForEachKey(const YAML::Node& map, Function read) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      if (parsed_.errors.size() >= kMaxErrors) return;
      const YAML::Node& key = entry.first;
      if (!key.IsScalar() || key.Scalar().empty()) {
        Wrong(key, "expected a name as key");
      } else if (!seen.insert(key.Scalar()).second) {
        Wrong(key, "the key '" + key.Scalar() + "' is here twice");
      } else {
        read(key.Scalar(), key, entry.second);
      }
    }
  }

  void ReadKey(const YAML::Node& key, const YAML::Node& value, const std::string& path,
               const std::string& tenant) {
    const std::vector<std::string>& known = tenant.empty() ? known_.server : known_.tenant;
    const bool is_known = std::ranges::find(known, path) != known.end();
    const bool is_above =
        std::ranges::any_of(known, [&](const auto& name) { return name.starts_with(path + "-"); });
    if (is_above && value.IsMap()) return ReadKeys(value, path, tenant);
    // A heading whose keys are commented out.
    if (is_above && !is_known && value.IsNull()) return;
    if (!is_known) return Wrong(key, Unknown(path, known));
    std::optional<std::vector<std::string>> values = ReadValues(key, value, path);
    if (values && !values->empty()) {
      Keep(key, {.key = path, .values = std::move(*values), .tenant = tenant});
    }
  }

  // The texts of a value or a list of them; nullopt when one is none.
  std::optional<std::vector<std::string>> ReadValues(const YAML::Node& key, const YAML::Node& value,
                                                     const std::string& path) {
    std::vector<std::string> values;
    const auto read = [&](const YAML::Node& node) {
      if (!node.IsScalar() || node.Scalar().empty()) {
        // The place of a value that is not there is somewhere behind it.
        Wrong(node.IsNull() ? key : node,
              path + (node.IsMap() ? ": expected a value, found keys" : ": has no value"));
        return false;
      }
      base::Result<std::string> text = Expand(node.Scalar(), variables_);
      if (!text.ok()) {
        Wrong(node, path + ": " + text.error().message);
        return false;
      }
      if (!text.value().empty()) values.push_back(std::move(text).value());
      return true;
    };
    if (!value.IsSequence()) return read(value) ? std::optional(values) : std::nullopt;
    if (value.size() == 0) Wrong(value, path + ": has no value");
    for (const auto& item : value) {
      if (!read(item)) return std::nullopt;
    }
    return values;
  }

  void Keep(const YAML::Node& key, Setting setting) {
    setting.line = key.Mark().line + 1;
    const auto [first, is_new] = lines_.try_emplace({setting.tenant, setting.key}, setting.line);
    if (!is_new) {
      return Wrong(key, "the key '" + setting.key + "' is here twice, at first in line " +
                            std::to_string(first->second));
    }
    parsed_.settings.push_back(std::move(setting));
  }

  static std::string Unknown(const std::string& path, const std::vector<std::string>& known) {
    const std::vector<std::string_view> words(known.begin(), known.end());
    const auto meant = yaml::NearestWord(path, words);
    return "unknown key '" + path + "'" +
           (meant ? "; did you mean '" + std::string(*meant) + "'?"
                  : "; `clew config example` shows what there is");
  }

  void Wrong(const YAML::Node& node, const std::string& what) {
    parsed_.errors.push_back(file_.At(node, what).message);
  }

  const yaml::YamlFile file_;
  const KnownKeys& known_;
  const Variables& variables_;
  ParsedFile parsed_;
  std::map<std::pair<std::string, std::string>, int> lines_;  // by tenant and key
};

}  // namespace

ParsedFile ParseFile(std::string_view text, std::string_view name, const KnownKeys& known,
                     const Variables& variables) {
  return Reader(name, known, variables).Read(text);
}

}  // namespace clew::config

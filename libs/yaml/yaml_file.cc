// SPDX-License-Identifier: Apache-2.0
#include "yaml/yaml_file.h"

#include <algorithm>

#include "yaml/nearest_word.h"

namespace clew::yaml {

base::Status YamlFile::Read(std::string_view text,
                            const std::function<base::Status(const YAML::Node& root)>& read) const {
  try {
    return read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return At(error.mark, error.msg);
  }
}

base::Error YamlFile::At(const YAML::Mark& mark, const std::string& what) const {
  return {base::ErrorCode::kInvalidArgument,
          name_ + ":" + std::to_string(mark.line + 1) + ": " + what};
}

base::Error YamlFile::At(const YAML::Node& node, const std::string& what) const {
  return At(node.Mark(), what);
}

base::Status YamlFile::CheckKeys(const YAML::Node& node,
                                 std::initializer_list<std::string_view> known) const {
  if (node && !node.IsNull() && !node.IsMap()) return At(node, "expected keys and values");
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    if (std::ranges::find(known, key) != known.end()) continue;
    std::string what = "unknown key '" + key + "'";
    if (const auto meant = NearestWord(key, {known.begin(), known.size()})) {
      return At(entry.first, what + "; did you mean '" + std::string(*meant) + "'?");
    }
    what += "; known here:";
    for (const std::string_view name : known) what += " " + std::string(name);
    return At(entry.first, what);
  }
  return {};
}

base::Result<std::string> YamlFile::ReadText(const YAML::Node& parent, const char* key) const {
  const YAML::Node node = parent[key];
  if (!node) return At(parent, std::string("expected the key '") + key + "'");
  if (!node.IsScalar() || node.Scalar().empty()) return At(node, "expected a text");
  return node.Scalar();
}

base::Status YamlFile::CheckList(const YAML::Node& node, std::string_view what) const {
  if (!node || node.IsNull() || node.IsSequence()) return {};
  return At(node, "expected a list of " + std::string(what));
}

}  // namespace clew::yaml

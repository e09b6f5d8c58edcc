// SPDX-License-Identifier: Apache-2.0
#include "config/foreign_keys.h"

#include <utility>

#include "config/limits.h"

namespace clew::config {

base::Result<ForeignKeys> ForeignKeys::Parse(std::string_view text, std::string_view name) {
  ForeignKeys keys(name);
  const yaml::YamlFile file(name);
  if (text.size() > kMaxFileBytes) return file.At(YAML::Node(), "the file is larger than 1 MiB");
  base::Status walked = file.Read(text, [&](const YAML::Node& root) -> base::Status {
    if (!root.IsMap()) return file.At(root, "expected keys and values");
    return keys.Walk(file, root, "", 0);
  });
  if (!walked.ok()) return std::move(walked).error();
  return keys;
}

base::Status ForeignKeys::Walk(const yaml::YamlFile& file, const YAML::Node& map,
                               const std::string& above, size_t depth) {
  if (depth > kMaxDepth) return file.At(map, "keys lie too deep within keys");
  for (const auto& entry : map) {
    const YAML::Node& value = entry.second;
    if (++walked_ > kMaxForeignKeys) return file.At(map, "too many keys");
    if (!entry.first.IsScalar()) return file.At(entry.first, "expected a name as key");
    const std::string path =
        above.empty() ? entry.first.Scalar() : above + "." + entry.first.Scalar();
    const int line = entry.first.Mark().line + 1;
    lines_.try_emplace(path, line);
    if (value.IsMap() && value.size() > 0) {
      TRY(Walk(file, value, path, depth + 1));
      continue;
    }
    values_[path] = {.text = value.IsScalar() ? value.Scalar() : "", .line = line};
  }
  return {};
}

const ForeignKeys::Value* ForeignKeys::Take(std::string_view path) {
  const auto found = values_.find(path);
  if (found == values_.end() || found->second.text.empty()) return nullptr;
  found->second.used = true;
  return &found->second;
}

bool ForeignKeys::Has(std::string_view path) const {
  if (values_.contains(path)) return true;
  const std::string below = std::string(path) + ".";
  const auto next = values_.lower_bound(below);
  return next != values_.end() && next->first.starts_with(below);
}

int ForeignKeys::LineOf(std::string_view path) const {
  const auto found = lines_.find(path);
  return found == lines_.end() ? 0 : found->second;
}

void ForeignKeys::Use(std::string_view path) {
  const auto found = values_.find(path);
  if (found != values_.end()) found->second.used = true;
}

}  // namespace clew::config

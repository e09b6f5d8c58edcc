// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::yaml {

// A YAML text that people write, read so that every error says where: "file:line: what".
// kInvalidArgument throughout. Immutable.
class YamlFile {
 public:
  // `name` is what errors call it.
  explicit YamlFile(std::string_view name) : name_(name) {}

  // Calls `read` with the root of `text`. What yaml-cpp throws meanwhile becomes an error.
  base::Status Read(std::string_view text,
                    const std::function<base::Status(const YAML::Node& root)>& read) const;

  base::Error At(const YAML::Node& node, const std::string& what) const;

  // A map, or nothing at all, that has no other keys than these. An unknown one is told with the
  // known one that is most like it.
  base::Status CheckKeys(const YAML::Node& node,
                         std::initializer_list<std::string_view> known) const;
  // The text under `key`, which must be there and not be empty.
  base::Result<std::string> ReadText(const YAML::Node& parent, const char* key) const;
  // A list, or nothing at all; `what` is what it should be a list of.
  base::Status CheckList(const YAML::Node& node, std::string_view what) const;

 private:
  base::Error At(const YAML::Mark& mark, const std::string& what) const;

  std::string name_;
};

}  // namespace clew::yaml

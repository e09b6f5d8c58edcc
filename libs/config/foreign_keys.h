// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "yaml/yaml_file.h"

namespace clew::config {

// All values of another program's file by their paths, "server.http_listen_port", and which of
// them somebody has made use of.
class ForeignKeys {
 public:
  struct Value {
    std::string text;  // of lists and of what is empty: nothing
    int line = 0;      // of its key, from 1
    bool used = false;
  };

  // kInvalidArgument when `text` is no YAML with keys, or has too many of them.
  static base::Result<ForeignKeys> Parse(std::string_view text, std::string_view name);

  // What stands at a path and is not empty; it counts as used from then on.
  const Value* Take(std::string_view path);
  // Whether there is such a key, with or without something below it. Uses nothing.
  bool Has(std::string_view path) const;
  // Calls one that exists and is empty used as well.
  void Use(std::string_view path);

  // Of a key, with or without something below it; 0: there is none.
  int LineOf(std::string_view path) const;

  const std::map<std::string, Value, std::less<>>& values() const { return values_; }
  const std::string& name() const { return name_; }

 private:
  explicit ForeignKeys(std::string_view name) : name_(name) {}
  base::Status Walk(const yaml::YamlFile& file, const YAML::Node& map, const std::string& above,
                    size_t depth);

  std::string name_;
  std::map<std::string, Value, std::less<>> values_;
  std::map<std::string, int, std::less<>> lines_;
  size_t walked_ = 0;  // keys, with those that an alias repeats
};

}  // namespace clew::config

// SPDX-License-Identifier: Apache-2.0
#include "flag_values.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace clew {
namespace {

void AddTo(std::vector<FlagValue>& flags, const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    FlagValue flag{.name = "--" + option->get_lnames().front(),
                   .value = option->get_default_str(),
                   .is_given = option->count() > 0};
    if (flag.is_given) flag.value = CLI::detail::join(option->results(), " ");
    flags.push_back(std::move(flag));
  }
  // A group of options is a command without a name.
  for (const CLI::App* group : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (group->get_name().empty()) AddTo(flags, *group);
  }
}

}  // namespace

std::vector<FlagValue> FlagValuesOf(const CLI::App& command) {
  std::vector<FlagValue> flags;
  AddTo(flags, command);
  return flags;
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
// The flags of `clew delete`.
#include "delete_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "net/percent_encode.h"
#include "server_call.h"
#include "span_export.h"
#include "wire/json_scalar.h"
#include "wire/json_tree.h"

namespace clew {
namespace {

struct DeleteFlags {
  ServerAddress server;
  std::string trace;
  std::string tenant;
  bool yes = false;
  bool json = false;
};

// What is to be deleted: for people, and its path in the API.
struct Target {
  std::string name;
  std::string path;
};

base::Result<Target> TargetOf(const DeleteFlags& flags) {
  if (flags.trace.empty()) {
    return Target{.name = "all spans of tenant " + flags.tenant,
                  .path = "/api/clew/v1/tenants/" + net::PercentEncode(flags.tenant)};
  }
  const model::TraceId id = TRY(ParseTraceId(flags.trace));
  return Target{.name = "trace " + id.ToHex(), .path = "/api/clew/v1/traces/" + id.ToHex()};
}

// Asks the person at the terminal.
base::Status Confirm(const DeleteFlags& flags, const Target& target) {
  if (flags.yes) return {};
  if (isatty(STDIN_FILENO) == 0) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "nothing was deleted: there is no terminal to ask whether " + target.name +
                           " shall go for good; add --yes if that is meant"};
  }
  std::fprintf(stderr, "Delete %s on %s for good? [y/N] ", target.name.c_str(),
               flags.server.url.c_str());
  const int answer = std::getchar();
  if (answer == 'y' || answer == 'Y') return {};
  return base::Error{base::ErrorCode::kCancelled, "nothing was deleted"};
}

// The number of that name in the server's answer.
long long NumberOf(const wire::JsonTree& answer, std::string_view name) {
  wire::JsonMembers members(answer.root());
  while (members.Next()) {
    if (members.key() == name) return wire::ReadJsonInt64(members.value()).value_or(0);
  }
  return 0;
}

void Print(const std::string& json, const Target& target) {
  wire::JsonTree answer;
  wire::ScanFailure failure;
  if (!answer.Parse(json, failure)) {
    std::printf("deleted %s\n", target.name.c_str());
    return;
  }
  std::printf("deleted %s: %lld spans; %lld blocks rewritten, %lld removed\n", target.name.c_str(),
              NumberOf(answer, "spans"), NumberOf(answer, "rewrittenBlocks"),
              NumberOf(answer, "removedBlocks"));
}

base::Status Run(const DeleteFlags& flags) {
  const Target target = TRY(TargetOf(flags));
  TRY(Confirm(flags, target));
  const net::WholeResponse reply =
      TRY(CallServer(flags.server, {.method = "DELETE", .target = target.path}, {}));
  if (reply.head.status == 200) {
    if (flags.json) {
      std::printf("%s\n", reply.body.c_str());
    } else {
      Print(reply.body, target);
    }
    return {};
  }
  std::string why = reply.body;
  while (why.ends_with('\n')) why.pop_back();
  if (why.empty()) why = "the answer is " + std::to_string(reply.head.status);
  if (reply.head.status == 404) return base::Error{base::ErrorCode::kNotFound, why};
  return base::Error{base::ErrorCode::kUnavailable, "the server did not delete: " + why};
}

}  // namespace

void AddDeleteCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<DeleteFlags>();
  CLI::App* const command =
      app.add_subcommand("delete", "Delete a trace, or all spans of a tenant, for good");
  command->description(
      "Delete a trace, or all spans of a tenant, for good.\n"
      "The server takes what it has received by then out of its answers, its blocks and its log.\n"
      "What it receives later under the same id is new. A backup keeps it until it is brought up\n"
      "to date.");
  CLI::Option_group* const what = command->add_option_group("What");
  what->add_option("--trace", flags->trace, "The trace, by its id in hex");
  what->add_option("--tenant", flags->tenant, "The tenant, by its name");
  what->require_option(1);
  AddServerAddress(*command, flags->server, "Address of its query API");
  command->add_flag("--yes", flags->yes, "Do not ask first");
  command->add_flag("--json", flags->json, "Print the server's answer, which is JSON");
  command->callback([flags, &exit_code] {
    const base::Status status = Run(*flags);
    if (!status.ok()) std::fprintf(stderr, "clew delete: %s\n", status.error().message.c_str());
    exit_code = status.ok() ? 0 : 1;
  });
}

}  // namespace clew

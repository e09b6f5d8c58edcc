// SPDX-License-Identifier: Apache-2.0
// The flags of `clew cost`: what takes the room on the disk.
#include "cost_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cost_report.h"
#include "server_call.h"
#include "stored_blocks.h"

namespace clew {
namespace {

struct CostFlags {
  std::string data;
  ServerAddress server;
  std::string tenant;
  size_t top = 20;
  bool json = false;
};

base::Result<std::string> OfDirectory(const CostFlags& flags) {
  const StoredBlocks blocks = TRY(StoredBlocks::Open(flags.data));
  const StorageCost cost = TRY(MeasureCost(blocks.objects(), blocks.OfTenant(flags.tenant), {}));
  return ReportCost(cost, flags.top, flags.json ? ReportForm::kJson : ReportForm::kText);
}

base::Result<std::string> OfServer(const CostFlags& flags) {
  net::RequestHead head{.method = "GET",
                        .target = "/api/clew/v1/cost?top=" + std::to_string(flags.top) +
                                  (flags.json ? "" : "&format=text")};
  if (!flags.tenant.empty()) head.headers.Add("X-Scope-OrgID", flags.tenant);
  net::WholeResponse reply = TRY(CallServer(flags.server, std::move(head), {}));
  if (reply.head.status == 200) return std::move(reply.body);
  return base::Error{base::ErrorCode::kUnavailable,
                     "the server answers " + std::to_string(reply.head.status) + ": " + reply.body};
}

}  // namespace

void AddCostCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<CostFlags>();
  CLI::App* const command =
      app.add_subcommand("cost", "Say which attributes and services take the room on the disk");
  command->description(
      "Say which attributes and services take the room on the disk.\n"
      "Bytes of an attribute are those of its columns in all blocks. A block is shared out among\n"
      "services by their spans in it. What is in memory and in the log only is not in it.");
  CLI::Option* const data = command->add_option(
      "--data", flags->data, "Read this data directory; a server may be using it");
  AddServerAddress(*command, flags->server, "Ask this server; the address of its query API")
      ->excludes(data);
  command->add_option("--tenant", flags->tenant,
                      "The tenant; without it all of the directory, or that of the token");
  command->add_option("--top", flags->top, "How many of each; the rest is one line")
      ->capture_default_str()
      ->check(CLI::Range(size_t{1}, size_t{100'000}));
  command->add_flag("--json", flags->json, "Print JSON");
  command->callback([flags, &exit_code] {
    const auto report = flags->data.empty() ? OfServer(*flags) : OfDirectory(*flags);
    if (report.ok()) {
      std::fwrite(report.value().data(), 1, report.value().size(), stdout);
    } else {
      std::fprintf(stderr, "clew cost: %s\n", report.error().message.c_str());
    }
    exit_code = report.ok() ? 0 : 1;
  });
}

}  // namespace clew

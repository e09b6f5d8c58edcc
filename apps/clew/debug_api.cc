// SPDX-License-Identifier: Apache-2.0
#include "debug_api.h"

#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include <charconv>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/log_fields.h"
#include "block_report.h"
#include "config_printer.h"
#include "cost_report.h"
#include "serve/query_status.h"
#include "serve/tenant.h"
#include "shown_setting.h"
#include "stored_blocks.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

using serve::ApiReply;
using serve::ApiRequest;

// A rule of what is kept is a query, and has values; one of what is redacted has names of
// attributes; a header may be a password.
bool HasContent(std::string_view key) {
  return key == "keep" || key == "redact" || key == "forward-header";
}

std::string ConfigurationJson(ServerConfig config) {
  for (GivenSetting& given : config.given) {
    if (HasContent(given.setting.key)) given.setting.values = {kLeftOut};
  }
  return ShowConfigAsJson(config, true);
}

std::string MachineJson(const std::string& directory) {
  wire::JsonWriter out;
  out.BeginObject();
  out.TextMember("clew", CLEW_VERSION);
  utsname system{};
  if (uname(&system) == 0) {
    out.TextMember("system", system.sysname);
    out.TextMember("kernel", system.release);
    out.TextMember("architecture", system.machine);
  }
  out.NumberMember("cores", std::thread::hardware_concurrency());
  struct sysinfo memory{};
  if (sysinfo(&memory) == 0) {
    out.NumberMember("memoryBytes", memory.totalram * memory.mem_unit);
    out.NumberMember("freeMemoryBytes", memory.freeram * memory.mem_unit);
    out.NumberMember("swapBytes", memory.totalswap * memory.mem_unit);
    out.NumberMember("upSeconds", static_cast<uint64_t>(memory.uptime));
  }
  struct statvfs disk{};
  if (statvfs(directory.c_str(), &disk) == 0) {
    out.NumberMember("diskBytes", uint64_t{disk.f_blocks} * disk.f_frsize);
    out.NumberMember("freeDiskBytes", uint64_t{disk.f_bavail} * disk.f_frsize);
    out.NumberMember("freeInodes", disk.f_favail);
  }
  out.EndObject();
  return out.Take() + "\n";
}

std::string LogText() {
  std::string text;
  for (const std::string& line : base::RecentLogLines()) text.append(line).append("\n");
  return text;
}

ApiReply CatalogReply(const std::string& directory, const ApiRequest& request) {
  const auto blocks = StoredBlocks::Open(directory);
  if (!blocks.ok()) return serve::ErrorReply(blocks.error());
  return {.body = ReportBlocks(blocks.value().OfTenant(request.tenant), ReportForm::kJson)};
}

ApiReply NotForTenants() {
  return serve::TextReply(403,
                          "this is about all tenants, so no tenant may see it: it is on the "
                          "machine of the server\n");
}

ApiReply PartReply(const DebugSources& sources, const ApiRequest& request) {
  const std::string& part = request.path_argument;
  const ServerOptions& options = sources.config.options;
  const bool of_a_tenant = !request.tenant.empty();
  if (part == "configuration") {
    return of_a_tenant ? NotForTenants() : ApiReply{.body = ConfigurationJson(sources.config)};
  }
  if (part == "log") return of_a_tenant ? NotForTenants() : serve::TextReply(200, LogText());
  if (part == "machine") return {.body = MachineJson(options.data)};
  if (part == "catalog") return CatalogReply(options.data, request);
  if (part == "status") {
    return serve::TextReply(200, StatusText(sources.queries, request, sources.readiness,
                                            CLEW_VERSION, serve::ShowQueries::kNo));
  }
  return serve::TextReply(404, "404: there are configuration, machine, catalog, status and log\n");
}

constexpr size_t kDefaultTop = 20;

ApiReply CostReply(const std::string& directory, const ApiRequest& request) {
  size_t top = kDefaultTop;
  if (const auto text = request.Parameter("top")) {
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), top);
    if (problem != std::errc() || end != text->data() + text->size() || top == 0) {
      return serve::TextReply(400, "top: '" + std::string(*text) + "' is no positive number\n");
    }
  }
  const bool as_text = request.Parameter("format").value_or("json") == "text";
  const auto blocks = StoredBlocks::Open(directory);
  if (!blocks.ok()) return serve::ErrorReply(blocks.error());
  const auto cost =
      MeasureCost(blocks.value().objects(), blocks.value().OfTenant(TenantOf(request)),
                  [&request] { return request.cancelled.stop_requested(); });
  if (!cost.ok()) return serve::ErrorReply(cost.error());
  if (as_text) return serve::TextReply(200, ReportCost(cost.value(), top, ReportForm::kText));
  return {.body = ReportCost(cost.value(), top, ReportForm::kJson)};
}

}  // namespace

void AddDebugApi(serve::Router& router, const DebugSources& sources) {
  router.Add("GET", "/api/clew/v1/debug/{part}", serve::RunsOn::kWorker,
             [sources](const ApiRequest& request) { return PartReply(sources, request); });
  router.Add("GET", "/api/clew/v1/cost", serve::RunsOn::kWorker,
             [&data = sources.config.options.data](const ApiRequest& request) {
               return CostReply(data, request);
             });
}

}  // namespace clew

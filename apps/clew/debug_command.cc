// SPDX-License-Identifier: Apache-2.0
// `clew debug bundle`: one file to send to somebody who shall find out what is wrong.
#include "debug_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/compression.h"
#include "base/time_text.h"
#include "server_call.h"
#include "tar_file.h"

namespace clew {
namespace {

constexpr std::string_view kExplained =
    "What a clew server says of itself.\n"
    "\n"
    "configuration.json  its settings and who says them\n"
    "machine.json        its version, kernel, cores, memory and disk\n"
    "catalog.json        its blocks: tenant, size, times\n"
    "metrics.txt         /metrics\n"
    "status.txt          limits of queries and the slow ones\n"
    "log.txt             the last lines of its log\n"
    "\n"
    "Left out: names and values of attributes, names of services, texts of queries, rules of\n"
    "--keep and --redact, headers, parameters and passwords of --forward, tokens. In it: names of\n"
    "tenants, of files and of the host's kernel.\n"
    "Read it before you send it.\n";

struct Part {
  const char *name, *path;
};
constexpr Part kParts[] = {
    {"configuration.json", "/api/clew/v1/debug/configuration"},
    {"machine.json", "/api/clew/v1/debug/machine"},
    {"catalog.json", "/api/clew/v1/debug/catalog"},
    {"metrics.txt", "/metrics"},
    {"status.txt", "/api/clew/v1/debug/status"},
    {"log.txt", "/api/clew/v1/debug/log"},
};

struct BundleFlags {
  ServerAddress server;
  std::string output;
};

// What the server says, or why it does not.
base::Result<TarEntry> Fetch(const BundleFlags& flags, const Part& part,
                             const std::string& folder) {
  net::WholeResponse reply =
      TRY(CallServer(flags.server, {.method = "GET", .target = part.path}, {}));
  TarEntry entry{.name = folder + "/" + part.name, .text = std::move(reply.body)};
  if (reply.head.status == 200) return entry;
  entry.name += ".missing";
  entry.text = "the answer was " + std::to_string(reply.head.status) + ": " + entry.text;
  return entry;
}

base::Status WriteNew(const std::string& path, const std::string& bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wbx");  // not over another
  if (file == nullptr) {
    return base::Error{base::ErrorCode::kIo, "cannot make the file " + path +
                                                 "; is it there already? Name another with "
                                                 "--output"};
  }
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (std::fclose(file) == 0 && written) return {};
  return base::Error{base::ErrorCode::kIo, "cannot write " + path};
}

// "clew-debug-20261129-160500"
std::string FolderName(int64_t now) {
  std::string name = "clew-debug-";
  for (const char c : base::TimeText(now / 1'000'000'000 * 1'000'000'000)) {
    if (c >= '0' && c <= '9') name += c;
    if (c == 'T') name += '-';
  }
  return name;
}

base::Status Bundle(const BundleFlags& flags) {
  const int64_t now = base::Clock::System().UnixNanos();
  const std::string folder = FolderName(now);
  std::vector<TarEntry> entries = {
      {.name = folder + "/README.txt", .text = std::string(kExplained)}};
  for (const Part& part : kParts) entries.push_back(TRY(Fetch(flags, part, folder)));
  const std::string path = flags.output.empty() ? folder + ".tar.gz" : flags.output;
  TRY(WriteNew(path, base::GzipCompress(TarOf(entries, now / 1'000'000'000))));
  std::printf("%s\n", path.c_str());
  for (const TarEntry& entry : entries) {
    std::printf("  %s, %zu bytes\n", entry.name.c_str(), entry.text.size());
  }
  std::printf(
      "It has no values of attributes, no texts of queries and no secrets; README.txt in "
      "it says what there is.\n");
  return {};
}

}  // namespace

void AddDebugCommand(CLI::App& app, int& exit_code) {
  CLI::App* const debug =
      app.add_subcommand("debug", "Write what helps to find out what is wrong with a server");
  debug->require_subcommand(1);
  const auto flags = std::make_shared<BundleFlags>();
  CLI::App* const bundle = debug->add_subcommand(
      "bundle", "Write one file, .tar.gz, of what a server says of itself, to send to somebody");
  AddServerAddress(*bundle, flags->server, "Address of its query API");
  bundle->add_option("--output", flags->output,
                     "The file; without it clew-debug-TIME.tar.gz in this folder");
  bundle->callback([flags, &exit_code] {
    const base::Status status = Bundle(*flags);
    if (!status.ok()) std::fprintf(stderr, "clew debug: %s\n", status.error().message.c_str());
    exit_code = status.ok() ? 0 : 1;
  });
}

}  // namespace clew

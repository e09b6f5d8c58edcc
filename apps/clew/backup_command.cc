// SPDX-License-Identifier: Apache-2.0
// The flags of `clew flush`, `clew backup` and `clew restore`.
#include "backup_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/storage.h"
#include "server_call.h"
#include "store/backup.h"
#include "text_table.h"

namespace clew {
namespace {

void Print(const char* verb, const store::BackupReport& report, const std::string& to) {
  std::printf("%s %llu blocks in %s: %llu spans, %s; %llu new, %llu gone\n", verb,
              static_cast<unsigned long long>(report.blocks), to.c_str(),
              static_cast<unsigned long long>(report.spans), FormatBytes(report.bytes).c_str(),
              static_cast<unsigned long long>(report.added),
              static_cast<unsigned long long>(report.removed));
}

struct BackupFlags {
  std::string data = "clew-data";
  std::string backup;
  ServerAddress server{.url = ""};
};

base::Status Backup(const BackupFlags& flags) {
  if (!flags.server.url.empty()) TRY(FlushServer(flags.server));
  const store::BackupReport report = TRY(
      store::WriteBackup(base::Storage::Local(), base::Clock::System(), flags.data, flags.backup));
  Print("backed up", report, flags.backup);
  return {};
}

base::Status Restore(const BackupFlags& flags) {
  base::Storage& storage = base::Storage::Local();
  if (storage.Exists(flags.data + "/store.json") || storage.Exists(flags.data + "/catalog")) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       flags.data +
                           " has data already; restore into a directory that is empty "
                           "or not there"};
  }
  const store::BackupReport report =
      TRY(store::WriteBackup(storage, base::Clock::System(), flags.backup, flags.data));
  Print("restored", report, flags.data);
  return {};
}

// Runs it; the exit code is 0, or 1 with the reason on stderr.
void SetRun(CLI::App& command, int& exit_code, std::function<base::Status()> run) {
  command.callback([name = command.get_name(), run = std::move(run), &exit_code] {
    const base::Status status = run();
    if (!status.ok()) {
      std::fprintf(stderr, "clew %s: %s\n", name.c_str(), status.error().message.c_str());
    }
    exit_code = status.ok() ? 0 : 1;
  });
}

}  // namespace

void AddBackupCommands(CLI::App& app, int& exit_code) {
  CLI::App* const flush =
      app.add_subcommand("flush", "Have a server write all that it acknowledged into blocks");
  const auto server = std::make_shared<ServerAddress>();
  AddServerAddress(*flush, *server, "Address of its query API");
  SetRun(*flush, exit_code, [server] { return FlushServer(*server); });

  const auto flags = std::make_shared<BackupFlags>();
  CLI::App* const backup = app.add_subcommand(
      "backup",
      "Make a directory hold all blocks of a data directory, or bring it up to date.\n"
      "Blocks never change, so they are hard links where the file system allows");
  backup->add_option("directory", flags->backup, "Of the backup")->required();
  backup->add_option("--data", flags->data, "Data directory; a server may be using it")
      ->capture_default_str();
  AddServerAddress(*backup, flags->server,
                   "The server that uses it, to flush first: what is in its log alone is not "
                   "in a backup");
  SetRun(*backup, exit_code, [flags] { return Backup(*flags); });

  CLI::App* const restore =
      app.add_subcommand("restore", "Make a new data directory of a backup, to start a server on");
  restore->add_option("directory", flags->backup, "Of the backup")->required();
  restore->add_option("--data", flags->data, "Data directory to make")->capture_default_str();
  SetRun(*restore, exit_code, [flags] { return Restore(*flags); });
}

}  // namespace clew

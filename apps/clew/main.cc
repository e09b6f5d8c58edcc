// SPDX-License-Identifier: Apache-2.0
// The one binary. Each subcommand is a file of its own.
#include <CLI/CLI.hpp>

#include "backup_command.h"
#include "block_command.h"
#include "check_command.h"
#include "config_command.h"
#include "cost_command.h"
#include "debug_command.h"
#include "delete_command.h"
#include "edge_command.h"
#include "export_command.h"
#include "import_command.h"
#include "load_command.h"
#include "query_command.h"
#include "server_command.h"
#include "traceql_command.h"
#include "why_command.h"

// Of a command line that says nothing sensible.
static constexpr int kMisused = 2;

// NOLINTNEXTLINE(bugprone-exception-escape): contradictory flag definitions end the program
int main(int argc, char** argv) {
  CLI::App app{
      "clew follows one request through every service it touches and says where the time went.\n"
      "\n"
      "  clew server   receives spans, keeps them and serves the query API and the web UI\n"
      "  clew edge     proxies requests to your services and starts their traces\n"
      "  clew load     sends generated traces and checks that all of them arrive\n"
      "  clew check    writes traces now and then and sees that each comes back once, and soon\n"
      "  clew import   sends files of spans to a server; clew export writes them\n"
      "  clew query    answers a TraceQL query, from a server or a data directory\n"
      "  clew why      says where the time of a trace went\n"
      "  clew block    looks at stored blocks: lists, shows, verifies and dumps them\n"
      "  clew cost     says which attributes and services take the room on the disk\n"
      "  clew flush    has a server write all it has into blocks\n"
      "  clew backup   copies the blocks of a data directory; clew restore makes one of them\n"
      "  clew delete   deletes a trace or all of a tenant, for good\n"
      "  clew config   checks and shows the configuration of a server, and imports Tempo's\n"
      "  clew debug    writes what helps somebody else to find out what is wrong with a server\n"
      "  clew traceql  checks queries and prints them in their canonical form\n"
      "\n"
      "Start with `clew server` and open http://127.0.0.1:3000. Each command has its own --help."};
  app.set_version_flag("--version", "clew " CLEW_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  clew::AddServerCommand(app, exit_code);
  clew::AddEdgeCommand(app, exit_code);
  clew::AddLoadCommand(app, exit_code);
  clew::AddCheckCommand(app, exit_code);
  clew::AddImportCommand(app, exit_code);
  clew::AddExportCommand(app, exit_code);
  clew::AddQueryCommand(app, exit_code);
  clew::AddWhyCommand(app, exit_code);
  clew::AddBlockCommand(app, exit_code);
  clew::AddCostCommand(app, exit_code);
  clew::AddBackupCommands(app, exit_code);
  clew::AddDeleteCommand(app, exit_code);
  clew::AddConfigCommand(app, exit_code);
  clew::AddDebugCommand(app, exit_code);
  clew::AddTraceqlCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kMisused;
  }
  return exit_code;
}

// SPDX-License-Identifier: Apache-2.0
// The flags of `clew why`.
#include "why_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "ledger_answer.h"
#include "ledger_printer.h"
#include "model/ids.h"
#include "query_source.h"
#include "query_watch.h"
#include "why_range.h"

namespace clew {
namespace {

constexpr int kFailed = 1;
constexpr int kMisused = 2;

struct WhyFlags {
  std::string trace_id;
  std::string q, vs, service;
  WhyRange range;
  uint32_t traces = 1000;
  ServerAddress server;
  std::string data;
  std::string tenant;
  std::string by;
  uint32_t rows = 12;
  bool correct_skew = false;
  bool json = false;
};

// What is asked of one trace.
base::Result<QueryCall> TraceCall(const WhyFlags& flags) {
  if (flags.trace_id.empty()) {
    return base::Invalid(
        "say which trace: clew why 7f3a90c41be85d02, or which ones: clew why --q "
        "'{duration > 1s}'; --help has more");
  }
  if (!model::TraceId::FromHex(flags.trace_id)) {
    return base::Invalid("a trace ID is 1 to 32 hex digits: '" + flags.trace_id + "'");
  }
  QueryCall call{
      .path = "/api/clew/v1/trace/{id}/ledger", .parameters = {}, .argument = flags.trace_id};
  if (flags.correct_skew) call.parameters.emplace_back("skew", "correct");
  if (!flags.json) call.parameters.emplace_back("segments", "0");
  return call;
}

// What is asked of many.
base::Result<QueryCall> SetCall(const WhyFlags& flags) {
  if (!flags.trace_id.empty()) return base::Invalid("either a trace or --q, not both");
  QueryCall call{.path = "/api/clew/v1/ledger", .parameters = {{"q", flags.q}}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) call.parameters.emplace_back(name, value);
  };
  // Before is of the same traces, unless others are asked for.
  add("baseline", flags.vs.empty() && !flags.range.vs_before.empty() ? flags.q : flags.vs);
  TRY(AddWhyRange(flags.range, base::Clock::System().UnixNanos(), call));
  add("traces", std::to_string(flags.traces));
  add("service", flags.service);
  return call;
}

base::Status Run(const WhyFlags& flags) {
  if (flags.q.empty() && !(flags.vs.empty() && flags.range.vs_before.empty())) {
    return base::Invalid("--vs and --vs-before need --q");
  }
  if (flags.q.empty() && !flags.service.empty()) return base::Invalid("--service needs --q");
  QueryCall call = TRY(flags.q.empty() ? TraceCall(flags) : SetCall(flags));
  if (!flags.by.empty()) call.parameters.emplace_back("by", flags.by);
  if (!flags.json) call.parameters.emplace_back("rows", std::to_string(flags.rows));
  const auto source = flags.data.empty() ? MakeServerSource(flags.server, flags.tenant)
                                         : MakeDirectorySource(flags.data, flags.tenant);
  const QueryReply reply = TRY(source->Ask(call));
  NotePartial(reply);
  if (flags.json) {
    std::printf("%s\n", reply.body.c_str());
    return {};
  }
  const LedgerAnswer answer = TRY(ReadLedger(reply.body));
  std::fputs(LedgerText(answer, flags.rows).c_str(), stdout);
  return {};
}

int RunToExitCode(const WhyFlags& flags) {
  const base::Status status = Run(flags);
  if (status.ok()) return 0;
  std::fprintf(stderr, "clew why: %s\n", status.error().message.c_str());
  return status.error().code == base::ErrorCode::kInvalidArgument ? kMisused : kFailed;
}

void AddRangeFlags(CLI::App& command, WhyRange& range) {
  CLI::Option* const since = command.add_option(
      "--since", range.since, "Of --q and --vs: from so long ago until now, as 15m");
  command
      .add_option("--start", range.start,
                  "From then on: Unix seconds, or as in 2024-01-31T12:00:00Z")
      ->excludes(since);
  command.add_option("--end", range.end, "Until then, likewise")->excludes(since);
  CLI::Option* const before =
      command.add_option("--vs-before", range.vs_before,
                         "With --since or --start: what came before, so long; without --vs the\n"
                         "same query");
  command.add_option("--vs-start", range.vs_start, "Of --vs alone: from then on")->excludes(before);
  command.add_option("--vs-end", range.vs_end, "Until then, likewise")->excludes(before);
}

void AddFlags(CLI::App& command, WhyFlags& flags) {
  command.add_option("trace", flags.trace_id, "The ID of the trace");
  CLI::Option* const server =
      AddServerAddress(command, flags.server, "Address of a server's query API", "--server,--url");
  command
      .add_option("--data", flags.data,
                  "Ask this data directory instead of a server, which may be using it or not")
      ->excludes(server);
  command.add_option("--q", flags.q, "Traces by TraceQL instead of one, as in '{duration > 1s}'");
  command.add_option("--vs", flags.vs,
                     "With --q: other traces, to say what the first spend more than these");
  AddRangeFlags(command, flags.range);
  command.add_option("--service", flags.service,
                     "With --q: of its calls alone, and what is below them: what it waits for");
  command.add_option("--traces", flags.traces, "Of each set at most so many, the newest")
      ->capture_default_str();
  command.add_option("--tenant", flags.tenant, "Whose spans; of a directory, single-tenant's");
  command.add_option("--by", flags.by,
                     "operation (the default), service, category, or what spans have, as in\n"
                     "resource.k8s.pod.name; with --q also path, who calls whom");
  command.add_option("--rows", flags.rows, "At most so many rows; the others are one")
      ->check(CLI::Range(uint32_t{1}, uint32_t{1000}))
      ->capture_default_str();
  command.add_flag("--correct-skew", flags.correct_skew,
                   "Move server spans whose clock is off into the middle of their clients");
  command.add_flag("--json", flags.json, "The API's own answer, with the path span by span");
}

}  // namespace

void AddWhyCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<WhyFlags>();
  CLI::App* const command = app.add_subcommand("why", "Say where the time of a trace went");
  command->description(
      "Say where the time of a trace went: one sentence, and a ledger that adds up to 100 %.\n"
      "\n"
      "  clew why 7f3a90c41be85d02\n"
      "  clew why 7f3a90c41be85d02 --by service\n"
      "  clew why 7f3a90c41be85d02 --by resource.k8s.pod.name --data clew-data\n"
      "  clew why --q '{duration > 1s}' --vs '{}'\n"
      "  clew why --q '{}' --service payment --since 1h\n"
      "  clew why --q '{name = \"POST /checkout\"}' --since 2m --vs-before 1h\n"
      "\n"
      "Every instant of the root belongs to one owner: of the spans that run, the last to finish\n"
      "of those that their parents wait for; if none does, the parent itself. Time between a\n"
      "client and the server it calls is network, that of a client whose server sends no spans is\n"
      "its callee's, that between a producer and its consumer is wait.\n"
      "What is usual is known from earlier traces that begin with the same operation, ten at "
      "least;\n"
      "USUAL is a row's part of the usual trace.\n"
      "SHARE is of the trace's time. CAN SAVE is what making it faster would save at most, before\n"
      "something that runs beside it is the last to finish; '?': the order of what ran in "
      "parallel\n"
      "is not known. Solid bars are work, shaded ones are waiting.\n"
      "Exits with 0 when there is an answer, with 1 when there is none, and with 2 when the\n"
      "question is wrong. The rules, each with a drawing: docs/ledger.md; of --q and --vs:\n"
      "docs/comparison.md.");
  AddFlags(*command, *flags);
  command->callback([flags, &exit_code] { exit_code = RunToExitCode(*flags); });
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
// The flags of `clew traceql`: looks at queries without running them.
#include "traceql_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "base/result.h"
#include "traceql/parser.h"
#include "traceql/print.h"
#include "traceql/validate.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

struct TraceqlFlags {
  std::string input;  // a file, or for `print` the query itself
  bool tempo = false;

  traceql::Dialect dialect() const {
    return tempo ? traceql::Dialect::kTempo : traceql::Dialect::kClew;
  }
};

struct Verdict {
  std::string_view result = "ok";
  traceql::Position position{.line = 0, .column = 0};
  std::string message{};
};

Verdict VerdictOf(std::string_view text, traceql::Dialect dialect) {
  const auto query = traceql::Parse(text, dialect);
  if (!query.ok()) {
    return {.result = "parse_error",
            .position = query.error().position,
            .message = query.error().MessageWithHint()};
  }
  const traceql::ValidationStatus valid = traceql::Validate(query.value(), dialect);
  if (valid.ok()) return {};
  const traceql::Fault& fault = valid.error();
  const bool invalid = fault.kind == traceql::FaultKind::kInvalid;
  return {.result = invalid ? "invalid" : "unsupported",
          .position = fault.position,
          .message = fault.message};
}

std::string AsJson(std::string_view query, const Verdict& verdict) {
  wire::JsonWriter out;
  out.BeginObject();
  out.Key("query");
  out.String(query);
  out.Key("result");
  out.String(verdict.result);
  out.Key("line");
  out.Number(static_cast<int64_t>(verdict.position.line));
  out.Key("col");
  out.Number(static_cast<int64_t>(verdict.position.column));
  out.Key("message");
  out.String(verdict.message);
  out.EndObject();
  return out.Take();
}

// False when the line is not what was hoped for.
using OnQuery = bool (*)(const std::string& query, const TraceqlFlags& flags);

bool Check(const std::string& query, const TraceqlFlags& flags) {
  const Verdict verdict = VerdictOf(query, flags.dialect());
  std::puts(AsJson(query, verdict).c_str());
  return verdict.result == "ok";
}

bool PrintCanonical(const std::string& query, const TraceqlFlags& /*flags*/) {
  const auto parsed = traceql::Parse(query);
  if (parsed.ok()) {
    std::puts(traceql::Print(parsed.value()).c_str());
  } else {
    std::fprintf(stderr, "clew traceql: %s\n", parsed.error().MessageWithHint().c_str());
  }
  return parsed.ok();
}

bool ForEachLine(std::istream& in, const TraceqlFlags& flags, OnQuery on_query) {
  bool fine = true;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    fine = on_query(line, flags) && fine;
  }
  return fine;
}

base::Result<bool> ForEachLineOfFile(const TraceqlFlags& flags, OnQuery on_query) {
  if (flags.input == "-") return ForEachLine(std::cin, flags, on_query);
  std::ifstream file(flags.input);
  if (!file) {
    return base::Error{base::ErrorCode::kNotFound, "cannot be read: " + flags.input};
  }
  return ForEachLine(file, flags, on_query);
}

base::Result<bool> RunCheck(const TraceqlFlags& flags) {
  return ForEachLineOfFile(flags, Check);
}

base::Result<bool> RunPrint(const TraceqlFlags& flags) {
  std::error_code error;
  const bool file = flags.input == "-" || std::filesystem::is_regular_file(flags.input, error);
  return file ? ForEachLineOfFile(flags, PrintCanonical) : PrintCanonical(flags.input, flags);
}

using TraceqlRun = base::Result<bool> (*)(const TraceqlFlags& flags);

void AddRun(CLI::App& command, const std::shared_ptr<TraceqlFlags>& flags, TraceqlRun run,
            int& exit_code) {
  command.callback([flags, run, &exit_code] {
    const base::Result<bool> fine = run(*flags);
    if (!fine.ok()) std::fprintf(stderr, "clew traceql: %s\n", fine.error().message.c_str());
    exit_code = fine.ok() && fine.value() ? 0 : 1;
  });
}

}  // namespace

void AddTraceqlCommand(CLI::App& app, int& exit_code) {
  CLI::App* const traceql =
      app.add_subcommand("traceql", "Look at TraceQL queries without running them");
  traceql->require_subcommand(1);
  const auto flags = std::make_shared<TraceqlFlags>();

  CLI::App* const check = traceql->add_subcommand(
      "check",
      "Say of each query whether it is one: a JSON object a line,\n"
      "  {\"query\":…,\"result\":…,\"line\":…,\"col\":…,\"message\":…}\n"
      "\n"
      "  ok            it can be run\n"
      "  parse_error   it is no query; line and col are where reading it stopped\n"
      "  invalid       it parses but can mean nothing, like { status > ok }\n"
      "  unsupported   it means something that is not answered\n"
      "\n"
      "Line and col count from 1 within the query, col in bytes; both are 0 when it is ok.\n"
      "Exits with 0 when all are ok, otherwise with 1.");
  check->add_option("file", flags->input, "Queries, one a line, empty lines aside; - reads stdin")
      ->required();
  check->add_flag("--tempo", flags->tempo,
                  "Take what Tempo takes and nothing else: no sort, limit, none and parent.");
  AddRun(*check, flags, RunCheck, exit_code);

  CLI::App* const print = traceql->add_subcommand(
      "print",
      "Print queries in their canonical form: one space around operators, no parentheses\n"
      "that change nothing. Two queries that are the same but for their looks print the same.");
  print
      ->add_option("query", flags->input, "The query; or a file of them, one a line; - reads stdin")
      ->required();
  AddRun(*print, flags, RunPrint, exit_code);
}

}  // namespace clew

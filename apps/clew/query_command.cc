// SPDX-License-Identifier: Apache-2.0
// The flags of `clew query`.
#include "query_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "answer_printer.h"
#include "query/eval/mentioned_fields.h"
#include "query_source.h"
#include "query_watch.h"
#include "serve/limits.h"
#include "serve/metrics_parameters.h"
#include "traceql/parser.h"
#include "traceql/validate.h"

namespace clew {
namespace {

constexpr int kFailed = 1;
constexpr int kMisused = 2;
constexpr int64_t kSecond = 1'000'000'000;

struct QueryFlags {
  std::string query;
  ServerAddress server;
  std::string data;
  std::string tenant;
  std::string since, start, end;
  std::optional<uint32_t> limit, spans_per_spanset;
  std::string step;
  AnswerFormat format = AnswerFormat::kTable;
  bool explain = false;
  std::optional<std::string> watch;  // seconds; empty: as often as by itself
};

// The line of the query that a place is in, and a caret under it.
std::string Pointed(std::string_view query, traceql::Position at) {
  const size_t offset = std::min<size_t>(at.offset, query.size());
  const size_t before = query.substr(0, offset).rfind('\n');
  const size_t from = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line = query.substr(from, query.find('\n', from) - from);
  std::string text = "\n  " + std::string(line) + "\n  ";
  for (const char c : line.substr(0, offset - from)) {
    const bool continues = (static_cast<uint8_t>(c) & 0xc0) == 0x80;
    if (!continues) text += c == '\t' ? '\t' : ' ';
  }
  return text + "^";
}

base::Result<traceql::Query> ParseQuery(const std::string& text) {
  auto query = traceql::Parse(text);
  if (!query.ok()) {
    const traceql::ParseError& error = query.error();
    if (error.whole) return base::Invalid(error.what);
    return base::Invalid(error.what + Pointed(text, error.position) +
                         (error.hint.empty() ? "" : "\n" + error.hint));
  }
  const traceql::ValidationStatus valid = traceql::Validate(query.value());
  if (valid.ok()) return std::move(query).value();
  return base::Invalid(valid.error().message + Pointed(text, valid.error().position));
}

// A search takes whole seconds, so the range is the smallest of these that has it all.
base::Status AddTime(const std::string& name, const std::string& text, bool searches,
                     QueryCall& call) {
  if (text.empty()) return {};
  const base::Result<int64_t> time = serve::ParseUnixTime(text);
  if (!time.ok()) return base::Invalid("--" + name + ": " + time.error().message);
  const int64_t up = name == "end" ? kSecond - 1 : 0;
  const int64_t value = searches ? (time.value() + up) / kSecond : time.value();
  call.parameters.emplace_back(name, std::to_string(value));
  return {};
}

base::Status CheckFlags(const QueryFlags& flags, bool searches) {
  if (searches && !flags.step.empty()) {
    return base::Invalid("--step is for numbers over time; this query selects traces");
  }
  if (!searches && (flags.limit || flags.spans_per_spanset)) {
    return base::Invalid(
        "--limit and --spss are for traces; this query computes numbers over time");
  }
  if (flags.explain && flags.watch)
    return base::Invalid("--explain explains one run; drop --watch");
  if (flags.explain && flags.format == AnswerFormat::kCsv) {
    return base::Invalid("there is no CSV of --explain; it is text, or JSON with --json");
  }
  if (!searches && flags.watch && flags.format == AnswerFormat::kCsv) {
    return base::Invalid("numbers over time are not watched as CSV; --format table or json");
  }
  return {};
}

base::Result<QueryCall> CallOf(const QueryFlags& flags, bool searches) {
  QueryCall call{.path = searches ? "/api/search" : "/api/metrics/query_range",
                 .parameters = {{"q", flags.query}}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) call.parameters.emplace_back(name, value);
  };
  add("since", flags.since);
  TRY(AddTime("start", flags.start, searches, call));
  TRY(AddTime("end", flags.end, searches, call));
  if (flags.limit) add("limit", std::to_string(*flags.limit));
  if (flags.spans_per_spanset) add("spss", std::to_string(*flags.spans_per_spanset));
  add("step", flags.step);
  if (!searches) add("exemplars", flags.format == AnswerFormat::kJson ? "" : "0");
  if (flags.explain) {
    call.path = "/api/clew/v1/explain";
    if (flags.format == AnswerFormat::kTable) call.accept = "text/plain";
  }
  return call;
}

std::unique_ptr<AnswerPrinter> PrinterOf(const QueryFlags& flags, const traceql::Query& query) {
  const auto* const pipeline = std::get_if<traceql::SpansetPipeline>(&query.root);
  if (pipeline == nullptr) return MakeSeriesPrinter(flags.format);
  std::vector<std::string> attributes;
  for (const query::MentionedField& field : query::MentionedFields(*pipeline)) {
    attributes.push_back(field.key);
  }
  return MakeTracePrinter(flags.format, std::move(attributes),
                          flags.limit.value_or(serve::kDefaultResultLimit));
}

base::Status Run(const QueryFlags& flags) {
  const traceql::Query query = TRY(ParseQuery(flags.query));
  const bool searches = std::holds_alternative<traceql::SpansetPipeline>(query.root);
  TRY(CheckFlags(flags, searches));
  const QueryCall call = TRY(CallOf(flags, searches));
  const auto source = flags.data.empty() ? MakeServerSource(flags.server, flags.tenant)
                                         : MakeDirectorySource(flags.data, flags.tenant);
  const auto printer = PrinterOf(flags, query);
  if (flags.watch) {
    const std::chrono::milliseconds pause = TRY(ParsePause(*flags.watch));
    return Watch(*source, call, *printer, pause);
  }
  const QueryReply reply = TRY(source->Ask(call));
  NotePartial(reply);
  if (!flags.explain) return printer->Print(reply.body);
  std::fputs(reply.body.c_str(), stdout);
  if (!reply.body.ends_with('\n')) std::fputs("\n", stdout);
  return {};
}

// Text after --watch that is no number is the query.
void TakeQueryFromWatch(QueryFlags& flags) {
  if (flags.query.empty() && flags.watch && flags.watch->find('{') != std::string::npos) {
    flags.query = std::move(*flags.watch);
    flags.watch = "";
  }
}

int RunToExitCode(QueryFlags& flags) {
  TakeQueryFromWatch(flags);
  const base::Status status =
      flags.query.empty()
          ? base::Status(base::Invalid("say what to look for: clew query '{ status = "
                                       "error }'; --help has more"))
          : Run(flags);
  if (status.ok()) return 0;
  std::fprintf(stderr, "clew query: %s\n", status.error().message.c_str());
  return status.error().code == base::ErrorCode::kInvalidArgument ? kMisused : kFailed;
}

void AddRangeFlags(CLI::App& command, QueryFlags& flags) {
  CLI::Option* const since =
      command.add_option("--since", flags.since, "From so long ago until now, as 15m or 1h30m");
  command
      .add_option("--start", flags.start,
                  "From then on: Unix seconds, or as in 2024-01-31T12:00:00Z")
      ->excludes(since);
  command.add_option("--end", flags.end, "Until then, likewise")->excludes(since);
  command.add_option("--limit", flags.limit, "At most so many traces, the newest (20)")
      ->check(CLI::Range(uint32_t{1}, serve::kMaxResultLimit));
  command
      .add_option("--spss", flags.spans_per_spanset,
                  "So many spans of each set that matches; 0 is all (3)")
      ->check(CLI::Range(uint32_t{0}, serve::kMaxSpansPerSpanSet));
  command.add_option("--step", flags.step, "An interval of numbers over time, as 30s");
}

void AddOutputFlags(CLI::App& command, QueryFlags& flags) {
  const auto set_format = [&format = flags.format](const std::string& text) {
    format = text == "csv"    ? AnswerFormat::kCsv
             : text == "json" ? AnswerFormat::kJson
                              : AnswerFormat::kTable;
  };
  CLI::Option* const format =
      command
          .add_option_function<std::string>("--format", set_format, "table, json or csv (table)")
          ->check(CLI::IsMember({"table", "json", "csv"}));
  command
      .add_flag_callback(
          "--json", [set_format] { set_format("json"); }, "The API's own answer: --format json")
      ->excludes(format);
  command.add_flag("--explain", flags.explain,
                   "Run it, and print how that was done instead of the answer: what columns were "
                   "asked,\nwhat could be passed over, what was read");
  command
      .add_option_function<std::string>(
          "--watch", [&flags](const std::string& text) { flags.watch = text; },
          "Ask again every SECONDS (2): prints traces as they come, numbers anew; Ctrl-C ends it")
      ->expected(0, 1)
      ->default_str("")
      ->option_text("[SECONDS]");
}

}  // namespace

void AddQueryCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<QueryFlags>();
  CLI::App* const command = app.add_subcommand("query", "Answer a TraceQL query");
  command->description(
      "Answer a TraceQL query: traces, or numbers over time.\n"
      "\n"
      "  clew query '{ status = error }'\n"
      "  clew query '{ span.http.status_code >= 500 } | select(span.url.path)' --since 1h\n"
      "  clew query '{ resource.service.name = \"checkout\" && duration > 1s }' --watch\n"
      "  clew query '{ status = error } | rate() by (resource.service.name)' --since 1h\n"
      "  clew query '{ name = \"GET /\" } >> { status = error }' --data clew-data --explain\n"
      "\n"
      "A search without a range looks at everything, newest first; numbers over time at the last\n"
      "hour. Attributes that the query mentions are columns. A trace is printed once while it is\n"
      "watched, with what it was then.\n"
      "Exits with 0 when there is an answer, empty or not, with 1 when there is none, and with 2\n"
      "when the question is wrong. The language by example: docs/query-language.md.");
  command->add_option("query", flags->query, "The query; in quotes, for the shell's sake");
  CLI::Option* const server =
      AddServerAddress(*command, flags->server, "Address of a server's query API");
  command
      ->add_option("--data", flags->data,
                   "Ask this data directory instead of a server, which may be using it or not")
      ->excludes(server);
  command->add_option("--tenant", flags->tenant, "Whose spans; of a directory, single-tenant's");
  AddRangeFlags(*command, *flags);
  AddOutputFlags(*command, *flags);
  command->callback([flags, &exit_code] { exit_code = RunToExitCode(*flags); });
}

}  // namespace clew

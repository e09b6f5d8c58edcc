// SPDX-License-Identifier: Apache-2.0
// The flags of `clew import`, and what it says at its end.
#include "import_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "duration_flag.h"
#include "import_file.h"
#include "load/load_run.h"
#include "serve/go_duration.h"
#include "server_call.h"
#include "text_table.h"
#include "wire/json_writer.h"
#include "wire/request_splitter.h"

namespace clew {
namespace {

struct ImportFlags {
  std::vector<std::string> files;
  ServerAddress endpoint{.url = "http://127.0.0.1:4318"};
  std::string tenant;
  uint32_t connections = 4;
  std::chrono::nanoseconds give_up_after = std::chrono::seconds(120);
  bool json = false;
  bool quiet = false;
};

// What became of a file.
struct FileReport {
  std::string file;
  uint64_t spans = 0;           // acknowledged by the server
  uint64_t rejected_spans = 0;  // by their contents, here or there
  uint64_t failed_spans = 0;    // could not be sent
  uint64_t bad_requests = 0;    // could not be read
  double seconds = 0;
  std::vector<std::string> problems{};

  bool ok() const { return problems.empty(); }
};

// Whether somebody takes spans there, before every body of a file is tried for minutes.
base::Status CheckEndpoint(const ServerAddress& endpoint, const std::string& tenant) {
  net::RequestHead head{.method = "POST", .target = "/v1/traces"};
  if (!tenant.empty()) head.headers.Add("x-scope-orgid", tenant);
  head.headers.Add("Content-Type", "application/x-protobuf");
  const net::WholeResponse reply = TRY(CallServer(endpoint, std::move(head), {}));
  const int status = reply.head.status;
  if (status == 200 || status == 429 || status == 503) return {};
  return base::Error{
      base::ErrorCode::kUnavailable,
      endpoint.url + " takes no OTLP over HTTP: it answers with status " + std::to_string(status)};
}

load::SentLoad Send(const wire::SpanFile& file, const load::SenderOptions& options, bool progress) {
  const auto make = [&](load::BodyQueue& queue) {
    wire::RequestSplitter splitter(
        wire::RequestEncoding::kProtobuf, {}, [&](const wire::EncodedRequest& request) {
          load::Body body{.bytes = queue.TakeEmpty(), .span_count = request.span_count};
          body.bytes.clear();
          body.bytes.Append(request.bytes);
          queue.Push(std::move(body));
        });
    file.Scan(splitter);
    splitter.Finish();
  };
  return SendBodies(make, file.contents().spans, options, progress);
}

FileReport ImportOne(const std::string& path, const load::SenderOptions& options, bool progress) {
  FileReport report{.file = path};
  const auto file = ReadImportFile(path);
  if (!file.ok()) {
    report.problems.push_back(file.error().message);
    return report;
  }
  const wire::SpanFile::Contents& contents = file.value()->contents();
  report.problems = contents.problems;
  report.rejected_spans = contents.rejected_spans;
  report.bad_requests = contents.bad_requests;
  if (contents.spans == 0) return report;
  const load::SentLoad sent = Send(*file.value(), options, progress);
  report.spans = sent.counts.spans - sent.counts.rejected_spans;
  report.rejected_spans += sent.counts.rejected_spans;
  report.failed_spans = sent.counts.failed_spans;
  report.seconds = sent.seconds;
  if (sent.counts.rejected_spans > 0) {
    report.problems.push_back(path + ": the server rejected " +
                              std::to_string(sent.counts.rejected_spans) + " spans");
  }
  if (sent.counts.failed_spans > 0) {
    report.problems.push_back(path + ": " + std::to_string(sent.counts.failed_spans) +
                              " spans could not be sent: " + sent.counts.first_error);
  }
  return report;
}

void WriteJson(const FileReport& report, wire::JsonWriter& out) {
  const auto count = [&](std::string_view key, uint64_t number) {
    out.Key(key);
    out.Number(static_cast<int64_t>(number));
  };
  out.BeginObject();
  out.Key("file");
  out.String(report.file);
  count("spans", report.spans);
  count("rejectedSpans", report.rejected_spans);
  count("failedSpans", report.failed_spans);
  count("badRequests", report.bad_requests);
  out.Key("seconds");
  out.Number(report.seconds);
  out.Key("problems");
  out.BeginArray();
  for (const std::string& problem : report.problems) out.String(problem);
  out.EndArray();
  out.EndObject();
}

std::string AsJson(const std::vector<FileReport>& reports) {
  wire::JsonWriter out;
  out.BeginObject();
  out.Key("files");
  out.BeginArray();
  for (const FileReport& report : reports) WriteJson(report, out);
  out.EndArray();
  out.EndObject();
  return out.Take() + "\n";
}

std::string AsText(const FileReport& report) {
  std::string text = report.file + ": " + std::to_string(report.spans) + " spans imported";
  if (report.seconds > 0) text += " in " + FormatFixed(report.seconds, 1) + " s";
  if (report.rejected_spans > 0) text += ", " + std::to_string(report.rejected_spans) + " rejected";
  if (report.failed_spans > 0) text += ", " + std::to_string(report.failed_spans) + " not sent";
  if (report.bad_requests > 0) {
    text += ", " + std::to_string(report.bad_requests) + " requests not readable";
  }
  return text + "\n";
}

base::Result<bool> Run(const ImportFlags& flags) {
  signal(SIGPIPE, SIG_IGN);
  TRY(CheckEndpoint(flags.endpoint, flags.tenant));
  load::SenderOptions options;
  options.destination.endpoint = TRY(net::ParseUrl(flags.endpoint.url)).endpoint;
  options.destination.protocol = load::Protocol::kHttp;
  options.headers = Credentials(flags.tenant);
  options.client = flags.endpoint.client;
  options.connections = flags.connections;
  options.give_up_after = flags.give_up_after;
  const bool progress = !flags.quiet && !flags.json && isatty(STDERR_FILENO) != 0;
  bool ok = true;
  std::vector<FileReport> reports;
  for (const std::string& path : flags.files) {
    const FileReport& report = reports.emplace_back(ImportOne(path, options, progress));
    for (const std::string& problem : report.problems) {
      std::fprintf(stderr, "clew import: %s\n", problem.c_str());
    }
    if (!flags.json) std::fputs(AsText(report).c_str(), stdout);
    ok = ok && report.ok();
  }
  if (flags.json) std::fputs(AsJson(reports).c_str(), stdout);
  return ok;
}

}  // namespace

void AddImportCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<ImportFlags>();
  CLI::App* const command = app.add_subcommand("import", "Send files of spans to a server");
  command->description(
      "Send files of spans to a running server over OTLP.\n"
      "A file holds one request (ExportTraceServiceRequest or TracesData) in OTLP protobuf, one "
      "in\n"
      "OTLP/JSON, or one in OTLP/JSON on each line, as the Collector's file exporter and clew "
      "export\n"
      "write them; it may be compressed with gzip or zstd. Which it is shows in its bytes. A file "
      "is\n"
      "read whole before its first span is sent. What cannot be read, is rejected or cannot be "
      "sent\n"
      "is named with its place, the rest is imported, and the exit code is 1.");
  command->add_option("file", flags->files, "The files; - is the standard input")->required();
  AddServerAddress(*command, flags->endpoint, "OTLP over HTTP of the server", "--endpoint");
  command->add_option(
      "--tenant", flags->tenant,
      "Whose spans they are, where the server tells tenants apart by X-Scope-OrgID");
  command->add_option("--connections", flags->connections, "Connections")
      ->capture_default_str()
      ->check(CLI::Range(1u, 64u));
  command
      ->add_option_function<std::string>(
          "--give-up-after",
          [&flag = flags->give_up_after](const std::string& text) {
            flag = std::chrono::nanoseconds(serve::ParseGoDuration(text).value());
          },
          "How long spans are sent again while the server says later (120s)")
      ->check(CLI::Validator(CheckDuration, "DURATION"));
  command->add_flag("--json", flags->json, "The report as one JSON object");
  command->add_flag("--quiet", flags->quiet, "No progress bar");
  command->callback([flags, &exit_code] {
    const base::Result<bool> ran = Run(*flags);
    if (!ran.ok()) std::fprintf(stderr, "clew import: %s\n", ran.error().message.c_str());
    exit_code = ran.ok() && ran.value() ? 0 : 1;
  });
}

}  // namespace clew

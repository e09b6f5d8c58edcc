// SPDX-License-Identifier: Apache-2.0
// The flags of `clew export`.
#include "export_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "server_call.h"
#include "span_export.h"
#include "stored_blocks.h"

namespace clew {
namespace {

struct ExportFlags {
  std::string data = "clew-data";
  ServerAddress server{.url = ""};
  std::string tenant;
  std::string trace;
  int64_t start_seconds = 0;
  int64_t end_seconds = 0;  // 0: no end
  wire::RequestEncoding encoding = wire::RequestEncoding::kJson;
  std::string output = "-";
};

constexpr int64_t kMaxSeconds = std::numeric_limits<int64_t>::max() / 1'000'000'000;

base::Result<SpanSelection> SelectionOf(const ExportFlags& flags) {
  SpanSelection selection;
  if (!flags.trace.empty()) selection.trace_id = TRY(ParseTraceId(flags.trace));
  if (flags.start_seconds != 0) selection.start_unix_nano = flags.start_seconds * 1'000'000'000;
  if (flags.end_seconds != 0) selection.end_unix_nano = flags.end_seconds * 1'000'000'000;
  return selection;
}

base::Status Run(const ExportFlags& flags) {
  const SpanSelection selection = TRY(SelectionOf(flags));
  if (!flags.server.url.empty()) TRY(FlushServer(flags.server));
  const StoredBlocks stored = TRY(StoredBlocks::Open(flags.data));
  const std::vector<const store::CatalogBlock*> blocks = stored.OfTenant(flags.tenant);
  const auto spans = TRY(SpanExport::Open(flags.output, flags.encoding));
  const bool progress = isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0;
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (progress) std::fprintf(stderr, "\rblock %zu of %zu … ", i + 1, blocks.size());
    const base::Status added = spans->Add(stored.objects(), *blocks[i], selection);
    if (progress) std::fputs("\r\033[K", stderr);
    if (!added.ok() && added.error().code == base::ErrorCode::kNotFound) {
      return base::Error{
          base::ErrorCode::kNotFound,
          added.error().message + "; a server merged or dropped it meanwhile, so export again"};
    }
    TRY(added);
  }
  TRY(spans->Finish());
  std::fprintf(stderr, "exported %llu spans of %zu blocks\n",
               static_cast<unsigned long long>(spans->span_count()), blocks.size());
  return {};
}

}  // namespace

void AddExportCommand(CLI::App& app, int& exit_code) {
  const auto flags = std::make_shared<ExportFlags>();
  CLI::App* const command = app.add_subcommand("export", "Write the spans of a data directory");
  command->description(
      "Write the spans in the blocks of a data directory as OTLP, for clew import, the Collector "
      "or\n"
      "any other reader of it: every span with all that was received of it, as often as it was\n"
      "received. json is OTLP/JSON, a request (TracesData) of up to 512 spans on each line; "
      "protobuf\n"
      "is one request, whose message is as long as the file.");
  command->add_option("--data", flags->data, "Data directory; a server may be using it")
      ->capture_default_str();
  AddServerAddress(*command, flags->server,
                   "The server that uses it, to flush first: what is in its log alone is not "
                   "exported");
  command->add_option("--tenant", flags->tenant, "Only the spans of this tenant");
  command->add_option("--trace", flags->trace, "Only the spans of this trace, by its id in hex");
  command
      ->add_option("--start", flags->start_seconds,
                   "Only spans that start then or later, in Unix seconds")
      ->check(CLI::Range(int64_t{0}, kMaxSeconds));
  command->add_option("--end", flags->end_seconds, "Only spans that start before, in Unix seconds")
      ->check(CLI::Range(int64_t{0}, kMaxSeconds));
  command
      ->add_option_function<std::string>(
          "--format",
          [&encoding = flags->encoding](const std::string& text) {
            encoding = text == "protobuf" ? wire::RequestEncoding::kProtobuf
                                          : wire::RequestEncoding::kJson;
          },
          "json or protobuf (json)")
      ->check(CLI::IsMember({"json", "protobuf"}));
  command->add_option("-o,--output", flags->output, "The file; - is the standard output")
      ->capture_default_str();
  command->callback([flags, &exit_code] {
    const base::Status status = Run(*flags);
    if (!status.ok()) std::fprintf(stderr, "clew export: %s\n", status.error().message.c_str());
    exit_code = status.ok() ? 0 : 1;
  });
}

}  // namespace clew

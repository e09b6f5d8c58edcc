// SPDX-License-Identifier: Apache-2.0
// The flags of `clew block`: looks at the blocks of a data directory.
#include "block_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "block_report.h"
#include "span_export.h"
#include "store/block_check.h"
#include "stored_blocks.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

struct BlockFlags {
  std::string data = "clew-data";
  std::string tenant;
  std::vector<std::string> ids;
  std::string trace;  // to dump
  bool json = false;

  ReportForm form() const { return json ? ReportForm::kJson : ReportForm::kText; }
};

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

base::Result<bool> List(const BlockFlags& flags) {
  const StoredBlocks blocks = TRY(StoredBlocks::Open(flags.data));
  Print(ReportBlocks(blocks.OfTenant(flags.tenant), flags.form()));
  return true;
}

base::Result<bool> Show(const BlockFlags& flags) {
  const StoredBlocks blocks = TRY(StoredBlocks::Open(flags.data));
  for (const std::string& id : flags.ids) {
    const store::CatalogBlock* const block = TRY(blocks.Find(id));
    Print(TRY(ReportBlock(blocks.objects(), *block, flags.form())));
  }
  return true;
}

// The block was merged or dropped by a server since the catalog was read.
bool IsGone(const BlockFlags& flags, const std::string& id) {
  const auto now = StoredBlocks::Open(flags.data);
  return now.ok() && !now.value().state().blocks().contains(id);
}

std::string VerdictAsJson(const store::CatalogBlock& block,
                          const std::vector<store::BlockFault>& faults) {
  wire::JsonWriter out;
  out.BeginObject();
  out.Key("id");
  out.String(block.id);
  out.Key("faults");
  out.BeginArray();
  for (const store::BlockFault& fault : faults) {
    out.BeginObject();
    out.Key("object");
    out.String(fault.object);
    out.Key("what");
    out.String(fault.what);
    out.Key("damage");
    out.Bool(fault.is_damage());
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return out.Take() + "\n";
}

std::string VerdictAsText(const store::CatalogBlock& block,
                          const std::vector<store::BlockFault>& faults) {
  const bool damaged = std::ranges::any_of(faults, &store::BlockFault::is_damage);
  const char* const verdict =
      damaged ? "  DAMAGED, " : (faults.empty() ? "  whole, " : "  CANNOT BE READ, ");
  std::string text = block.id + verdict + std::to_string(block.spans) + " spans\n";
  for (const store::BlockFault& fault : faults) {
    text += "  ";
    if (!fault.object.empty()) text.append(fault.object).append(": ");
    text.append(fault.what).append("\n");
  }
  return text;
}

base::Result<bool> Verify(const BlockFlags& flags) {
  const StoredBlocks stored = TRY(StoredBlocks::Open(flags.data));
  std::vector<const store::CatalogBlock*> blocks = stored.OfTenant(flags.tenant);
  if (!flags.ids.empty()) blocks.clear();
  for (const std::string& id : flags.ids) blocks.push_back(TRY(stored.Find(id)));
  const bool progress = !flags.json && isatty(STDERR_FILENO) != 0;
  bool whole = true;
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (progress) std::fprintf(stderr, "\rblock %zu of %zu … ", i + 1, blocks.size());
    const std::vector<store::BlockFault> faults = CheckBlock(stored.objects(), *blocks[i]);
    if (progress) std::fputs("\r\033[K", stderr);
    if (!faults.empty() && IsGone(flags, blocks[i]->id)) continue;
    Print(flags.json ? VerdictAsJson(*blocks[i], faults) : VerdictAsText(*blocks[i], faults));
    whole = whole && faults.empty();
  }
  return whole;
}

base::Result<bool> Dump(const BlockFlags& flags) {
  SpanSelection selection;
  if (!flags.trace.empty()) selection.trace_id = TRY(ParseTraceId(flags.trace));
  const StoredBlocks blocks = TRY(StoredBlocks::Open(flags.data));
  const store::CatalogBlock* const block = TRY(blocks.Find(flags.ids.front()));
  const auto spans = TRY(SpanExport::Open("-", wire::RequestEncoding::kJson));
  TRY(spans->Add(blocks.objects(), *block, selection));
  TRY(spans->Finish());
  return true;
}

using BlockRun = base::Result<bool> (*)(const BlockFlags&);

void AddJson(CLI::App& command, BlockFlags& flags) {
  command.add_flag("--json", flags.json, "Print JSON");
}

// Sets the exit code: 0 fine, 1 when something is wrong, with its reason on stderr.
void AddRun(CLI::App& command, const std::shared_ptr<BlockFlags>& flags, BlockRun run,
            int& exit_code) {
  command.add_option("--data", flags->data, "Data directory; a server may be using it")
      ->capture_default_str();
  command.callback([flags, run, &exit_code] {
    const base::Result<bool> fine = run(*flags);
    if (!fine.ok()) std::fprintf(stderr, "clew block: %s\n", fine.error().message.c_str());
    exit_code = fine.ok() && fine.value() ? 0 : 1;
  });
}

}  // namespace

void AddBlockCommand(CLI::App& app, int& exit_code) {
  CLI::App* const block = app.add_subcommand("block", "Look at the blocks of a data directory");
  block->require_subcommand(1);
  const auto flags = std::make_shared<BlockFlags>();

  CLI::App* const ls = block->add_subcommand("ls", "List the blocks, the oldest first");
  ls->add_option("--tenant", flags->tenant, "Only those of this tenant");
  AddJson(*ls, *flags);
  AddRun(*ls, flags, List, exit_code);

  CLI::App* const show =
      block->add_subcommand("show", "Show what a block is made of: files, row groups, columns");
  show->add_option("block", flags->ids, "Its id, or how it begins")->required();
  AddJson(*show, *flags);
  AddRun(*show, flags, Show, exit_code);

  CLI::App* const verify = block->add_subcommand(
      "verify", "Read blocks whole and check them against themselves and the catalog");
  verify->add_option("block", flags->ids, "Their ids, or how they begin; without: all");
  verify->add_option("--tenant", flags->tenant, "Only those of this tenant");
  AddJson(*verify, *flags);
  AddRun(*verify, flags, Verify, exit_code);

  CLI::App* const dump =
      block->add_subcommand("dump", "Print the spans of a block as OTLP/JSON, a request a line");
  dump->add_option("block", flags->ids, "Its id, or how it begins")->required()->expected(1);
  dump->add_option("--trace", flags->trace, "Only the spans of this trace, by its id in hex");
  AddRun(*dump, flags, Dump, exit_code);
}

}  // namespace clew

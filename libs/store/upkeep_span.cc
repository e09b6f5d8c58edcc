// SPDX-License-Identifier: Apache-2.0
#include "store/upkeep_span.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace clew::store {
namespace {

// A memtable or a block.
struct Part {
  std::string_view tenant;
  uint64_t spans, size_bytes;
};

// Of the parts that spans may be made of; null when there are none.
std::unique_ptr<model::OwnSpan> Begin(model::Tracer& tracer, std::string_view name,
                                      std::string_view kind_of_part,
                                      const std::vector<Part>& parts) {
  std::set<std::string_view> tenants;
  uint64_t count = 0, spans = 0, size_bytes = 0;
  for (const Part& part : parts) {
    if (!tracer.Traces(part.tenant)) continue;
    tenants.insert(part.tenant);
    ++count;
    spans += part.spans;
    size_bytes += part.size_bytes;
  }
  if (count == 0) return nullptr;
  auto span = tracer.Begin(
      {.name = name, .tenant = tenants.size() == 1 ? *tenants.begin() : std::string_view()});
  if (span == nullptr) return nullptr;
  span->SetNumber("clew.tenants", tenants.size());
  span->SetNumber(kind_of_part, count);
  span->SetNumber("clew.spans", spans);
  span->SetNumber("clew.size_bytes", size_bytes);
  return span;
}

}  // namespace

UpkeepSpan::UpkeepSpan(model::Tracer* tracer, std::string_view name, const SealedMemtables& sealed)
    : tracer_(tracer) {
  if (tracer == nullptr) return;
  std::vector<Part> parts;
  parts.reserve(sealed.size());
  for (const auto& memtable : sealed) {
    parts.push_back({memtable->tenant, memtable->rows, memtable->size_bytes});
  }
  span_ = Begin(*tracer, name, "clew.memtables", parts);
}

UpkeepSpan::UpkeepSpan(model::Tracer* tracer, std::string_view name,
                       const ServedBlocks::Blocks& blocks)
    : tracer_(tracer) {
  if (tracer == nullptr) return;
  std::vector<Part> parts;
  parts.reserve(blocks.size());
  for (const auto& block : blocks) {
    const BlockDescription& known = block->description();
    parts.push_back({known.tenant, known.spans, known.size_bytes()});
  }
  span_ = Begin(*tracer, name, "clew.blocks", parts);
}

void UpkeepSpan::SetWritten(const ServedBlocks::Blocks& blocks) const {
  if (span_ == nullptr) return;
  uint64_t count = 0, size_bytes = 0;
  for (const auto& block : blocks) {
    if (block == nullptr || !tracer_->Traces(block->description().tenant)) continue;
    ++count;
    size_bytes += block->description().size_bytes();
  }
  span_->SetNumber("clew.written_blocks", count);
  span_->SetNumber("clew.written_bytes", size_bytes);
}

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
// Entries are sections, each a number and a length, so that a program passes over and
// keeps what a newer one added.
#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/catalog_state.h"

namespace clew::store {
namespace {

constexpr std::string_view kMagic = "CLEWCAT\n";
constexpr size_t kHeaderBytes = 48;

enum Section : uint64_t {
  kAdded = 1,
  kRemoved = 2,
  kColumn = 3,
  kFlushed = 4,
  kEpoch = 5,
  kRecent = 6,
  kDeletion = 7,
  kKept = 8
};

base::Error Damaged(const char* what) {
  return {base::ErrorCode::kCorruption, std::string("an entry of the catalog ") + what};
}

void PutVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void PutText(std::string& out, std::string_view text) {
  PutVarint(out, text.size());
  out += text;
}

void PutSection(std::string& out, uint64_t section, std::string_view content) {
  PutVarint(out, section);
  PutText(out, content);
}

// Takes values off the front of a section; what is not there reads as zero and makes
// it fail.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  uint64_t Varint() {
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }
  std::string_view Text() {
    const uint64_t size = Varint();
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  uint64_t Fixed64() {
    if (rest_.size() < 8) {
      Fail();
      return 0;
    }
    const auto value = base::LoadLittle<uint64_t>(rest_.data());
    rest_.remove_prefix(8);
    return value;
  }
  // Bytes that are there once, or not at all.
  std::string_view Optional(size_t size) {
    const std::string_view text = Text();
    if (!text.empty() && text.size() != size) Fail();
    return failed_ ? std::string_view() : text;
  }
  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  void Fail() {
    failed_ = true;
    rest_ = {};
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::string EncodeBlock(const CatalogBlock& block) {
  std::string out;
  PutText(out, block.tenant);
  PutText(out, block.id);
  PutVarint(out, block.format);
  PutVarint(out, block.level);
  PutVarint(out, block.spans);
  PutVarint(out, block.traces);
  base::AppendLittle(out, block.min_start_unix_nano);
  base::AppendLittle(out, block.max_start_unix_nano);
  base::AppendLittle(out, block.received_unix_nano);
  base::AppendLittle(out, block.lsns.first);
  base::AppendLittle(out, block.lsns.last);
  PutVarint(out, block.objects.size());
  for (const CatalogObject& object : block.objects) {
    PutText(out, object.name);
    PutVarint(out, object.size_bytes);
    base::AppendLittle(out, object.hash.low);
    base::AppendLittle(out, object.hash.high);
  }
  return out;
}

CatalogBlock ReadBlock(Cursor& in) {
  CatalogBlock block;
  block.tenant = in.Text();
  block.id = in.Text();
  block.format = static_cast<uint32_t>(in.Varint());
  block.level = static_cast<uint32_t>(in.Varint());
  block.spans = in.Varint();
  block.traces = in.Varint();
  block.min_start_unix_nano = static_cast<int64_t>(in.Fixed64());
  block.max_start_unix_nano = static_cast<int64_t>(in.Fixed64());
  block.received_unix_nano = static_cast<int64_t>(in.Fixed64());
  block.lsns.first = in.Fixed64();
  block.lsns.last = in.Fixed64();
  for (uint64_t count = in.Varint(); count > 0 && !in.failed(); --count) {
    CatalogObject& object = block.objects.emplace_back();
    object.name = in.Text();
    object.size_bytes = in.Varint();
    object.hash.low = in.Fixed64();
    object.hash.high = in.Fixed64();
  }
  return block;
}

// Of a block that stands before it. A program that does not know the section carries it along
// when the block is gone.
void ReadKept(Cursor& in, CatalogEntry& entry) {
  const std::string_view id = in.Text();
  const auto until = static_cast<int64_t>(in.Fixed64());
  const auto block = std::find_if(entry.added.rbegin(), entry.added.rend(),
                                  [&](const CatalogBlock& one) { return one.id == id; });
  if (block != entry.added.rend()) block->keep_until_unix_nano = until;
}

CatalogDeletion ReadDeletion(Cursor& in) {
  CatalogDeletion deletion;
  deletion.tenant = in.Text();
  const std::string_view trace_id = in.Optional(sizeof(model::TraceId::bytes));
  if (!trace_id.empty()) deletion.trace_id = model::TraceId::FromBytes(trace_id);
  deletion.before_lsn = in.Fixed64();
  return deletion;
}

void ReadSection(uint64_t section, std::string_view content, Cursor& in, CatalogEntry& entry) {
  switch (section) {
    case kAdded:
      entry.added.push_back(ReadBlock(in));
      return;
    case kRemoved:
      entry.removed.emplace_back(in.Text());
      return;
    case kColumn: {
      CatalogColumn& column = entry.columns.emplace_back();
      column.tenant = in.Text();
      column.name = in.Text();
      column.type = static_cast<ColumnType>(in.Varint());
      return;
    }
    case kFlushed: {
      CatalogFlushed& flushed = entry.flushed.emplace_back();
      flushed.node = in.Fixed64();
      flushed.tenant = in.Text();
      flushed.lsn = in.Fixed64();
      return;
    }
    case kEpoch: {
      auto& [node, epoch] = entry.epochs.emplace_back();
      node = in.Fixed64();
      epoch = in.Fixed64();
      return;
    }
    case kRecent:
      while (!in.at_end()) entry.recent.push_back(in.Fixed64());
      return;
    case kDeletion:
      entry.deletions.push_back(ReadDeletion(in));
      return;
    case kKept:
      ReadKept(in, entry);
      return;
    default:
      entry.unknown.emplace_back(section, content);
  }
}

// Node 0 is nobody: with an epoch it would shut out the commits that come from no node.
bool NamesNodes(const CatalogEntry& entry) {
  const auto named = [](uint64_t node) { return node != 0; };
  return std::ranges::all_of(entry.flushed, named, &CatalogFlushed::node) &&
         std::ranges::all_of(entry.epochs, named, &std::pair<uint64_t, uint64_t>::first);
}

std::string EncodeDeletion(const CatalogDeletion& deletion) {
  std::string out;
  PutText(out, deletion.tenant);
  std::string trace_id;
  if (deletion.trace_id)
    trace_id.assign(deletion.trace_id->bytes.begin(), deletion.trace_id->bytes.end());
  PutText(out, trace_id);
  base::AppendLittle(out, deletion.before_lsn);
  return out;
}

std::string EncodeSections(const CatalogEntry& entry) {
  std::string out;
  for (const CatalogBlock& block : entry.added) {
    PutSection(out, kAdded, EncodeBlock(block));
    if (block.keep_until_unix_nano == 0) continue;
    std::string content;
    PutText(content, block.id);
    base::AppendLittle(content, block.keep_until_unix_nano);
    PutSection(out, kKept, content);
  }
  for (const std::string& id : entry.removed) {
    std::string content;
    PutText(content, id);
    PutSection(out, kRemoved, content);
  }
  for (const CatalogColumn& column : entry.columns) {
    std::string content;
    PutText(content, column.tenant);
    PutText(content, column.name);
    PutVarint(content, static_cast<uint64_t>(column.type));
    PutSection(out, kColumn, content);
  }
  for (const CatalogFlushed& flushed : entry.flushed) {
    std::string content;
    base::AppendLittle(content, flushed.node);
    PutText(content, flushed.tenant);
    base::AppendLittle(content, flushed.lsn);
    PutSection(out, kFlushed, content);
  }
  for (const auto& [node, epoch] : entry.epochs) {
    std::string content;
    base::AppendLittle(content, node);
    base::AppendLittle(content, epoch);
    PutSection(out, kEpoch, content);
  }
  if (!entry.recent.empty()) {
    std::string content;
    for (const uint64_t nonce : entry.recent) base::AppendLittle(content, nonce);
    PutSection(out, kRecent, content);
  }
  for (const CatalogDeletion& deletion : entry.deletions) {
    PutSection(out, kDeletion, EncodeDeletion(deletion));
  }
  for (const auto& [section, content] : entry.unknown) PutSection(out, section, content);
  return out;
}

}  // namespace

std::string EncodeCatalogEntry(const CatalogEntry& entry) {
  std::string body;
  base::AppendLittle(body, entry.nonce);
  base::AppendLittle(body, entry.node);
  base::AppendLittle(body, entry.epoch);
  base::AppendLittle(body, entry.time_unix_nano);
  body += EncodeSections(entry);
  std::string encoded(kMagic);
  base::AppendLittle(encoded, kCatalogFormat);
  base::AppendLittle(encoded, kCatalogMinimumReader);
  const uint32_t formats = base::Crc32c(std::string_view(encoded).substr(kMagic.size()));
  base::AppendLittle(encoded, base::Crc32c(body, formats));
  return encoded + body;
}

base::Result<CatalogEntry> DecodeCatalogEntry(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) return Damaged("is cut short");
  const auto format = base::LoadLittle<uint16_t>(bytes.data() + 8);
  const auto minimum_reader = base::LoadLittle<uint16_t>(bytes.data() + 10);
  if (minimum_reader > kCatalogFormat) {
    return base::Error{base::ErrorCode::kUnsupported,
                       "an entry of the catalog has format " + std::to_string(format) +
                           ", this program reads up to " + std::to_string(kCatalogFormat) +
                           "; use a newer one"};
  }
  const uint32_t checksum = base::Crc32c(bytes.substr(16), base::Crc32c(bytes.substr(8, 4)));
  if (base::LoadLittle<uint32_t>(bytes.data() + 12) != checksum) {
    return Damaged("does not have its checksum");
  }
  CatalogEntry entry{.nonce = base::LoadLittle<uint64_t>(bytes.data() + 16),
                     .node = base::LoadLittle<uint64_t>(bytes.data() + 24),
                     .epoch = base::LoadLittle<uint64_t>(bytes.data() + 32),
                     .time_unix_nano = base::LoadLittle<int64_t>(bytes.data() + 40)};
  Cursor sections(bytes.substr(kHeaderBytes));
  while (!sections.at_end() && !sections.failed()) {
    const uint64_t section = sections.Varint();
    const std::string_view content = sections.Text();
    Cursor in(content);
    ReadSection(section, content, in, entry);
    if (in.failed()) return Damaged("ends inside a section");
  }
  if (sections.failed()) return Damaged("ends inside a section");
  if (!NamesNodes(entry)) return Damaged("tells of a node 0, and there is none");
  return entry;
}

}  // namespace clew::store

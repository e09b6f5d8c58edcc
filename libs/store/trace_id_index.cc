// SPDX-License-Identifier: Apache-2.0
#include "store/trace_id_index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"

namespace clew::store {
namespace {

constexpr std::string_view kMagic = "CLEWIDX\n";
constexpr uint16_t kFormat = 1;
constexpr uint16_t kMinimumReader = 1;
constexpr size_t kHeaderBytes = 48;
// Pages of 4 KiB, so that a read touches one page of the operating system's cache: data
// and the CRC-32C of it, the page's number included.
constexpr size_t kPageBytes = 4096;
constexpr size_t kDataBytes = kPageBytes - 4;
constexpr size_t kEntryBytes = 12;
constexpr size_t kEntriesOfPage = kDataBytes / kEntryBytes;  // 341
constexpr size_t kBlockBytes = 64;                           // of the filter: a cache line
constexpr size_t kBlocksOfPage = kDataBytes / kBlockBytes;   // 63
constexpr size_t kBlockBits = 8 * kBlockBytes;
constexpr size_t kTracesOfBlock = kBlockBits / 9;  // about nine bits a trace
constexpr int kProbes = 6;

uint64_t HashOf(const model::TraceId& id, uint64_t seed) {
  return base::Hash64({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}, seed);
}

uint64_t Divided(uint64_t count, uint64_t by) {
  return (count + by - 1) / by;
}

uint64_t FilterBlocks(uint64_t count) {
  return std::max<uint64_t>(1, Divided(count, kTracesOfBlock));
}

// The block of a hash: its upper bits spread over all blocks.
uint64_t BlockOf(uint64_t hash, uint64_t blocks) {
  // blocks fits 32 bits, so the product is taken apart without a wider type.
  const uint64_t upper = (hash >> 32) * blocks;
  const uint64_t lower = (hash & UINT32_MAX) * blocks;
  return (upper + (lower >> 32)) >> 32;
}

// Bits inside the block, from the hash mixed once more.
template <typename Visit>
void ForEachBit(uint64_t hash, Visit visit) {
  uint64_t bits = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
  for (int i = 0; i < kProbes; ++i) {
    visit(static_cast<size_t>(bits & (kBlockBits - 1)));
    bits >>= 10;
  }
}

uint32_t ChecksumOf(uint64_t page, std::string_view data) {
  std::string number;
  base::AppendLittle(number, page);
  return base::Crc32c(data, base::Crc32c(number));
}

base::Error Damaged(const std::string& what) {
  return {base::ErrorCode::kCorruption, "trace_ids.idx: " + what};
}

class IndexWriter {
 public:
  void AddPage(std::string data) {
    data.resize(kDataBytes, '\0');
    out_ += data;
    base::AppendLittle(out_, ChecksumOf(page_++, data));
  }
  std::string Take(std::string header) { return std::move(header) + out_; }

 private:
  std::string out_;
  uint64_t page_ = 0;
};

}  // namespace

std::string EncodeTraceIdIndex(std::span<const model::TraceId> ids, uint64_t seed) {
  std::vector<std::pair<uint64_t, uint32_t>> entries;
  entries.reserve(ids.size());
  for (uint32_t i = 0; i < ids.size(); ++i) entries.emplace_back(HashOf(ids[i], seed), i);
  std::ranges::sort(entries);

  const uint64_t blocks = FilterBlocks(ids.size());
  std::string filter(blocks * kBlockBytes, '\0');
  for (const auto& [hash, trace] : entries) {
    char* const block = filter.data() + BlockOf(hash, blocks) * kBlockBytes;
    ForEachBit(hash, [&](size_t bit) {
      block[bit / 8] = static_cast<char>(block[bit / 8] | 1 << bit % 8);
    });
  }

  IndexWriter writer;
  for (size_t at = 0; at < filter.size(); at += kBlocksOfPage * kBlockBytes) {
    writer.AddPage(filter.substr(at, kBlocksOfPage * kBlockBytes));
  }
  for (size_t first = 0; first < entries.size(); first += kEntriesOfPage) {
    std::string data;
    for (size_t i = first; i < std::min(first + kEntriesOfPage, entries.size()); ++i) {
      base::AppendLittle(data, entries[i].first);
      base::AppendLittle(data, entries[i].second);
    }
    writer.AddPage(std::move(data));
  }

  std::string header(kMagic);
  base::AppendLittle(header, kFormat);
  base::AppendLittle(header, kMinimumReader);
  header.append(4, '\0');  // the checksum
  base::AppendLittle(header, seed);
  base::AppendLittle(header, uint64_t{ids.size()});
  header.resize(kHeaderBytes, '\0');
  std::string checksum;
  base::AppendLittle(checksum, base::Crc32c(std::string_view(header).substr(16)));
  header.replace(12, 4, checksum);
  return writer.Take(std::move(header));
}

base::Result<TraceIdIndex> TraceIdIndex::Open(Reader reader, uint64_t file_bytes,
                                              PageCache* cache) {
  if (file_bytes < kHeaderBytes) return Damaged("the file is too short");
  const std::string header = TRY(reader(0, kHeaderBytes));
  if (header.size() != kHeaderBytes || !header.starts_with(kMagic)) {
    return Damaged("it does not begin as an index");
  }
  const auto minimum_reader = base::LoadLittle<uint16_t>(header.data() + 10);
  if (minimum_reader > kFormat) {
    return base::Error{base::ErrorCode::kUnsupported,
                       "trace_ids.idx needs a reader of format " + std::to_string(minimum_reader) +
                           ", this program reads up to " + std::to_string(kFormat)};
  }
  if (base::LoadLittle<uint32_t>(header.data() + 12) !=
          base::Crc32c(std::string_view(header).substr(16)) ||
      base::LoadLittle<uint16_t>(header.data() + 8) < 1 || minimum_reader < 1) {
    return Damaged("the header does not have its checksum");
  }
  TraceIdIndex index;
  index.reader_ = std::move(reader);
  index.cache_ = cache;
  if (cache != nullptr) index.number_ = cache->NumberFile();
  index.seed_ = base::LoadLittle<uint64_t>(header.data() + 16);
  index.count_ = base::LoadLittle<uint64_t>(header.data() + 24);
  if (index.count_ > UINT32_MAX) return Damaged("it has too many traces");
  index.filter_pages_ = Divided(FilterBlocks(index.count_), kBlocksOfPage);
  index.entry_pages_ = Divided(index.count_, kEntriesOfPage);
  if (file_bytes != kHeaderBytes + (index.filter_pages_ + index.entry_pages_) * kPageBytes) {
    return Damaged("the file has another size than it says");
  }
  return index;
}

base::Result<TraceIdIndex::Page> TraceIdIndex::GetPage(uint64_t page) const {
  const auto load = [&]() -> base::Result<PageCache::Loaded> {
    auto data = std::make_shared<const std::string>(TRY(ReadPage(page)));
    return PageCache::Loaded{.value = std::move(data), .size_bytes = kPageBytes};
  };
  const PageCache::Key key{.file = number_, .page = static_cast<uint32_t>(page)};
  const PageCache::Value value =
      cache_ == nullptr ? TRY(load()).value : TRY(cache_->Get(key, load));
  return std::static_pointer_cast<const std::string>(value);
}

base::Result<std::string> TraceIdIndex::ReadPage(uint64_t page) const {
  std::string bytes = TRY(reader_(kHeaderBytes + page * kPageBytes, kPageBytes));
  if (bytes.size() != kPageBytes) return Damaged("it ends inside a page");
  const auto checksum = base::LoadLittle<uint32_t>(bytes.data() + kDataBytes);
  bytes.resize(kDataBytes);
  if (checksum != ChecksumOf(page, bytes)) {
    return Damaged("page " + std::to_string(page) + " does not have its checksum");
  }
  return bytes;
}

base::Result<TraceIdIndex::Entries> TraceIdIndex::ReadEntries(uint64_t page) const {
  const Page data = TRY(GetPage(filter_pages_ + page));
  const uint64_t count = std::min<uint64_t>(kEntriesOfPage, count_ - page * kEntriesOfPage);
  Entries entries(count);
  for (size_t i = 0; i < count; ++i) {
    const char* const at = data->data() + i * kEntryBytes;
    entries[i] = {base::LoadLittle<uint64_t>(at), base::LoadLittle<uint32_t>(at + 8)};
  }
  return entries;
}

base::Result<bool> TraceIdIndex::MayContain(uint64_t hash) const {
  const uint64_t block = BlockOf(hash, FilterBlocks(count_));
  const Page data = TRY(GetPage(block / kBlocksOfPage));
  const char* const bits = data->data() + block % kBlocksOfPage * kBlockBytes;
  bool all = true;
  ForEachBit(hash, [&](size_t bit) { all = all && (bits[bit / 8] >> bit % 8 & 1) != 0; });
  return all;
}

// The first page whose last hash is not below `hash`: guessed from where it would be
// were the hashes spread evenly, then one beside it, then by halving, so that hashes
// that are not spread cost reads and not answers.
base::Result<TraceIdIndex::EntryPage> TraceIdIndex::FirstPageWith(uint64_t hash) const {
  uint64_t low = 0;
  uint64_t high = entry_pages_;  // the answer lies in [low, high]
  uint64_t guess = BlockOf(hash, count_) / kEntriesOfPage;
  EntryPage read{.page = UINT64_MAX, .entries = {}};
  for (int reads = 0; low < high; ++reads) {
    read.page = std::clamp(guess, low, high - 1);
    read.entries = TRY(ReadEntries(read.page));
    if (read.entries.back().hash < hash) {
      low = read.page + 1;
      guess = low;
    } else {
      // Only when all of the page is above may it begin earlier, or at its very front.
      if (read.entries.front().hash < hash) return read;
      high = read.page;
      guess = read.page - 1;
    }
    if (reads > 0) guess = low + (high - low) / 2;
  }
  if (read.page == low || low == entry_pages_) return read;
  return EntryPage{.page = low, .entries = TRY(ReadEntries(low))};
}

base::Result<std::vector<uint32_t>> TraceIdIndex::Find(const model::TraceId& id) const {
  std::vector<uint32_t> found;
  const uint64_t hash = HashOf(id, seed_);
  const bool may = TRY(MayContain(hash));
  if (!may || count_ == 0) return found;
  EntryPage read = TRY(FirstPageWith(hash));
  while (true) {
    for (const Entry& entry : read.entries) {
      if (entry.hash == hash) found.push_back(entry.trace);
    }
    if (read.entries.back().hash > hash || ++read.page >= entry_pages_) break;
    read.entries = TRY(ReadEntries(read.page));
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#include "store/unflushed_spans.h"

#include "store/data_directory.h"
#include "store/wal_reader.h"
#include "store/wal_recovery.h"

namespace clew::store {
namespace {

void Take(const WalRecord& record, Memtable& memtable) {
  const base::Result<std::string> plain = PlainBodyOf(record);
  if (!plain.ok()) return;
  // It is valid, so nothing of it can be refused.
  (void)wire::Scan(record.format, record.decoder_version, plain.value(), memtable);
  memtable.FinishBody();
}

}  // namespace

base::Result<UnflushedSpans> ReadUnflushed(base::Storage& storage, const std::string& directory,
                                           const CatalogState& catalog, std::string_view tenant) {
  const DataDirectory described = TRY(LookAtDataDirectory(storage, directory));
  const uint64_t flushed = catalog.FlushedLsn(described.node, tenant);
  const auto memtable = std::make_shared<Memtable>();
  for (const uint32_t segment : described.segments) {
    const std::string path = SegmentPlace{directory + "/wal", segment}.path();
    auto opened = storage.Open(path, base::Storage::Mode::kRead);
    if (!opened.ok() && !storage.Exists(path)) continue;
    const std::unique_ptr<base::File> file = TRY(std::move(opened));
    const uint64_t size = TRY(file->Size());
    const std::string bytes = TRY(file->Read(0, size));
    const auto take = [&](const WalRecord& record) {
      if (record.tenant == tenant && record.lsn.number() > flushed) Take(record, *memtable);
    };
    ReadSegment(bytes, segment, take, [](Lsn, std::string_view) {});
  }
  memtable->Publish(memtable->FinishBody());
  return UnflushedSpans{.node = described.node, .memtable = memtable};
}

}  // namespace clew::store

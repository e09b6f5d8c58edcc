// SPDX-License-Identifier: Apache-2.0
#include "store/wal_recovery.h"

#include <memory>

#include "base/compression.h"
#include "base/log.h"
#include "store/wal_writer.h"

namespace clew::store {
namespace {

// No accepted body inflates to more; ingest has a smaller limit of its own.
constexpr size_t kInflatedLimit = size_t{1} << 30;

void KeepAside(base::Storage& storage, const SegmentPlace& place, Lsn lsn, std::string_view bytes) {
  const std::string folder = place.directory + "/damaged";
  const std::string path = folder + "/" + std::to_string(lsn.number());
  base::LogError("damage: " + std::to_string(bytes.size()) + " bytes at offset " +
                 std::to_string(lsn.offset) + " of " + place.path() +
                 " are no record; kept aside in " + path);
  if (!storage.MakeDirectories(folder).ok() || storage.Exists(path)) return;
  auto file = storage.Open(path, base::Storage::Mode::kCreate);
  if (file.ok()) (void)file.value()->Write(0, bytes);
}

// What is written behind the last record is an append that did not end, or a record that
// was acknowledged and is damaged: nothing tells which.
void KeepTail(base::Storage& storage, const SegmentPlace& place, std::string_view bytes,
              uint64_t end) {
  if (end >= bytes.size()) return;
  std::string_view tail = bytes.substr(end);
  const size_t last = tail.find_last_not_of('\0');
  if (last == std::string_view::npos) return;
  KeepAside(storage, place, {place.segment, static_cast<uint32_t>(end)}, tail.substr(0, last + 1));
}

}  // namespace

std::string SegmentPlace::path() const {
  return directory + "/" + SegmentName(segment);
}

base::Result<std::vector<uint64_t>> SegmentSizes(base::Storage& storage,
                                                 const std::string& directory,
                                                 const std::vector<uint32_t>& segments) {
  std::vector<uint64_t> sizes;
  for (const uint32_t segment : segments) {
    const auto file =
        TRY(storage.Open(SegmentPlace{directory, segment}.path(), base::Storage::Mode::kRead));
    sizes.push_back(TRY(file->Size()));
  }
  return sizes;
}

base::Result<SegmentSummary> RecoverSegment(
    base::Storage& storage, const SegmentPlace& place,
    const std::function<void(const WalRecord&)>& on_record) {
  auto file = TRY(storage.Open(place.path(), base::Storage::Mode::kReadWrite));
  const uint64_t size = TRY(file->Size());
  const std::string bytes = TRY(file->Read(0, size));
  const auto header = DecodeSegmentHeader(bytes);
  if (!header.ok()) {
    if (header.error().code == base::ErrorCode::kUnsupported) {
      return base::Error{header.error().code, place.path() + ": " + header.error().message};
    }
    // Made and not yet written when the process ended, or damaged from its first byte.
    base::LogWarning("damage: " + place.path() + ": " + header.error().message);
  }
  const SegmentSummary summary = ReadSegment(
      bytes, place.segment, on_record,
      [&](Lsn lsn, std::string_view damaged) { KeepAside(storage, place, lsn, damaged); });
  KeepTail(storage, place, bytes, summary.end);
  if (summary.end < size) TRY(file->Truncate(summary.end));
  // The process may have ended before it synced what is read here, and from now on it is
  // shown, and acknowledged when it is sent again.
  TRY(file->Sync());
  return summary;
}

base::Result<std::string> InflatedBodyOf(const WalRecord& record) {
  return wire::Inflate(record.encoding, record.body, kInflatedLimit);
}

base::Result<std::string> PlainBodyOf(const WalRecord& record) {
  std::string plain = TRY(InflatedBodyOf(record));
  const auto valid = wire::Validate(record.format, plain);
  if (!valid.ok()) return valid.error();
  return plain;
}

}  // namespace clew::store

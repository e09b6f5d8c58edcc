// SPDX-License-Identifier: Apache-2.0
#include "store/wal_writer.h"

#include <algorithm>
#include <cstdio>
#include <future>
#include <utility>

namespace clew::store {

std::string SegmentName(uint32_t segment) {
  char name[32];
  std::snprintf(name, sizeof name, "%020u.wal", segment);
  return name;
}

WalWriter::WalWriter(base::Storage& storage, Options options)
    : storage_(storage), options_(std::move(options)), segment_(options_.first_segment - 1) {}

// Starts the next segment, large enough for a record that exceeds the usual size.
base::Status WalWriter::OpenSegment(size_t record_bytes) {
  const uint32_t segment = segment_ + 1;
  const std::string path = options_.directory + "/" + SegmentName(segment);
  const uint64_t size =
      std::max<uint64_t>(options_.segment_bytes, kSegmentHeaderBytes + record_bytes);
  // A segment whose making failed half-way may be there already; it holds nothing.
  if (storage_.Exists(path)) TRY(storage_.Remove(path));
  std::shared_ptr<base::File> file = TRY(storage_.Open(path, base::Storage::Mode::kCreate));
  TRY(file->Allocate(size));
  TRY(file->Write(0, EncodeSegmentHeader({options_.node, options_.epoch, segment})));
  if (unsynced_) full_.files.push_back(file_);
  full_.new_segment = true;
  file_ = std::move(file);
  segment_ = segment;
  ended_ = false;
  offset_ = kSegmentHeaderBytes;
  segment_size_ = size;
  unsynced_ = false;
  return {};
}

void WalWriter::EndSegment() {
  if (std::exchange(unsynced_, false)) full_.files.push_back(file_);
  file_ = nullptr;
  ended_ = true;
}

base::Result<Lsn> WalWriter::Append(WalRecord record) {
  const size_t size = EncodedSize(record);
  if (file_ == nullptr || offset_ + size > segment_size_) TRY(OpenSegment(size));
  record.lsn = {segment_, static_cast<uint32_t>(offset_)};
  record.epoch = options_.epoch;
  unsynced_ = true;
  TRY(file_->Write(offset_, EncodeRecord(record)));
  offset_ += size;
  appended_bytes_ += size;
  return record.lsn;
}

uint64_t WalWriter::BytesSince(uint64_t lsn) const {
  const uint64_t first = (lsn >> 32) * options_.segment_bytes + static_cast<uint32_t>(lsn);
  // Before this run has written anything the last segment is one of an earlier run.
  const uint64_t offset = segment_size_ == 0 ? options_.segment_bytes : offset_;
  const uint64_t end = segment_ * options_.segment_bytes + offset;
  return end < first ? 0 : end - first;
}

WalWriter::Unsynced WalWriter::TakeUnsynced() {
  Unsynced unsynced = std::exchange(full_, {});
  if (std::exchange(unsynced_, false)) unsynced.files.push_back(file_);
  return unsynced;
}

// Where a segment begins there are three things to sync; one after the other everybody would wait
// three times as long.
base::Status WalWriter::Unsynced::Sync(base::Storage& storage, const std::string& directory) const {
  std::vector<std::future<base::Status>> beside;
  if (new_segment) beside.push_back(std::async([&] { return storage.SyncDirectory(directory); }));
  for (size_t i = 1; i < files.size(); ++i)
    beside.push_back(std::async([&, i] { return files[i]->Sync(); }));
  base::Status status = files.empty() ? base::Status() : files.front()->Sync();
  for (auto& other : beside) {
    if (base::Status of_other = other.get(); !of_other.ok()) status = std::move(of_other);
  }
  return status;
}

}  // namespace clew::store

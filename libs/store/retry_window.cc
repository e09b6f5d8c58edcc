// SPDX-License-Identifier: Apache-2.0
#include "store/retry_window.h"

#include "base/bytes.h"

namespace clew::store {
namespace {

constexpr std::string_view kMagic = "CLEWRTY\n";
constexpr uint32_t kFormat = 1;
constexpr size_t kHeaderBytes = 16;  // magic, format, CRC-32C of all behind it
constexpr size_t kEntryBytes = 34;   // without the tenant

base::Error Damaged(const char* what) {
  return {base::ErrorCode::kCorruption, std::string("the retry window ") + what};
}

}  // namespace

void RetryWindow::DropOldest() {
  const auto& [received, key] = by_time_.front();
  const auto entry = entries_.find(key);
  // It may have come again later.
  if (entry != entries_.end() && entry->second.received_unix_nano == received) {
    entries_.erase(entry);
  }
  by_time_.pop_front();
}

std::optional<uint64_t> RetryWindow::Find(std::string_view tenant, const base::Hash128& hash,
                                          int64_t now_unix_nano) {
  while (!by_time_.empty() && by_time_.front().first < now_unix_nano - kWindowNanos) DropOldest();
  const auto entry = entries_.find({std::string(tenant), hash});
  return entry == entries_.end() ? std::nullopt : std::optional(entry->second.lsn);
}

void RetryWindow::Add(std::string_view tenant, const base::Hash128& hash,
                      int64_t received_unix_nano, uint64_t lsn) {
  while (entries_.size() >= kMaxRetryEntries) DropOldest();
  Key key(std::string(tenant), hash);
  const auto known = entries_.find(key);
  if (known != entries_.end() && known->second.received_unix_nano == received_unix_nano) {
    known->second.lsn = lsn;  // Kept aside, and replayed from the log as well.
    return;
  }
  entries_[key] = {received_unix_nano, lsn};
  by_time_.emplace_back(received_unix_nano, std::move(key));
}

std::string RetryWindow::Encode() const {
  std::string body;
  for (const auto& [received, key] : by_time_) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end() || entry->second.received_unix_nano != received) continue;
    base::AppendLittle(body, received);
    base::AppendLittle(body, entry->second.lsn);
    base::AppendLittle(body, key.second.low);
    base::AppendLittle(body, key.second.high);
    base::AppendLittle(body, static_cast<uint16_t>(key.first.size()));
    body += key.first;
  }
  std::string encoded(kMagic);
  base::AppendLittle(encoded, kFormat);
  base::AppendLittle(encoded, base::Crc32c(body));
  return encoded + body;
}

base::Status RetryWindow::Restore(std::string_view encoded) {
  if (encoded.size() < kHeaderBytes || !encoded.starts_with(kMagic)) return Damaged("is cut short");
  if (base::LoadLittle<uint32_t>(encoded.data() + 8) != kFormat) {
    return base::Error{base::ErrorCode::kUnsupported, "the retry window has a newer format"};
  }
  const std::string_view body = encoded.substr(kHeaderBytes);
  if (base::LoadLittle<uint32_t>(encoded.data() + 12) != base::Crc32c(body)) {
    return Damaged("does not have its checksum");
  }
  for (size_t at = 0; at < body.size();) {
    // Its checksum was right, so a cut entry is a fault of the writer.
    if (body.size() - at < kEntryBytes) return Damaged("ends inside an entry");
    const char* const entry = body.data() + at;
    const auto tenant_bytes = base::LoadLittle<uint16_t>(entry + 32);
    at += kEntryBytes;
    if (body.size() - at < tenant_bytes) return Damaged("ends inside a tenant");
    Add(body.substr(at, tenant_bytes),
        {.low = base::LoadLittle<uint64_t>(entry + 16),
         .high = base::LoadLittle<uint64_t>(entry + 24)},
        base::LoadLittle<int64_t>(entry), base::LoadLittle<uint64_t>(entry + 8));
    at += tenant_bytes;
  }
  return {};
}

}  // namespace clew::store

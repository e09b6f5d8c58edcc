// SPDX-License-Identifier: Apache-2.0
#include "store/retry_window.h"

#include "base/bytes.h"

namespace clew::store {
namespace {

constexpr std::string_view kWindowMagic = "CLEWRTY\n";
constexpr uint32_t kWindowFormat = 1;
constexpr size_t kWindowHeaderBytes = 16;  // magic, format, CRC-32C of all behind it
constexpr size_t kWindowEntryBytes = 34;   // without the tenant

base::Error Damaged(const char* what) {
  return {base::ErrorCode::kCorruption, std::string("the retry window ") + what};
}

}  // namespace

void RetryWindow::DropOldest() {
  Entry& oldest = by_time_.front();
  // It may have come again later.
  const auto last = last_.find(&oldest);
  if (last != last_.end() && *last == &oldest) last_.erase(last);
  const auto tenant = tenants_.find(oldest.tenant->first);
  if (--tenant->second == 0) tenants_.erase(tenant);
  by_time_.pop_front();
}

std::optional<uint64_t> RetryWindow::Find(std::string_view tenant, const base::Hash128& hash,
                                          int64_t now_unix_nano) {
  while (!by_time_.empty() && by_time_.front().received_unix_nano < now_unix_nano - kWindowNanos) {
    DropOldest();
  }
  const auto known = tenants_.find(tenant);
  if (known == tenants_.end()) return std::nullopt;
  const Entry wanted{.received_unix_nano = 0, .lsn = 0, .hash = hash, .tenant = &*known};
  const auto last = last_.find(&wanted);
  return last == last_.end() ? std::nullopt : std::optional((*last)->lsn);
}

void RetryWindow::Add(std::string_view tenant, const base::Hash128& hash,
                      int64_t received_unix_nano, uint64_t lsn) {
  while (by_time_.size() >= kMaxRetryEntries) DropOldest();
  auto known = tenants_.find(tenant);
  if (known == tenants_.end()) known = tenants_.emplace(tenant, 0).first;
  const Entry entry{received_unix_nano, lsn, hash, &*known};
  const auto last = last_.find(&entry);
  if (last != last_.end() && (*last)->received_unix_nano == received_unix_nano) {
    (*last)->lsn = lsn;  // Kept aside, and replayed from the log as well.
    return;
  }
  if (last != last_.end()) last_.erase(last);
  ++known->second;
  last_.insert(&by_time_.emplace_back(entry));
}

std::string RetryWindow::Encode() const {
  std::string body;
  for (const Entry& entry : by_time_) {
    const auto last = last_.find(&entry);
    if (last == last_.end() || *last != &entry) continue;
    base::AppendLittle(body, entry.received_unix_nano);
    base::AppendLittle(body, entry.lsn);
    base::AppendLittle(body, entry.hash.low);
    base::AppendLittle(body, entry.hash.high);
    base::AppendLittle(body, static_cast<uint16_t>(entry.tenant->first.size()));
    body += entry.tenant->first;
  }
  std::string encoded(kWindowMagic);
  base::AppendLittle(encoded, kWindowFormat);
  base::AppendLittle(encoded, base::Crc32c(body));
  return encoded + body;
}

base::Status RetryWindow::Restore(std::string_view encoded) {
  if (encoded.size() < kWindowHeaderBytes || !encoded.starts_with(kWindowMagic))
    return Damaged("is cut short");
  if (base::LoadLittle<uint32_t>(encoded.data() + 8) != kWindowFormat) {
    return base::Error{base::ErrorCode::kUnsupported, "the retry window has a newer format"};
  }
  const std::string_view body = encoded.substr(kWindowHeaderBytes);
  if (base::LoadLittle<uint32_t>(encoded.data() + 12) != base::Crc32c(body)) {
    return Damaged("does not have its checksum");
  }
  for (size_t at = 0; at < body.size();) {
    // Its checksum was right, so a cut entry is a fault of the writer.
    if (body.size() - at < kWindowEntryBytes) return Damaged("ends inside an entry");
    const char* const entry = body.data() + at;
    const auto tenant_bytes = base::LoadLittle<uint16_t>(entry + 32);
    at += kWindowEntryBytes;
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

// SPDX-License-Identifier: Apache-2.0
#include "store/wal_format.h"

#include "base/bytes.h"
#include "base/check.h"

namespace clew::store {
namespace {

constexpr std::string_view kSegmentMagic = "CLEWWAL\n";
constexpr uint32_t kRecordMagic = 0x43455243;  // "CREC"
constexpr size_t kCheckedFrom = 8;             // of a record: all after magic and CRC

size_t Padded(size_t size) {
  return (size + kRecordAlignment - 1) & ~(kRecordAlignment - 1);
}

void StoreLittle(std::string& out, size_t at, uint32_t value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  std::string out(kSegmentMagic);
  base::AppendLittle(out, kWalFormat);
  base::AppendLittle(out, kWalMinimumReader);
  base::AppendLittle(out, uint32_t{0});  // the CRC, below
  base::AppendLittle(out, header.node);
  base::AppendLittle(out, header.epoch);
  base::AppendLittle(out, uint64_t{header.segment});
  base::AppendLittle(out, uint64_t{0});  // reserved
  CHECK(out.size() == kSegmentHeaderBytes);
  StoreLittle(out, 12, base::Crc32c(std::string_view(out).substr(16)));
  return out;
}

base::Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kSegmentMagic)) {
    return base::Error{base::ErrorCode::kCorruption, "no write-ahead log segment"};
  }
  const char* const at = bytes.data();
  if (const auto reader = base::LoadLittle<uint16_t>(at + 10); reader > kWalFormat) {
    return base::Error{base::ErrorCode::kUnsupported,
                       "segment needs a program that reads log format " + std::to_string(reader) +
                           "; this one reads up to " + std::to_string(kWalFormat)};
  }
  const std::string_view checked = bytes.substr(16, kSegmentHeaderBytes - 16);
  if (base::LoadLittle<uint32_t>(at + 12) != base::Crc32c(checked)) {
    return base::Error{base::ErrorCode::kCorruption, "segment header has a wrong checksum"};
  }
  return SegmentHeader{.node = base::LoadLittle<uint64_t>(at + 16),
                       .epoch = base::LoadLittle<uint64_t>(at + 24),
                       .segment = static_cast<uint32_t>(base::LoadLittle<uint64_t>(at + 32))};
}

size_t EncodedSize(const WalRecord& record) {
  return Padded(kRecordHeaderBytes + record.tenant.size() + record.body.size());
}

std::string EncodeRecord(const WalRecord& record) {
  CHECK(record.tenant.size() <= UINT16_MAX && record.body.size() <= UINT32_MAX);
  std::string out;
  out.reserve(EncodedSize(record));
  base::AppendLittle(out, kRecordMagic);
  base::AppendLittle(out, uint32_t{0});  // the CRC, below
  base::AppendLittle(out, record.lsn.number());
  base::AppendLittle(out, record.epoch);
  base::AppendLittle(out, record.receive_time_unix_nano);
  base::AppendLittle(out, record.body_hash.low);
  base::AppendLittle(out, record.body_hash.high);
  base::AppendLittle(out, static_cast<uint32_t>(record.body.size()));
  base::AppendLittle(out, static_cast<uint16_t>(record.tenant.size()));
  out.push_back(static_cast<char>(record.format));
  out.push_back(static_cast<char>(record.encoding));
  base::AppendLittle(out, record.decoder_version);
  base::AppendLittle(out, uint16_t{0});  // flags
  base::AppendLittle(out, uint32_t{0});  // reserved
  CHECK(out.size() == kRecordHeaderBytes);
  out.append(record.tenant);
  out.append(record.body);
  StoreLittle(out, 4, base::Crc32c(std::string_view(out).substr(kCheckedFrom)));
  out.resize(EncodedSize(record), '\0');
  return out;
}

std::optional<WalRecord> DecodeRecord(std::string_view segment_bytes, uint32_t segment,
                                      size_t offset) {
  if (offset > segment_bytes.size() || segment_bytes.size() - offset < kRecordHeaderBytes) {
    return std::nullopt;
  }
  const std::string_view bytes = segment_bytes.substr(offset);
  const char* const at = bytes.data();
  if (base::LoadLittle<uint32_t>(at) != kRecordMagic) return std::nullopt;
  WalRecord record{.lsn = {segment, static_cast<uint32_t>(offset)}};
  if (base::LoadLittle<uint64_t>(at + 8) != record.lsn.number()) return std::nullopt;
  const size_t body_size = base::LoadLittle<uint32_t>(at + 48);
  const size_t tenant_size = base::LoadLittle<uint16_t>(at + 52);
  const size_t size = kRecordHeaderBytes + tenant_size + body_size;
  if (size > bytes.size()) return std::nullopt;
  const std::string_view checked = bytes.substr(kCheckedFrom, size - kCheckedFrom);
  if (base::LoadLittle<uint32_t>(at + 4) != base::Crc32c(checked)) return std::nullopt;
  record.epoch = base::LoadLittle<uint64_t>(at + 16);
  record.receive_time_unix_nano = base::LoadLittle<int64_t>(at + 24);
  record.body_hash = {.low = base::LoadLittle<uint64_t>(at + 32),
                      .high = base::LoadLittle<uint64_t>(at + 40)};
  record.format = static_cast<wire::Format>(at[54]);
  record.encoding = static_cast<wire::ContentEncoding>(at[55]);
  record.decoder_version = base::LoadLittle<uint16_t>(at + 56);
  record.tenant = bytes.substr(kRecordHeaderBytes, tenant_size);
  record.body = bytes.substr(kRecordHeaderBytes + tenant_size, body_size);
  return record;
}

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
// Any bytes as usual_times.bin, with their checksums made right so that they are looked at: they
// are an error, or times that are written and read again the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "derive/usual_times_file.h"

namespace clew::derive {
namespace {

constexpr size_t kHeaderBytes = 48;
constexpr size_t kPlaceBytes = 24;

void Put(std::string& bytes, size_t at, uint32_t number) {
  std::string little;
  base::AppendLittle(little, number);
  bytes.replace(at, little.size(), little);
}

std::string WithChecksums(std::string bytes) {
  if (bytes.size() < kHeaderBytes) return bytes;
  const auto count = base::LoadLittle<uint64_t>(bytes.data() + 16);
  if (count > (bytes.size() - kHeaderBytes) / kPlaceBytes) return bytes;
  uint64_t offset = kHeaderBytes + count * kPlaceBytes;
  for (size_t at = kHeaderBytes; at < kHeaderBytes + count * kPlaceBytes; at += kPlaceBytes) {
    const auto size = base::LoadLittle<uint64_t>(bytes.data() + at + 8);
    if (size > bytes.size() - offset) return bytes;
    Put(bytes, at + 16, base::Crc32c(std::string_view(bytes).substr(offset, size)));
    offset += size;
  }
  const std::string_view checked =
      std::string_view(bytes).substr(16, kHeaderBytes - 16 + count * kPlaceBytes);
  Put(bytes, 12, base::Crc32c(checked));
  return bytes;
}

base::Result<UsualTimes> ReadAll(const std::string& bytes) {
  const UsualTimesFile file = TRY(UsualTimesFile::Open(
      [&](uint64_t offset, uint64_t size) -> base::Result<std::string> {
        CHECK(offset + size <= bytes.size());
        return bytes.substr(offset, size);
      },
      bytes.size()));
  return file.ReadAll();
}

void Read(std::string_view data) {
  const auto read = ReadAll(WithChecksums(std::string(data)));
  if (!read.ok()) return;
  CHECK(ReadAll(EncodeUsualTimes(read.value())).value() == read.value());
}

}  // namespace
}  // namespace clew::derive

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clew::derive::Read({reinterpret_cast<const char*>(data), size});
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "import_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace clew {
namespace {

constexpr size_t kMostBytes = size_t{16} << 30;  // of a file, decompressed
constexpr size_t kReadBytes = size_t{1} << 20;

base::Error Named(const std::string& name, base::ErrorCode code, const std::string& what) {
  return {code, name + ": " + what};
}

base::Result<std::string> ReadAll(const std::string& path, const std::string& name) {
  const bool standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
      standard ? nullptr : std::fopen(path.c_str(), "rb"),
      [](std::FILE* file) { return file == nullptr ? 0 : std::fclose(file); });
  std::FILE* const file = standard ? stdin : opened.get();
  if (file == nullptr) return Named(name, base::ErrorCode::kNotFound, std::strerror(errno));
  std::string bytes;
  size_t size = 0;
  size_t read = kReadBytes;
  while (read == kReadBytes) {
    bytes.resize(size + kReadBytes);
    read = std::fread(bytes.data() + size, 1, kReadBytes, file);
    size += read;
  }
  if (std::ferror(file) != 0) return Named(name, base::ErrorCode::kIo, std::strerror(errno));
  bytes.resize(size);
  return bytes;
}

}  // namespace

base::Result<std::unique_ptr<wire::SpanFile>> ReadImportFile(const std::string& path) {
  std::string name = path == "-" ? "standard input" : path;
  std::string bytes = TRY(ReadAll(path, name));
  return wire::SpanFile::Parse(std::move(name), std::move(bytes), kMostBytes);
}

}  // namespace clew

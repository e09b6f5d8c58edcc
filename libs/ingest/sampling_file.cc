// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/log.h"
#include "ingest/limits.h"

namespace clew::ingest {
namespace {

base::Result<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kSamplingFileBytes + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof()) {
    return base::Error{base::ErrorCode::kIo, std::strerror(errno)};
  }
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() <= kSamplingFileBytes) return text;
  return base::Error{base::ErrorCode::kTooLarge,
                     "it has more than " + std::to_string(kSamplingFileBytes) + " bytes"};
}

net::Task<void> WatchForEver(std::shared_ptr<SamplingFile> file, net::EventLoop* loop) {
  while (true) {
    co_await loop->SleepFor(kSamplingFileInterval);
    file->ReadIfChanged();
  }
}

}  // namespace

base::Result<std::shared_ptr<SamplingFile>> SamplingFile::Open(std::string path) {
  std::shared_ptr<SamplingFile> file(new SamplingFile(std::move(path)));
  if (file->path_.empty()) return file;
  file->version_ = file->CurrentVersion();
  base::Status read = file->Read();
  if (!read.ok()) return std::move(read).error();
  return file;
}

void SamplingFile::Watch(std::shared_ptr<SamplingFile> file, net::EventLoop& loop) {
  if (!file->path_.empty()) loop.Spawn(WatchForEver(std::move(file), &loop));
}

void SamplingFile::ReadIfChanged() {
  const Version version = CurrentVersion();
  if (version == version_) return;
  version_ = version;
  const base::Status read = Read();
  if (read.ok()) {
    base::LogInfo("read the sampling strategies of " + path_ + " again");
  } else {
    base::LogError(read.error().message + "; the strategies before stay");
  }
}

SamplingFile::Version SamplingFile::CurrentVersion() const {
  struct stat found{};
  if (::stat(path_.c_str(), &found) != 0) return {};
  return {.inode = found.st_ino,
          .size = found.st_size,
          .seconds = found.st_mtim.tv_sec,
          .nanos = found.st_mtim.tv_nsec};
}

base::Status SamplingFile::Read() {
  const base::Result<std::string> text = ReadText(path_);
  base::Result<SamplingStrategies> strategies =
      text.ok() ? SamplingStrategies::FromJson(text.value())
                : base::Result<SamplingStrategies>(text.error());
  if (!strategies.ok()) {
    return base::Error{strategies.error().code,
                       "cannot use the file " + path_ + ": " + strategies.error().message};
  }
  const base::MutexLock lock(mutex_);
  strategies_ = std::make_shared<const SamplingStrategies>(std::move(strategies).value());
  return {};
}

}  // namespace clew::ingest

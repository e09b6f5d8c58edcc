// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_file.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "ingest/limits.h"

namespace clew::ingest {
namespace {

constexpr size_t kNamedOperations = 5;

net::Task<void> WatchForEver(std::shared_ptr<SamplingFile> file, net::EventLoop* loop) {
  while (true) {
    co_await loop->SleepFor(kSamplingFileInterval);
    file->ReadIfChanged();
  }
}

// One line, with the first few.
void WarnOf(const std::vector<std::string>& left_out, const std::string& path) {
  if (left_out.empty()) return;
  std::string names;
  for (size_t i = 0; i < std::min(left_out.size(), kNamedOperations); ++i) {
    names += (i == 0 ? "'" : ", '") + left_out[i] + "'";
  }
  const size_t more = left_out.size() - std::min(left_out.size(), kNamedOperations);
  if (more > 0) names += " and " + std::to_string(more) + " more";
  base::LogWarning(path + ": operations have rates, not so many traces a second; left out are " +
                   names + ", which sample as their service does");
}

}  // namespace

base::Result<std::shared_ptr<SamplingFile>> SamplingFile::Open(std::string path) {
  std::shared_ptr<SamplingFile> file(new SamplingFile(std::move(path)));
  if (file->file_.path().empty()) return file;
  base::Status read = file->Read(*file->file_.Changed());
  if (!read.ok()) return std::move(read).error();
  return file;
}

void SamplingFile::Watch(std::shared_ptr<SamplingFile> file, net::EventLoop& loop) {
  if (!file->file_.path().empty()) loop.Spawn(WatchForEver(std::move(file), &loop));
}

void SamplingFile::ReadIfChanged() {
  const auto changed = file_.Changed();
  if (!changed) return;
  const base::Status read = Read(*changed);
  if (read.ok()) {
    base::LogInfo("read the sampling strategies of " + file_.path() + " again");
  } else {
    base::LogError(read.error().message + "; the strategies before stay");
  }
}

base::Status SamplingFile::Read(const base::Result<std::string>& text) {
  if (!text.ok()) return text.error();
  const auto wrong = [&](const base::Error& error) {
    return base::Error{error.code, "cannot use the file " + file_.path() + ": " + error.message};
  };
  if (text.value().size() > kSamplingFileBytes) {
    return wrong({base::ErrorCode::kTooLarge,
                  "it has more than " + std::to_string(kSamplingFileBytes) + " bytes"});
  }
  base::Result<SamplingStrategies> strategies = SamplingStrategies::FromJson(text.value());
  if (!strategies.ok()) return wrong(strategies.error());
  WarnOf(strategies.value().left_out(), file_.path());
  const base::MutexLock lock(mutex_);
  strategies_ = std::make_shared<const SamplingStrategies>(std::move(strategies).value());
  return {};
}

}  // namespace clew::ingest

// SPDX-License-Identifier: Apache-2.0
#include "serve/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>

namespace clew::serve {
namespace {

// Fields of /proc/self/stat behind the name, which is in parentheses and may hold anything.
struct ProcessStat {
  uint64_t user_ticks = 0, system_ticks = 0, threads = 0, start_ticks = 0, virtual_bytes = 0,
           resident_pages = 0;
};

std::optional<ProcessStat> ReadStat() {
  std::ifstream file("/proc/self/stat");
  const std::string line((std::istreambuf_iterator<char>(file)), {});
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  ProcessStat stat;
  std::string passed_over;
  const auto skip = [&](int count) {
    for (int i = 0; i < count; ++i) fields >> passed_over;
  };
  skip(11);  // from the third, the state, to the thirteenth
  fields >> stat.user_ticks >> stat.system_ticks;
  skip(4);
  fields >> stat.threads;
  skip(1);
  fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
  return fields ? std::optional(stat) : std::nullopt;
}

// When the machine started, in seconds since 1970.
std::optional<uint64_t> BootSeconds() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::stoull(line.substr(6));
  }
  return std::nullopt;
}

std::optional<uint64_t> OpenDescriptors() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  uint64_t count = 0;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  constexpr uint64_t kNotOurs = 3;  // ".", ".." and the one this took
  return count - kNotOurs;
}

void AddDescriptors(base::MetricsText& text) {
  if (const auto open = OpenDescriptors()) {
    text.Gauge("process_open_fds", "Open file descriptors.", *open);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    text.Gauge("process_max_fds", "Most file descriptors that may be open.",
               uint64_t{limit.rlim_cur});
  }
}

}  // namespace

void AddProcessMetrics(base::MetricsText& text) {
  AddDescriptors(text);
  const std::optional<ProcessStat> stat = ReadStat();
  if (!stat) return;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page_bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  text.Counter("process_cpu_seconds_total", "Processor time of this process, user and system.",
               static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks);
  text.Gauge("process_resident_memory_bytes", "Resident memory of this process.",
             stat->resident_pages * page_bytes);
  text.Gauge("process_virtual_memory_bytes", "Virtual memory of this process.",
             stat->virtual_bytes);
  text.Gauge("process_threads", "Threads of this process.", stat->threads);
  if (const auto boot = BootSeconds()) {
    text.Gauge("process_start_time_seconds", "When this process started, since 1970.",
               static_cast<double>(*boot) + static_cast<double>(stat->start_ticks) / ticks);
  }
}

void AddDiskMetrics(base::MetricsText& text, const std::string& directory) {
  struct statvfs disk{};
  if (statvfs(directory.c_str(), &disk) != 0) return;
  text.Gauge("clew_disk_free_bytes", "What is free on the disk of the data for this process.",
             uint64_t{disk.f_bavail} * disk.f_frsize);
  text.Gauge("clew_disk_size_bytes", "Size of the disk of the data.",
             uint64_t{disk.f_blocks} * disk.f_frsize);
}

}  // namespace clew::serve

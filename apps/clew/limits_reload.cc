// SPDX-License-Identifier: Apache-2.0
#include "limits_reload.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <utility>

#include "base/log.h"
#include "keep_flag.h"

namespace clew {
namespace {

constexpr std::chrono::seconds kLookInterval{1};

constexpr std::string_view kLive[] = {
    "tenant-rate", "tenant-burst", "tenant-span-rate", "tenant-span-burst", "retention",
    "keep",        "max-disk",     "query-queue-wait", "query-timeout",     "query-memory-limit",
    "slow-query",
};

bool IsLive(const config::Setting& setting) {
  return !setting.tenant.empty() || std::ranges::find(kLive, setting.key) != std::end(kLive);
}

sigset_t OnlyHangUp() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  return signals;
}

// Takes one that waits.
bool HasHungUp() {
  const sigset_t signals = OnlyHangUp();
  constexpr timespec kAtOnce{};
  return sigtimedwait(&signals, nullptr, &kAtOnce) == SIGHUP;
}

// "tenants: shop: rate".
std::string NameOf(const config::Setting& setting) {
  if (setting.tenant.empty()) return setting.key;
  return "tenants: " + setting.tenant + ": " + setting.key;
}

// The names of the settings that are not the same in both.
std::vector<std::string> Differences(const ServerConfig& a, const ServerConfig& b, bool live) {
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [setting, by] : a.given) {
    if (IsLive(setting) == live) values[NameOf(setting)] = setting.values;
  }
  std::vector<std::string> names;
  for (const auto& [setting, by] : b.given) {
    if (IsLive(setting) != live) continue;
    const auto before = values.find(NameOf(setting));
    if (before == values.end() || before->second != setting.values) {
      names.push_back(NameOf(setting));
    }
    if (before != values.end()) values.erase(before);
  }
  for (const auto& [name, gone] : values) names.push_back(name);
  return names;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

net::Task<void> WatchForEver(std::unique_ptr<LimitsReload> reload, net::EventLoop* loop) {
  while (true) {
    co_await loop->SleepFor(kLookInterval);
    reload->ReadIfChanged();
  }
}

}  // namespace

std::span<const std::string_view> LiveSettings() {
  return kLive;
}

void LimitsReload::ExpectSignal() {
  const sigset_t signals = OnlyHangUp();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void LimitsReload::Watch(const ServerConfig& running, const Parts& parts, net::EventLoop& loop) {
  if (running.sources.file.empty()) return;
  loop.Spawn(WatchForEver(std::make_unique<LimitsReload>(running, parts), &loop));
}

void LimitsReload::ReadIfChanged() {
  if (HasHungUp()) {
    base::LogInfo("asked by a signal to look at " + file_.path());
    file_ = base::WatchedFile(file_.path());
  }
  const auto text = file_.Changed();
  if (!text) return;
  if (!text->ok()) return base::LogError(text->error().message + "; all settings stay");
  auto config = ReadServerConfig(started_.sources, text->value());
  if (config.ok()) return Take(std::move(config).value());
  for (const std::string& error : config.error()) base::LogError(error);
  base::LogError("all settings stay as they are until " + file_.path() + " is right");
}

void LimitsReload::Take(ServerConfig config) {
  const std::vector<std::string> changed = Differences(running_, config, true);
  if (!changed.empty()) {
    const base::Status applied = Apply(config.options);
    if (!applied.ok()) {
      return base::LogError(file_.path() + ": " + applied.error().message +
                            "; all settings stay as they are");
    }
    base::LogInfo(file_.path() + " has changed, and from now on counts: " + Joined(changed));
  }
  running_ = std::move(config);
  const std::vector<std::string> waiting = Differences(started_, running_, false);
  if (!waiting.empty()) {
    base::LogWarning(file_.path() + " has changed, and wants a restart for: " + Joined(waiting));
  }
}

base::Status LimitsReload::Apply(const ServerOptions& options) {
  auto keep = TRY(ParseKeepRule(options.keep, options.retention));
  parts_.store.SetRetention({.max_age_ns = options.retention.count(),
                             .max_bytes = options.max_disk_bytes,
                             .keep = std::move(keep)});
  parts_.ingestor.SetTenantLimits(options.tenant, options.tenants);
  parts_.queries.SetLimits(options.queries);
  return {};
}

}  // namespace clew

// SPDX-License-Identifier: Apache-2.0
#include "traceql/intrinsics.h"

#include <array>
#include <cstddef>

namespace clew::traceql {
namespace {

struct Entry {
  std::string_view unscoped;  // empty when there is no such form
  std::string_view scope;     // empty when there is no such form
  std::string_view name;      // within its scope
  Type type;
};

// In the order of Intrinsic.
constexpr std::array<Entry, 22> kEntries = {{
    {"duration", "span:", "duration", Type::kDuration},
    {"name", "span:", "name", Type::kString},
    {"status", "span:", "status", Type::kStatus},
    {"statusMessage", "span:", "statusMessage", Type::kString},
    {"kind", "span:", "kind", Type::kKind},
    {"", "span:", "id", Type::kString},
    {"", "span:", "parentID", Type::kString},
    {"", "span:", "childCount", Type::kInt},
    {"traceDuration", "trace:", "duration", Type::kDuration},
    {"rootName", "trace:", "rootName", Type::kString},
    {"rootServiceName", "trace:", "rootService", Type::kString},
    {"", "trace:", "id", Type::kString},
    {"", "event:", "name", Type::kString},
    {"", "event:", "timeSinceStart", Type::kDuration},
    {"", "link:", "traceID", Type::kString},
    {"", "link:", "spanID", Type::kString},
    {"", "instrumentation:", "name", Type::kString},
    {"", "instrumentation:", "version", Type::kString},
    {"nestedSetLeft", "", "", Type::kInt},
    {"nestedSetRight", "", "", Type::kInt},
    {"nestedSetParent", "", "", Type::kInt},
    {"parent", "", "", Type::kNil},
}};

}  // namespace

std::optional<Intrinsic> FindIntrinsic(std::string_view name) {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (!name.empty() && kEntries[i].unscoped == name) return static_cast<Intrinsic>(i);
  }
  return std::nullopt;
}

std::optional<Intrinsic> FindIntrinsic(std::string_view scope, std::string_view name) {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (kEntries[i].scope == scope && kEntries[i].name == name) return static_cast<Intrinsic>(i);
  }
  return std::nullopt;
}

std::vector<std::string_view> IntrinsicsOf(std::string_view scope) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kEntries) {
    if (entry.scope == scope) names.push_back(entry.name);
  }
  return names;
}

std::string NameOf(Intrinsic intrinsic) {
  const Entry& entry = kEntries[static_cast<size_t>(intrinsic)];
  if (!entry.unscoped.empty()) return std::string(entry.unscoped);
  return std::string(entry.scope).append(entry.name);
}

Type TypeOf(Intrinsic intrinsic) {
  return kEntries[static_cast<size_t>(intrinsic)].type;
}

}  // namespace clew::traceql

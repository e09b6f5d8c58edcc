// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "objects/object_store.h"
#include "store/catalog.h"

namespace clew::store {

// For tests: which files a catalog should have, by those that it has, all named without their
// folder. Before anything is deleted these are all entries and perhaps a snapshot; then the
// last two snapshots, the entries behind the older one, and the word that others are gone.
inline std::set<std::string> NeededCatalogFiles(const std::set<std::string>& names) {
  constexpr std::string_view kSnapshot = ".snapshot";
  const auto digits = [](uint64_t number) {
    const std::string text = std::to_string(number);
    return std::string(20 - text.size(), '0') + text;
  };
  uint64_t last = 0;                // entry, or snapshot of one
  std::vector<uint64_t> snapshots;  // in order
  for (const std::string& name : names) {
    const uint64_t number = strtoull(name.c_str(), nullptr, 10);
    last = std::max(last, number);
    if (name.ends_with(kSnapshot)) snapshots.push_back(number);
  }
  std::set<std::string> needed;
  uint64_t deleted = 0;  // entries
  if (names.contains("trimmed")) {
    needed = {"trimmed", "the snapshot before the last"};
    if (snapshots.size() > 1) deleted = snapshots[snapshots.size() - 2];
    if (deleted > 0) needed = {"trimmed", digits(deleted).append(kSnapshot)};
  }
  if (!snapshots.empty()) needed.insert(digits(snapshots.back()).append(kSnapshot));
  for (uint64_t number = deleted + 1; number <= last; ++number) needed.insert(digits(number));
  return needed;
}

inline std::set<std::string> CatalogFilesOf(objects::ObjectStore& objects) {
  constexpr std::string_view kPrefix = "catalog/0/";
  std::set<std::string> names;
  const auto listed = objects.List(kPrefix);
  EXPECT_TRUE(listed.ok());
  for (const std::string& key : listed.value()) names.insert(key.substr(kPrefix.size()));
  return names;
}

// What a failure left is for the next snapshot to delete: commits until that is written, and
// expects no file that nothing needs. REQUIRES: the catalog was opened after the last failure.
inline void ExpectNextSnapshotTidiesUp(Catalog& catalog, objects::ObjectStore& objects) {
  const auto newest = [&] {
    std::string name;
    for (const std::string& file : CatalogFilesOf(objects)) {
      if (file.ends_with(".snapshot")) name = file;
    }
    return name;
  };
  const std::string before = newest();
  for (int i = 0; newest() == before; ++i) {
    ASSERT_LT(i, 1000) << "no snapshot is written";
    const std::string id = "tidy" + std::to_string(i);
    ASSERT_TRUE(catalog.Commit({.added = {{.tenant = "t", .id = id, .format = 1}}}).ok());
  }
  const std::set<std::string> files = CatalogFilesOf(objects);
  EXPECT_EQ(files, NeededCatalogFiles(files));
}

}  // namespace clew::store

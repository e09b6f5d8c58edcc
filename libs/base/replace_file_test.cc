// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/fault_storage.h"
#include "base/memory_storage.h"

namespace clew::base {
namespace {

std::string ContentsOf(Storage& storage, const std::string& path) {
  return storage.Open(path, Storage::Mode::kRead).value()->Read(0, 100).value();
}

TEST(ReplaceFile, TheNewOneLastsOnceItReturns) {
  MemoryStorage storage;
  ASSERT_TRUE(storage.MakeDirectories("d").ok());
  ASSERT_TRUE(storage.SyncDirectory("/").ok());
  ASSERT_TRUE(ReplaceFile(storage, "d", "f", "old").ok());
  ASSERT_TRUE(ReplaceFile(storage, "d", "f", "new").ok());
  EXPECT_EQ(ContentsOf(*storage.AfterPowerCut(), "d/f"), "new");
  EXPECT_EQ(storage.Paths(), (std::vector<std::string>{"d/f"}));
}

TEST(ReplaceFile, AFailureAtAnyCallLeavesTheOldOneAndTheNextTryWorks) {
  for (uint64_t at = 0; at < 5; ++at) {
    MemoryStorage storage;
    ASSERT_TRUE(storage.MakeDirectories("d").ok());
    ASSERT_TRUE(ReplaceFile(storage, "d", "f", "old").ok());
    FaultStorage faults(storage, {.at = at});
    const bool replaced = ReplaceFile(faults, "d", "f", "new").ok();
    const std::string kept = ContentsOf(storage, "d/f");
    EXPECT_TRUE(kept == "old" || kept == "new") << at << ": " << kept;
    if (replaced) {
      EXPECT_EQ(kept, "new") << at;
    }
    EXPECT_TRUE(ReplaceFile(storage, "d", "f", "again").ok()) << at;
    EXPECT_EQ(ContentsOf(storage, "d/f"), "again") << at;
  }
}

}  // namespace
}  // namespace clew::base

// SPDX-License-Identifier: Apache-2.0
#include "base/watched_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"

namespace clew::base {
namespace {

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
}

TEST(WatchedFile, TellsOnceOfEachState) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/f";
  WatchedFile file(path);
  auto told = file.Changed();
  ASSERT_TRUE(told.has_value());
  EXPECT_FALSE(told->ok());
  EXPECT_NE(told->error().message.find(path + ": No such file"), std::string::npos);
  EXPECT_FALSE(file.Changed().has_value());

  Write(path, "one");
  told = file.Changed();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->value(), "one");
  EXPECT_FALSE(file.Changed().has_value());

  // Put in its place, as editors do.
  Write(path + ".new", "two");
  std::filesystem::rename(path + ".new", path);
  told = file.Changed();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->value(), "two");

  std::filesystem::remove(path);
  told = file.Changed();
  ASSERT_TRUE(told.has_value());
  EXPECT_FALSE(told->ok());
}

}  // namespace
}  // namespace clew::base

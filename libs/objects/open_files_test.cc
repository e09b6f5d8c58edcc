// SPDX-License-Identifier: Apache-2.0
#include "objects/open_files.h"

#include <gtest/gtest.h>

#include <string>

#include "base/memory_storage.h"

namespace clew::objects {
namespace {

class OpenFilesTest : public testing::Test {
 protected:
  OpenFilesTest() {
    for (const char* const path : {"a", "b", "c"}) {
      EXPECT_TRUE(storage_.Open(path, base::Storage::Mode::kCreate).ok());
    }
  }
  OpenFiles::File Get(const std::string& path) {
    return files_
        .Get(path,
             [&] {
               ++opened_;
               return storage_.Open(path, base::Storage::Mode::kRead);
             })
        .value();
  }

  base::MemoryStorage storage_;
  OpenFiles files_{2};
  int opened_ = 0;
};

TEST_F(OpenFilesTest, OpensAFileOnceAndLetsGoOfTheOneThatWasUsedLongestAgo) {
  const OpenFiles::File a = Get("a");
  Get("b");
  EXPECT_EQ(Get("a"), a);
  EXPECT_EQ(opened_, 2);
  Get("c");  // instead of b
  EXPECT_EQ(Get("a"), a);
  EXPECT_EQ(opened_, 3);
  Get("b");
  EXPECT_EQ(opened_, 4);
}

TEST_F(OpenFilesTest, OpensAgainWhatItWasToldToForget) {
  Get("a");
  files_.Forget("a");
  files_.Forget("a");
  Get("a");
  EXPECT_EQ(opened_, 2);
}

TEST_F(OpenFilesTest, KeepsNoErrors) {
  const auto failed =
      files_.Get("d", [&] { return storage_.Open("d", base::Storage::Mode::kRead); });
  EXPECT_FALSE(failed.ok());
  EXPECT_TRUE(storage_.Open("d", base::Storage::Mode::kCreate).ok());
  EXPECT_NE(Get("d"), nullptr);
}

}  // namespace
}  // namespace clew::objects

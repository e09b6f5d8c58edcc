// SPDX-License-Identifier: Apache-2.0
#include "serve/saved_searches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fault_storage.h"
#include "base/memory_storage.h"
#include "base/replace_file.h"
#include "serve/limits.h"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace clew::serve {
namespace {

const SavedSearch kErrors{.name = "errors", .query = "{ status = error }", .order = "newest"};
const SavedSearch kSlow{.name = "slow \"ones\"", .query = "", .order = "slowest"};

class SavedSearchesTest : public testing::Test {
 protected:
  SavedSearchesTest() {
    EXPECT_TRUE(storage_.MakeDirectories("data").ok());
    EXPECT_TRUE(storage_.SyncDirectory("/").ok());
  }

  base::MemoryStorage storage_;
};

TEST_F(SavedSearchesTest, WhatIsPutLastsAndIsListedByName) {
  {
    SavedSearches searches(storage_, "data");
    ASSERT_TRUE(searches.Put("a", kSlow).ok());
    ASSERT_TRUE(searches.Put("a", kErrors).ok());
  }
  const auto storage = storage_.AfterPowerCut();
  EXPECT_THAT(SavedSearches(*storage, "data").List("a").value(), ElementsAre(kErrors, kSlow));
}

TEST_F(SavedSearchesTest, ATenantSeesItsOwnAlone) {
  SavedSearches searches(storage_, "data");
  ASSERT_TRUE(searches.Put("a", kErrors).ok());
  EXPECT_THAT(searches.List("b").value(), IsEmpty());
  EXPECT_FALSE(searches.Remove("b", "errors").value());
  EXPECT_TRUE(searches.Remove("a", "errors").value());
  EXPECT_THAT(searches.List("a").value(), IsEmpty());
  EXPECT_FALSE(searches.Remove("a", "errors").value());
}

TEST_F(SavedSearchesTest, OneOfTheSameNameGivesWay) {
  SavedSearches searches(storage_, "data");
  ASSERT_TRUE(searches.Put("a", kErrors).ok());
  const SavedSearch other{.name = "errors", .query = "{ .a }", .order = "slowest"};
  ASSERT_TRUE(searches.Put("a", other).ok());
  EXPECT_THAT(searches.List("a").value(), ElementsAre(other));
}

TEST_F(SavedSearchesTest, ThereIsAnEndToThem) {
  SavedSearches searches(storage_, "data");
  for (size_t i = 0; i < kMaxSavedSearches; ++i) {
    ASSERT_TRUE(
        searches.Put("a", {.name = std::to_string(i), .query = {}, .order = "newest"}).ok());
  }
  EXPECT_EQ(searches.Put("a", kErrors).error().code, base::ErrorCode::kExhausted);
  EXPECT_TRUE(searches.Put("a", {.name = "7", .query = "{ }", .order = "newest"}).ok());
  EXPECT_TRUE(searches.Put("b", kErrors).ok());
}

TEST_F(SavedSearchesTest, AfterAFailureAllIsAsItWas) {
  base::FaultStorage faults(storage_, {.kind = base::FaultStorage::Call::kSync, .at = 1});
  SavedSearches searches(faults, "data");
  ASSERT_TRUE(searches.Put("a", kErrors).ok());
  EXPECT_FALSE(searches.Put("a", kSlow).ok());
  EXPECT_THAT(searches.List("a").value(), ElementsAre(kErrors));
  EXPECT_THAT(SavedSearches(storage_, "data").List("a").value(), ElementsAre(kErrors));
}

TEST_F(SavedSearchesTest, ADamagedFileIsLeftAsItIs) {
  for (const char* text : {"[]", "{\"a\":[{}]}", "{\"a\":[{\"name\":1}]}", "{"}) {
    ASSERT_TRUE(base::ReplaceFile(storage_, "data", "searches.json", text).ok());
    SavedSearches searches(storage_, "data");
    EXPECT_THAT(searches.List("a").error().message, HasSubstr("data/searches.json")) << text;
    EXPECT_FALSE(searches.Put("a", kErrors).ok()) << text;
    const auto file = storage_.Open("data/searches.json", base::Storage::Mode::kRead).value();
    EXPECT_EQ(file->Read(0, 100).value(), text);
  }
}

}  // namespace
}  // namespace clew::serve

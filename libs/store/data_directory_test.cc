// SPDX-License-Identifier: Apache-2.0
#include "store/data_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "base/hash.h"
#include "base/memory_storage.h"

using testing::EndsWith;
using testing::HasSubstr;

namespace clew::store {
namespace {

class DataDirectoryTest : public testing::Test {
 protected:
  // Puts it in the place of store.json.
  void Write(const std::string& text) {
    if (storage_.Exists("data/store.json")) (void)storage_.Remove("data/store.json");
    ASSERT_TRUE(storage_.MakeDirectories("data").ok());
    const auto file = storage_.Open("data/store.json", base::Storage::Mode::kCreate);
    ASSERT_TRUE(file.value()->Write(0, text).ok());
  }
  static std::string WithChecksum(const std::string& numbers) {
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", base::Crc32c(numbers));
    return numbers + ",\"crc32c\":\"" + digits.data() + "\"}\n";
  }
  std::string Read() {
    return storage_.Open("data/store.json", base::Storage::Mode::kRead)
        .value()
        ->Read(0, 4096)
        .value();
  }
  base::Result<DataDirectory> Open() { return OpenDataDirectory(storage_, "data"); }

  base::MemoryStorage storage_;
};

TEST_F(DataDirectoryTest, SaysThatTheCatalogHasOneShard) {
  const uint64_t node = Open().value().node;
  EXPECT_EQ(Read(), WithChecksum("{\"format\":1,\"node\":" + std::to_string(node) +
                                 ",\"epoch\":1,\"shards\":1"));
  const DataDirectory again = Open().value();
  EXPECT_EQ(again.node, node);
  EXPECT_EQ(again.epoch, 2u);
}

TEST_F(DataDirectoryTest, WithoutTheNumberOfShardsThereIsOne) {
  Write(WithChecksum("{\"format\":1,\"node\":7,\"epoch\":3"));
  EXPECT_EQ(Open().value().epoch, 4u);
  EXPECT_EQ(Read(), WithChecksum("{\"format\":1,\"node\":7,\"epoch\":4,\"shards\":1"));
}

TEST_F(DataDirectoryTest, OfAnotherNumberOfShardsIsRefusedAndLeftAsItIs) {
  const std::string many = WithChecksum("{\"format\":1,\"node\":7,\"epoch\":3,\"shards\":16");
  Write(many);
  const auto refused = Open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message,
              HasSubstr("data/store.json says that the catalog has 16 shards"));
  EXPECT_EQ(LookAtDataDirectory(storage_, "data").error().code, base::ErrorCode::kUnsupported);
  EXPECT_EQ(Read(), many);
}

TEST_F(DataDirectoryTest, AChangedNumberIsFoundByTheChecksum) {
  std::string text = WithChecksum("{\"format\":1,\"node\":7,\"epoch\":3,\"shards\":1");
  text.replace(text.find('3'), 1, "4");
  Write(text);
  const auto refused = Open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kCorruption);
  EXPECT_THAT(refused.error().message, EndsWith("does not have its checksum"));
}

}  // namespace
}  // namespace clew::store

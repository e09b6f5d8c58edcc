// SPDX-License-Identifier: Apache-2.0
#include "ingest/redact/keyed_hash.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"

namespace clew::ingest {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

std::string Written(const base::TemporaryFolder& folder, const std::string& text) {
  std::ofstream(folder.path() + "/key") << text;
  return folder.path() + "/key";
}

// The first half of test case 2 of RFC 4231, whose key is shorter than one from a file may be.
TEST(KeyedHash, IsTheFirstHalfOfTheHmac) {
  EXPECT_EQ(KeyedHash("Jefe").Of("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c7");
}

TEST(KeyedHash, TakesTheKeyOfAFileWithoutWhiteSpaceAtItsEnd) {
  const base::TemporaryFolder folder;
  const std::string path = Written(folder, "0123456789abcdef\r\n");
  const auto hash = KeyedHash::FromFile(base::Storage::Local(), path);
  EXPECT_EQ(hash.value().Of("x"), KeyedHash("0123456789abcdef").Of("x"));
  EXPECT_NE(hash.value().Of("x"), KeyedHash("0123456789abcdeg").Of("x"));
}

TEST(KeyedHash, AShortKeyIsRefused) {
  const base::TemporaryFolder folder;
  const std::string path = Written(folder, "secret\n");
  EXPECT_THAT(KeyedHash::FromFile(base::Storage::Local(), path).error().message,
              HasSubstr("must hold a key of at least 16 bytes, it has 6"));
}

TEST(KeyedHash, TheKeyOfADirectoryIsMadeOnceForItsOwner) {
  const base::TemporaryFolder folder;
  const base::TemporaryFolder other;
  base::Storage& storage = base::Storage::Local();
  const std::string hash = KeyedHash::OfDirectory(storage, folder.path()).value().Of("x");
  EXPECT_THAT(hash, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(KeyedHash::OfDirectory(storage, folder.path()).value().Of("x"), hash);
  EXPECT_NE(KeyedHash::OfDirectory(storage, other.path()).value().Of("x"), hash);
  EXPECT_EQ(std::filesystem::status(folder.path() + "/redact.key").permissions(),
            std::filesystem::perms::owner_read);
}

}  // namespace
}  // namespace clew::ingest

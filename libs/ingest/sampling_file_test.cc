// SPDX-License-Identifier: Apache-2.0
#include "ingest/sampling_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "base/temporary_folder.h"

namespace clew::ingest {
namespace {

using testing::HasSubstr;

class SamplingFileTest : public testing::Test {
 protected:
  SamplingFileTest() { base::SetLogSilent(); }

  // Another file under the same name, as editors leave it.
  void Write(std::string_view text) {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }
  void WriteRate(std::string_view rate) {
    Write(R"({"default_strategy":{"type":"probabilistic","param":)" + std::string(rate) + "}}");
  }
  static double RateOf(const SamplingFile& file) { return file.strategies()->Of("a").rate; }

  const base::TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/strategies.json";
};

TEST_F(SamplingFileTest, IsReadAgainWhenItChanges) {
  WriteRate("0.5");
  const auto file = SamplingFile::Open(path_).value();
  EXPECT_EQ(RateOf(*file), 0.5);
  WriteRate("0.1");
  EXPECT_EQ(RateOf(*file), 0.5);
  file->ReadIfChanged();
  EXPECT_EQ(RateOf(*file), 0.1);
}

TEST_F(SamplingFileTest, KeepsWhatItHadWhileTheFileIsWrongOrGone) {
  WriteRate("0.5");
  const auto file = SamplingFile::Open(path_).value();
  WriteRate("7");
  file->ReadIfChanged();
  EXPECT_EQ(RateOf(*file), 0.5);
  std::filesystem::remove(path_);
  file->ReadIfChanged();
  EXPECT_EQ(RateOf(*file), 0.5);
  WriteRate("0.25");
  file->ReadIfChanged();
  EXPECT_EQ(RateOf(*file), 0.25);
}

TEST_F(SamplingFileTest, SaysWhatIsWrongWithTheFirst) {
  const auto missing = SamplingFile::Open(path_);
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr(path_));
  Write("nonsense");
  const auto wrong = SamplingFile::Open(path_);
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr("sampling strategies: "));
}

TEST_F(SamplingFileTest, MayBeNone) {
  EXPECT_EQ(RateOf(*SamplingFile::Open("").value()), 1);
}

}  // namespace
}  // namespace clew::ingest

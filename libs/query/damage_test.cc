// SPDX-License-Identifier: Apache-2.0
// Any damage to any file of a data directory: an answer is right, or says by name what it
// lacks, or the store does not start and says why. CLEW_DEEP=1 flips every byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "query/search.h"
#include "query/trace_lookup.h"
#include "store/random_spans_fixture.h"
#include "store/trace_store.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;
using testing::HasSubstr;

constexpr std::string_view kTenant = "t";

// What a directory holds, by path; without the lock.
using Files = std::map<std::string, std::string>;

Files ReadFiles(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name == "LOCK") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[name] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

void WriteFiles(const Files& files, const fs::path& folder) {
  fs::remove_all(folder);
  for (const auto& [name, bytes] : files) {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }
}

// All that a store says.
struct Answers {
  std::string start_error;                                 // why there is none
  std::map<std::string, std::vector<std::string>> traces;  // texts of the spans by id
  std::string search;
  std::string left_out;  // reasons
};

SearchRequest Everything() {
  SearchRequest request;
  request.limit = 1000;
  return request;
}

std::string TextOf(const SearchResult& result) {
  std::string text;
  for (const TraceSummary& trace : result.traces) {
    text += trace.trace_id.ToHex() + " " + trace.root_service + " " + trace.root_name + " " +
            std::to_string(trace.start_unix_nano) + " " + std::to_string(trace.duration_ns);
    for (const ServiceStats& service : trace.services) {
      text += " " + service.service + " " + std::to_string(service.span_count);
    }
    text += "\n";
  }
  return text;
}

// Of a file: all of a small one, and as many by chance of a large one, each of which takes the
// time of a start.
constexpr uint64_t kMostPlaces = 1000;

class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    MakeFiles();
    expected_ = AnswersOf(files_);
    EXPECT_TRUE(expected_.start_error.empty()) << expected_.start_error;
    EXPECT_TRUE(expected_.left_out.empty()) << expected_.left_out;
  }

  base::Result<std::unique_ptr<store::TraceStore>> Open() const {
    store::TraceStoreOptions options{.directory = folder_, .fsync = false};
    options.wal_segment_bytes = 16 << 10;
    auto store =
        TRY(store::TraceStore::Open(base::Storage::Local(), base::Clock::System(), options));
    TRY(store->Replay([](const store::ReplayProgress&) {}));
    return store;
  }

  static void Append(store::TraceStore& store, const std::string& body) {
    std::promise<bool> stored;
    store.AppendAsync(
        {.tenant = kTenant,
         .format = wire::Format::kOtlpProtobuf,
         .encoding = wire::ContentEncoding::kIdentity,
         .body = body,
         .plain = body},
        [&](const base::Result<store::Appended>& appended) { stored.set_value(appended.ok()); });
    ASSERT_TRUE(stored.get_future().get());
  }

  // Two blocks, log behind them that is in none, and what a start before left.
  void MakeFiles() {
    Random random(3);
    const auto body = [&] {
      wire::OtlpWriter writer;
      store::WriteRandomSpans(random, 4, writer);
      return writer.Take();
    };
    {
      const auto store = Open().value();
    }
    const auto store = Open().value();
    for (int block = 0; block < 2; ++block) {
      for (int i = 0; i < 2; ++i) Append(*store, body());
      ASSERT_TRUE(store->Flush().ok());
    }
    for (int i = 0; i < 3; ++i) Append(*store, body());
    ids_ = IdsOf(*store);
    files_ = ReadFiles(folder_);
  }

  static std::vector<model::TraceId> IdsOf(const store::TraceStore& store) {
    std::vector<model::TraceId> ids;
    const auto found = Search(store.SourcesOf(kTenant), Everything());
    EXPECT_TRUE(found.ok());
    for (const TraceSummary& trace : found.value().traces) ids.push_back(trace.trace_id);
    return ids;
  }

  // What a store says that is started on these files.
  Answers AnswersOf(const Files& files) const {
    WriteFiles(files, folder_);
    const auto store = Open();
    if (!store.ok()) {
      Answers none;
      none.start_error = store.error().message;
      return none;
    }
    return AnswersOf(store.value()->SourcesOf(kTenant));
  }

  Answers AnswersOf(const store::Sources& sources) const {
    Answers answers;
    LeftOut left_out;
    for (const model::TraceId& id : ids_) {
      store::SpanTexts texts;
      const auto written = WriteTrace(sources, id, texts, {}, &left_out);
      EXPECT_TRUE(written.ok()) << written.error().message;
      answers.traces[id.ToHex()] = texts.Sorted();
    }
    const auto found = Search(sources, Everything(), {}, &left_out);
    EXPECT_TRUE(found.ok()) << found.error().message;
    if (found.ok()) answers.search = TextOf(found.value());
    for (const std::string& reason : left_out.reasons()) answers.left_out += reason + "\n";
    return answers;
  }

  // The same for a block's file, which no start reads: of blocks that are opened anew.
  Answers AnswersOfBlocks(const std::string& name, const std::string& damaged) {
    if (open_ == nullptr) {
      WriteFiles(files_, folder_);
      open_ = std::move(Open()).value();
    }
    std::ofstream(folder_ / name, std::ios::binary) << damaged;
    store::Sources sources = open_->SourcesOf(kTenant);
    const auto objects =
        std::move(objects::LocalObjectStore::Open(base::Storage::Local(), folder_)).value();
    for (auto& block : sources.blocks) {
      block = std::make_shared<const store::Block>(*objects, block->description());
    }
    Answers answers = AnswersOf(sources);
    std::ofstream(folder_ / name, std::ios::binary) << files_.at(name);
    return answers;
  }

  // That nothing is in the answers that should not be.
  void ExpectNothingWrong(const Answers& answers) const {
    for (const auto& [id, texts] : answers.traces) {
      EXPECT_TRUE(std::ranges::includes(expected_.traces.at(id), texts)) << id;
    }
  }

  void ExpectKnown(const std::string& name, const std::string& bytes) {
    Answers answers;
    if (name.starts_with("blocks/")) {
      answers = AnswersOfBlocks(name, bytes);
    } else {
      Files damaged = files_;
      damaged[name] = bytes;
      answers = AnswersOf(damaged);
    }
    ExpectNothingWrong(answers);
    if (answers.traces == expected_.traces && answers.search == expected_.search) return;
    ++noticed_;
    if (!answers.start_error.empty()) {
      EXPECT_THAT(answers.start_error, HasSubstr(name));
      return;
    }
    if (name.ends_with(".wal")) {
      EXPECT_TRUE(fs::exists(folder_ / "wal/damaged")) << "nothing was kept aside";
    } else {
      const std::string file = fs::path(name).filename();
      EXPECT_THAT(answers.left_out, HasSubstr(file));
    }
  }

  const base::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  std::vector<model::TraceId> ids_;
  Files files_;
  Answers expected_;
  size_t noticed_ = 0;  // damage that made a difference
  std::unique_ptr<store::TraceStore> open_;
};

TEST_F(DamageTest, EveryFlippedByteIsKnownOrHarmless) {
  Random random(11);
  for (const auto& [name, bytes] : files_) {
    const size_t sample = name.starts_with("blocks/") ? 30 : 12;  // a start takes its time
    const size_t flips = std::min(bytes.size(), base::TestRounds(sample, kMostPlaces));
    for (size_t i = 0; i < flips; ++i) {
      // Of a log the most is free space.
      const size_t room = name.ends_with(".wal") && !base::DeepTests()
                              ? std::min<size_t>(bytes.size(), 6000)
                              : bytes.size();
      const size_t at = flips == bytes.size() ? i : random() % room;
      SCOPED_TRACE(name + " byte " + std::to_string(at));
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      ExpectKnown(name, damaged);
    }
  }
  EXPECT_GT(noticed_, 3U);
}

TEST_F(DamageTest, EveryCutFileIsKnown) {
  Random random(12);
  for (const auto& [name, bytes] : files_) {
    // Where a log ends between two records nothing tells that there were more.
    if (name.ends_with(".wal")) continue;
    const size_t cuts = std::min(bytes.size(), base::TestRounds(8, kMostPlaces));
    for (size_t i = 0; i < cuts; ++i) {
      const size_t size = cuts == bytes.size() || i == 0 ? i : random() % bytes.size();
      SCOPED_TRACE(name + " cut to " + std::to_string(size));
      ExpectKnown(name, bytes.substr(0, size));
    }
  }
}

TEST_F(DamageTest, ACutLogKeepsWhatIsBeforeTheCut) {
  Random random(13);
  for (const auto& [name, bytes] : files_) {
    if (!name.ends_with(".wal")) continue;
    for (int i = 0; i < 20; ++i) {
      const size_t size = random() % std::min<size_t>(bytes.size(), 6000);
      SCOPED_TRACE(name + " cut to " + std::to_string(size));
      Files damaged = files_;
      damaged[name].resize(size);
      const Answers answers = AnswersOf(damaged);
      EXPECT_EQ(answers.start_error, "");
      ExpectNothingWrong(answers);
    }
  }
}

TEST_F(DamageTest, AMissingFileOfABlockIsNamed) {
  for (const auto& [name, bytes] : files_) {
    if (!name.starts_with("blocks/") || name.ends_with("meta.json")) continue;
    SCOPED_TRACE(name);
    Files damaged = files_;
    damaged.erase(name);
    const Answers answers = AnswersOf(damaged);
    EXPECT_EQ(answers.start_error, "");
    ExpectNothingWrong(answers);
    EXPECT_THAT(answers.left_out, HasSubstr(fs::path(name).filename()));
  }
}

}  // namespace
}  // namespace clew::query

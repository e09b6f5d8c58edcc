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

#include "base/set_clock.h"
#include "base/temporary_folder.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "query/pruned_answers_fixture.h"
#include "query/search.h"
#include "query/trace_lookup.h"
#include "store/catalog.h"
#include "store/random_spans_fixture.h"
#include "store/trace_store.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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
  std::string left_out;              // reasons
  std::vector<PrunedAnswer> pruned;  // by question
};

using For = PrunedQuestion::For;

// What the random spans have some of.
const PrunedQuestion kQuestions[] = {
    {.asked = For::kTraces, .text = "{ name = `shop` }"},
    {.asked = For::kTraces, .text = "{ instrumentation:name = `scope` }"},
    {.asked = For::kTraces, .text = "{ duration > 60ns }"},
    {.asked = For::kNumbers,
     .text = "{ status = error } | count_over_time() by (kind)",
     .range = {.start_unix_nano = 0, .end_unix_nano = 1000}},
    {.asked = For::kTagValues, .text = "http.method"},
    {.asked = For::kUsualTimes, .text = "usual times"},
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
    for (const PrunedAnswer& answer : expected_.pruned) EXPECT_TRUE(answer.notes.empty());
  }

  base::Result<std::unique_ptr<store::TraceStore>> Open(size_t fan_in = 8) const {
    store::TraceStoreOptions options{.directory = folder_, .fsync = false};
    options.wal_segment_bytes = 16 << 10;
    options.compaction.fan_in = fan_in;
    auto store = TRY(store::TraceStore::Open(base::Storage::Local(), clock_, options));
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

  // A merged block and a snapshot of the catalog, two blocks that came later, log behind them
  // that is in none, and what a start before left.
  void MakeFiles() {
    {
      const auto store = Open(2).value();
      Flush(*store);
      Flush(*store);
      ASSERT_TRUE(store->Compact().ok());
      ASSERT_EQ(store->counters().merges, 1U);
    }
    WriteSnapshot();
    const auto store = Open().value();
    Flush(*store);
    Flush(*store);
    for (int i = 0; i < 3; ++i) Append(*store, Body());
    ids_ = IdsOf(*store);
    files_ = ReadFiles(folder_);
  }

  std::string Body() {
    wire::OtlpWriter writer;
    store::WriteRandomSpans(of_bodies_, 4, writer);
    return writer.Take();
  }

  void Flush(store::TraceStore& store) {
    for (int i = 0; i < 2; ++i) Append(store, Body());
    ASSERT_TRUE(store.Flush().ok());
  }

  // A catalog without its beginning.
  void WriteSnapshot() {
    const auto objects =
        std::move(objects::LocalObjectStore::Open(base::Storage::Local(), folder_)).value();
    const auto catalog = store::Catalog::Open(*objects, clock_, {.snapshot_bytes = 1}).value();
    ASSERT_TRUE(catalog->Commit({}).ok());
    // Of entries larger than the state the next snapshot is made; it keeps no deletions.
    const store::CatalogDeletion nothing{.tenant = "nobody"};
    ASSERT_TRUE(
        catalog->Commit({.deletions = std::vector<store::CatalogDeletion>(2000, nothing)}).ok());
    ASSERT_TRUE(fs::exists(folder_ / "catalog/0/trimmed"));
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
    for (const PrunedQuestion& question : kQuestions) {
      const auto answer = AnswerOf(question, sources);
      EXPECT_TRUE(answer.ok()) << answer.error().message;
      if (answer.ok()) answers.pruned.push_back(answer.value());
    }
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
    for (size_t i = 0; i < answers.pruned.size(); ++i) {
      EXPECT_TRUE(std::ranges::includes(expected_.pruned[i].parts, answers.pruned[i].parts))
          << kQuestions[i].text << "\n"
          << answers.pruned[i].text;
    }
  }

  // The questions that have other answers.
  std::vector<size_t> OtherAnswers(const Answers& answers) const {
    std::vector<size_t> others;
    for (size_t i = 0; i < answers.pruned.size(); ++i) {
      if (answers.pruned[i].text != expected_.pruned[i].text) others.push_back(i);
    }
    return others;
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
    const bool same = answers.traces == expected_.traces && answers.search == expected_.search;
    const std::vector<size_t> others = OtherAnswers(answers);
    if (same && others.empty()) return;
    ++noticed_;
    if (!answers.start_error.empty()) {
      EXPECT_THAT(answers.start_error, HasSubstr(name));
      return;
    }
    if (name.ends_with(".wal")) {
      EXPECT_TRUE(fs::exists(folder_ / "wal/damaged")) << "nothing was kept aside";
    } else {
      const std::string file = fs::path(name).filename();
      if (!same) {
        EXPECT_THAT(answers.left_out, HasSubstr(file));
      }
      for (const size_t i : others) {
        EXPECT_THAT(testing::PrintToString(answers.pruned[i].notes.reasons()), HasSubstr(file));
      }
    }
  }

  // No hour is ever over, so that no blocks are merged behind the test's back.
  mutable base::SetClock clock_{1'700'000'000'000'000'000};
  Random of_bodies_{3};
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
    const size_t sample = name.starts_with("blocks/") ? 20 : 8;  // a start takes its time
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
    const size_t cuts = std::min(bytes.size(), base::TestRounds(5, kMostPlaces));
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
    std::string reasons = answers.left_out;
    for (const PrunedAnswer& answer : answers.pruned) {
      reasons += testing::PrintToString(answer.notes.reasons());
    }
    EXPECT_THAT(reasons, HasSubstr(fs::path(name).filename()));
  }
}

TEST_F(DamageTest, HasAFileOfEveryKindAndAnAnswerToEveryQuestion) {
  const auto count = [&](std::string_view begin, std::string_view end) {
    return std::ranges::count_if(files_, [&](const auto& file) {
      return file.first.starts_with(begin) && file.first.ends_with(end);
    });
  };
  EXPECT_EQ(count("blocks/", "spans.parquet"), 3);
  EXPECT_EQ(count("blocks/", "usual_times.bin"), 1);
  EXPECT_EQ(count("catalog/0/", ".snapshot"), 2);
  EXPECT_EQ(count("catalog/0/", "trimmed"), 1);
  for (size_t i = 0; i < expected_.pruned.size(); ++i) {
    EXPECT_THAT(expected_.pruned[i].parts, Not(IsEmpty())) << kQuestions[i].text;
  }
}

}  // namespace
}  // namespace clew::query

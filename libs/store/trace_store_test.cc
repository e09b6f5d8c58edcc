// SPDX-License-Identifier: Apache-2.0
#include "store/trace_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <vector>

#include "wire/otlp_writer.h"

using testing::HasSubstr;

namespace clew::store {
namespace {

constexpr std::string_view kTenant = "tenant";

model::TraceId TraceOf(uint8_t number) {
  model::TraceId id;
  id.bytes[15] = number;
  return id;
}

// An OTLP body with one span of that trace.
std::string BodyOf(uint8_t number) {
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnScope({});
  writer.OnSpan({.trace_id = TraceOf(number),
                 .span_id = *model::SpanId::FromHex("1"),
                 .parent_span_id = {},
                 .name = "op"});
  return writer.Take();
}

// Fails the n-th file call that writes; passes all others on.
class FailingStorage final : public base::Storage {
 public:
  explicit FailingStorage(int fail_at) : fail_at_(fail_at) {}
  bool failed() const { return calls_ > fail_at_; }

  base::Result<std::unique_ptr<base::File>> Open(const std::string& path, Mode mode) override {
    if (mode == Mode::kCreate) TRY(Count("create"));
    auto file = TRY(local_.Open(path, mode));
    return std::unique_ptr<base::File>(std::make_unique<FailingFile>(*this, std::move(file)));
  }
  base::Status MakeDirectories(const std::string& path) override {
    return local_.MakeDirectories(path);
  }
  base::Result<std::vector<std::string>> List(const std::string& path) override {
    return local_.List(path);
  }
  base::Status Remove(const std::string& path) override { return local_.Remove(path); }
  base::Status Rename(const std::string& from, const std::string& to) override {
    TRY(Count("rename"));
    return local_.Rename(from, to);
  }
  base::Status SyncDirectory(const std::string& path) override {
    TRY(Count("sync directory"));
    return local_.SyncDirectory(path);
  }
  bool Exists(const std::string& path) override { return local_.Exists(path); }
  base::Result<std::unique_ptr<base::File>> Lock(const std::string& path) override {
    return local_.Lock(path);
  }

 private:
  class FailingFile final : public base::File {
   public:
    FailingFile(FailingStorage& storage, std::unique_ptr<base::File> file)
        : storage_(storage), file_(std::move(file)) {}
    base::Status Write(uint64_t offset, std::string_view bytes) override {
      base::Status counted = storage_.Count("write");
      if (counted.ok()) return file_->Write(offset, bytes);
      TRY(file_->Write(offset, bytes.substr(0, bytes.size() / 2)));  // A torn write.
      return counted;
    }
    base::Result<std::string> Read(uint64_t offset, size_t size) override {
      return file_->Read(offset, size);
    }
    base::Status Sync() override {
      TRY(storage_.Count("sync"));
      return file_->Sync();
    }
    base::Status Truncate(uint64_t size) override {
      TRY(storage_.Count("truncate"));
      return file_->Truncate(size);
    }
    base::Status Allocate(uint64_t size) override {
      TRY(storage_.Count("allocate"));
      return file_->Allocate(size);
    }
    base::Result<uint64_t> Size() override { return file_->Size(); }

   private:
    FailingStorage& storage_;
    std::unique_ptr<base::File> file_;
  };

  base::Status Count(const char* what) {
    if (calls_++ == fail_at_)
      return base::Error{base::ErrorCode::kIo, std::string(what) + " fails"};
    return {};
  }

  base::Storage& local_ = base::Storage::Local();
  const int fail_at_;
  std::atomic<int> calls_{0};
};

class TraceStoreTest : public testing::Test {
 protected:
  TraceStoreTest() {
    std::string name = std::filesystem::temp_directory_path() / "clew-store-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~TraceStoreTest() override { std::filesystem::remove_all(folder_); }

  base::Result<std::unique_ptr<TraceStore>> Open(base::Storage& storage = base::Storage::Local(),
                                                 uint64_t limit = uint64_t{64} << 20) {
    auto store = TRY(TraceStore::Open(storage, base::Clock::System(),
                                      {.directory = folder_, .memory_limit_bytes = limit}));
    TRY(store->Replay([](const ReplayProgress&) {}));
    return store;
  }

  static base::Result<Appended> AppendTo(TraceStore& store, const std::string& body) {
    std::promise<base::Result<Appended>> promise;
    store.AppendAsync({.tenant = kTenant,
                       .format = wire::Format::kOtlpProtobuf,
                       .encoding = wire::ContentEncoding::kIdentity,
                       .body = body,
                       .plain = body},
                      [&](base::Result<Appended> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  static size_t SpansOf(const TraceStore& store, uint8_t number) {
    const auto memtable = store.MemtableOf(kTenant);
    return memtable == nullptr ? 0 : memtable->RowsOf(TraceOf(number)).size();
  }

  std::string folder_;
};

TEST_F(TraceStoreTest, AnAckedSpanIsVisibleAndThereAfterARestart) {
  {
    auto store = Open().value();
    EXPECT_TRUE(AppendTo(*store, BodyOf(1)).ok());
    EXPECT_EQ(SpansOf(*store, 1), 1u);
  }
  EXPECT_EQ(SpansOf(*Open().value(), 1), 1u);
}

TEST_F(TraceStoreTest, ABodySentAgainIsStoredOnceAlsoAfterARestart) {
  {
    auto store = Open().value();
    EXPECT_FALSE(AppendTo(*store, BodyOf(1)).value().duplicate);
    EXPECT_TRUE(AppendTo(*store, BodyOf(1)).value().duplicate);
    EXPECT_EQ(SpansOf(*store, 1), 1u);
  }
  auto store = Open().value();
  EXPECT_TRUE(AppendTo(*store, BodyOf(1)).value().duplicate);
  EXPECT_EQ(SpansOf(*store, 1), 1u);
}

TEST_F(TraceStoreTest, PastTheMemoryLimitNothingIsStored) {
  auto store = Open(base::Storage::Local(), 10).value();
  EXPECT_EQ(AppendTo(*store, BodyOf(1)).error().code, base::ErrorCode::kExhausted);
  EXPECT_EQ(SpansOf(*store, 1), 0u);
}

TEST_F(TraceStoreTest, ASecondStoreOnTheDirectoryIsRefusedWithThePid) {
  auto store = Open().value();
  EXPECT_THAT(Open().error().message, HasSubstr(std::to_string(getpid())));
}

TEST_F(TraceStoreTest, ANewerStoreFormatIsRefused) {
  {
    auto store = Open().value();
  }
  std::filesystem::remove(folder_ + "/store.json");
  auto file = base::Storage::Local().Open(folder_ + "/store.json", base::Storage::Mode::kCreate);
  ASSERT_TRUE(file.value()->Write(0, "{\"format\":99,\"node\":1,\"epoch\":1}").ok());
  EXPECT_EQ(Open().error().code, base::ErrorCode::kUnsupported);
}

// Whatever call fails: what was acked is there after the restart, once.
TEST_F(TraceStoreTest, NoAckedSpanIsLostWhateverFileCallFails) {
  constexpr uint8_t kBodies = 4;
  for (int fail_at = 0;; ++fail_at) {
    std::vector<bool> acked(kBodies);
    FailingStorage storage(fail_at);
    {
      auto store = Open(storage);
      for (uint8_t i = 0; store.ok() && i < kBodies; ++i) {
        acked[i] = AppendTo(*store.value(), BodyOf(i + 1)).ok();
      }
    }
    auto store = Open().value();
    for (uint8_t i = 0; i < kBodies; ++i) {
      const size_t spans = SpansOf(*store, i + 1);
      ASSERT_LE(spans, 1u) << "call " << fail_at;
      if (acked[i]) {
        ASSERT_EQ(spans, 1u) << "call " << fail_at << ", body " << int{i};
      }
    }
    store.reset();
    std::filesystem::remove_all(folder_);
    if (!storage.failed()) break;  // The run came to its end without meeting the fault.
  }
}

}  // namespace
}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
// Random spans through a memtable into a block and back.
#include "store/block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "objects/local_object_store.h"
#include "store/block_writer.h"
#include "store/memtable_input.h"
#include "store/random_spans_fixture.h"
#include "store/row_reader.h"

using testing::IsEmpty;

namespace clew::store {
namespace {

class BlockTest : public testing::Test {
 protected:
  BlockTest() { objects_ = std::move(objects::LocalObjectStore::Open(storage_, "data")).value(); }

  BlockDescription Write(const Memtable& memtable, const BlockWriterOptions& options) {
    MemtableInput input(memtable);
    const auto written = WriteBlock(input, names_, *objects_, options);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return DescriptionOf(written.value(), options);
  }

  base::MemoryStorage storage_;
  std::unique_ptr<objects::LocalObjectStore> objects_;
  ColumnNames names_;
};

std::vector<std::string> ReadAll(const Memtable& memtable) {
  std::vector<uint32_t> rows(memtable.published_rows());
  for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  SpanTexts texts;
  ReadRows(memtable, rows, texts);
  return texts.Sorted();
}

std::vector<std::string> ReadAll(const Block& block) {
  SpanTexts texts;
  const auto read = block.ReadSpans({0, static_cast<uint32_t>(block.description().spans)}, texts);
  EXPECT_TRUE(read.ok()) << read.error().message;
  return texts.Sorted();
}

// Shows only where the first two that differ part.
void ExpectSame(const std::vector<std::string>& read, const std::vector<std::string>& expected) {
  ASSERT_EQ(read.size(), expected.size());
  for (size_t i = 0; i < read.size(); ++i) {
    const auto part = std::ranges::mismatch(read[i], expected[i]);
    if (part.in1 == read[i].end() && part.in2 == expected[i].end()) continue;
    const auto at = static_cast<size_t>(part.in1 - read[i].begin());
    const size_t from = at < 80 ? 0 : at - 80;
    FAIL() << "span " << i << " at " << at << "\n  read     …" << read[i].substr(from, 240)
           << "\n  expected …" << expected[i].substr(from, 240);
  }
}

TEST_F(BlockTest, GivesBackWhatTheMemtableHeld) {
  PageCache cache(uint64_t{64} << 20);
  for (uint64_t seed = 0; seed < base::TestRounds(60, 600); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Memtable memtable;
    WriteRandomSpans(random, 1 + random() % 200, memtable);
    memtable.Publish(memtable.FinishBody());
    if (memtable.published_rows() == 0) continue;
    const Block block(*objects_,
                      Write(memtable, {.tenant = "a tenant/" + std::to_string(seed),
                                       .block_id = "B" + std::to_string(seed),
                                       .max_attribute_columns = seed % 3 == 0 ? 5u : 512u,
                                       .rows_of_group = 50,
                                       .rows_of_page = 7}),
                      &cache);
    ASSERT_EQ(block.description().spans, memtable.published_rows());
    ExpectSame(ReadAll(block), ReadAll(memtable));
    // Each trace by its id, and nothing else.
    std::set<model::TraceId> ids;
    for (uint32_t row = 0; row < memtable.published_rows(); ++row)
      ids.insert(memtable.trace_id(row));
    EXPECT_EQ(block.description().traces, ids.size());
    for (const model::TraceId& id : ids) {
      const auto found = block.Find(id);
      ASSERT_TRUE(found.ok()) << found.error().message;
      ASSERT_EQ(found.value().size(), 1u);
      SpanTexts from_block;
      ASSERT_TRUE(block.ReadSpans(found.value()[0], from_block).ok());
      SpanTexts from_memtable;
      ReadRows(memtable, memtable.RowsOf(id), from_memtable);
      ExpectSame(from_block.Sorted(), from_memtable.Sorted());
    }
    model::TraceId absent;
    absent.bytes.fill(0xfe);
    EXPECT_THAT(block.Find(absent).value(), IsEmpty());
  }
}

// A summary made span by span, as the trace search makes it.
TraceRow SummaryOf(const Memtable& memtable, const model::TraceId& id) {
  TraceRow trace{.trace_id = id,
                 .start_unix_nano = INT64_MAX,
                 .end_unix_nano = INT64_MIN,
                 .last_start_unix_nano = INT64_MIN};
  std::map<std::string, ServiceCount> services;
  for (const uint32_t index : memtable.RowsOf(id)) {
    const SpanRow& row = memtable.row(index);
    ++trace.rows;
    trace.start_unix_nano = std::min(trace.start_unix_nano, row.start_unix_nano);
    trace.last_start_unix_nano = std::max(trace.last_start_unix_nano, row.start_unix_nano);
    trace.end_unix_nano = std::max({trace.end_unix_nano, row.start_unix_nano, row.end_unix_nano});
    ServiceOf service;
    ReadRows(memtable, {index}, service);
    ServiceCount& count = services[service.name];
    ++count.spans;
    if (memtable.traits_of(row).status_code == 2) {
      ++count.errors;
      ++trace.error_spans;
    }
    if (row.parent_span_id.IsValid()) continue;
    if (trace.root_found && std::tie(trace.root_start_unix_nano, trace.root_span_id) <=
                                std::tie(row.start_unix_nano, row.span_id)) {
      continue;
    }
    trace.root_found = true;
    trace.root_start_unix_nano = row.start_unix_nano;
    trace.root_span_id = row.span_id;
  }
  for (auto& [name, count] : services) {
    count.service = name;
    trace.services.push_back(count);
  }
  return trace;
}

TEST_F(BlockTest, SumsUpItsTraces) {
  for (uint64_t seed = 0; seed < base::TestRounds(60, 600); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Memtable memtable;
    WriteRandomSpans(random, 1 + random() % 100, memtable);
    memtable.Publish(memtable.FinishBody());
    if (memtable.published_rows() == 0) continue;
    const Block block(*objects_, Write(memtable, {.tenant = "t",
                                                  .block_id = "S" + std::to_string(seed),
                                                  .rows_of_group = 30}));
    const auto traces = block.ReadTraces(0, block.description().traces);
    ASSERT_TRUE(traces.ok()) << traces.error().message;
    uint64_t row = 0;
    for (TraceRow trace : traces.value()) {
      EXPECT_EQ(trace.first_row, row);
      row += trace.rows;
      TraceRow expected = SummaryOf(memtable, trace.trace_id);
      // Of spans equal in start and id either may be the root.
      trace.first_row = 0;
      trace.root_name = trace.root_service = "";
      EXPECT_EQ(trace, expected) << trace.trace_id.ToHex();
    }
    EXPECT_TRUE(std::ranges::is_sorted(traces.value(), {}, [](const TraceRow& trace) {
      return std::tie(trace.start_unix_nano, trace.trace_id);
    }));
  }
}

TEST_F(BlockTest, SaysWhichFileIsDamaged) {
  std::mt19937_64 random(1);
  Memtable memtable;
  WriteRandomSpans(random, 20, memtable);
  memtable.Publish(memtable.FinishBody());
  const BlockWriterOptions options{.tenant = "t", .block_id = "D"};
  const BlockDescription description = Write(memtable, options);
  const std::vector<std::string> expected = ReadAll(Block(*objects_, description));
  const std::string key = BlockPrefix("t", "D") + "spans.parquet";
  const std::string good = objects_->GetAll(key).value();
  for (size_t at = 0; at < good.size(); at += 1 + good.size() / 400) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    ASSERT_TRUE(objects_->Delete(key).ok());
    ASSERT_TRUE(objects_->Put(key, bad).ok());
    SpanTexts texts;
    const Block block(*objects_, description);
    const auto read = block.ReadSpans({0, static_cast<uint32_t>(description.spans)}, texts);
    if (read.ok()) {
      SCOPED_TRACE("byte " + std::to_string(at));
      ExpectSame(texts.Sorted(), expected);
    } else {
      EXPECT_THAT(read.error().message, testing::HasSubstr("block D")) << at;
    }
  }
}

}  // namespace
}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#include "serve/trace/trace_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "query/test_spans.h"

namespace clew::serve {
namespace {

using query::TestSpan;
using testing::ElementsAre;
constexpr uint32_t kNone = store::TreeNode::kNoParent;

// Reads what was written, by the page that describes it.
class Columns {
 public:
  explicit Columns(std::string bytes) : bytes_(std::move(bytes)) {
    size_t at = 32;
    while (at < bytes_.size()) {
      const auto id = base::LoadLittle<uint32_t>(bytes_.data() + at);
      const auto size = base::LoadLittle<uint32_t>(bytes_.data() + at + 4);
      columns_[id] = bytes_.substr(at + 8, size);
      at += 8 + (size + 7) / 8 * 8;
    }
  }
  template <typename T>
  std::vector<T> Of(TraceColumn column) const {
    const std::string& bytes = columns_.at(static_cast<uint32_t>(column));
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
  }
  std::vector<std::string> Texts(TraceColumn column) const {
    const std::vector<uint32_t> ends = Of<uint32_t>(TraceColumn::kTextEnd);
    const std::string& all = columns_.at(static_cast<uint32_t>(TraceColumn::kText));
    std::vector<std::string> texts;
    for (const uint32_t number : Of<uint32_t>(column)) {
      const uint32_t from = number == 0 ? 0 : ends[number - 1];
      texts.push_back(all.substr(from, ends[number] - from));
    }
    return texts;
  }
  const std::string& bytes() const { return bytes_; }
  size_t count() const { return columns_.size(); }

 private:
  const std::string bytes_;
  std::map<uint32_t, std::string> columns_;
};

class TraceColumnsOf : public testing::Test {
 protected:
  Columns Write(const std::vector<TestSpan>& spans) {
    query::Fill(memtable_, spans);
    return WriteFilled();
  }
  Columns WriteFilled() {
    const auto found = query::FindTrace(query::SourcesOf(memtable_), query::TraceOf(1)).value();
    return Columns(TraceColumns(found, TreeOf(found)));
  }
  store::Memtable memtable_;
};

TEST_F(TraceColumnsOf, BeginWithWhatTheyAreAndHowManySpans) {
  const Columns columns =
      Write({{.span = 1, .start = 1000}, {.span = 2, .parent = 1, .start = 1500}});
  EXPECT_EQ(columns.bytes().substr(0, 8), "CLEWTRC\n");
  EXPECT_EQ(base::LoadLittle<uint16_t>(columns.bytes().data() + 8), 1);
  EXPECT_EQ(base::LoadLittle<uint32_t>(columns.bytes().data() + 12), 2u);
  EXPECT_EQ(base::LoadLittle<int64_t>(columns.bytes().data() + 16), 1000);
  EXPECT_EQ(base::LoadLittle<uint64_t>(columns.bytes().data() + 24), columns.count());
  EXPECT_EQ(columns.bytes().size() % 8, 0u);
}

TEST_F(TraceColumnsOf, GoDepthFirstWithParentsBeforeTheirChildren) {
  const Columns columns = Write({{.span = 3, .parent = 1, .start = 120},
                                 {.span = 4, .parent = 2, .start = 130},
                                 {.span = 2, .parent = 1, .start = 110},
                                 {.span = 1, .start = 100}});
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kParent), ElementsAre(kNone, 0, 1, 0));
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kSubtree), ElementsAre(4, 2, 1, 1));
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kDepth), ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(columns.Of<double>(TraceColumn::kStart), ElementsAre(0, 10, 30, 20));
}

TEST_F(TraceColumnsOf, ASpanThatEndsBeforeItStartsLastsNoTime) {
  const Columns columns = Write({{.span = 1, .start = 100, .end = 90}});
  EXPECT_THAT(columns.Of<double>(TraceColumn::kDuration), ElementsAre(0));
}

TEST_F(TraceColumnsOf, ASpanWhoseParentIsMissingIsMarked) {
  const Columns columns = Write({{.span = 1}, {.span = 2, .parent = 7, .start = 150}});
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kParent), ElementsAre(kNone, kNone));
  EXPECT_THAT(columns.Of<uint8_t>(TraceColumn::kMarks), ElementsAre(0, kParentMissing));
}

TEST_F(TraceColumnsOf, NamesStandOnceAndAreReferredTo) {
  const Columns columns = Write({{.span = 1, .service = "shop", .name = "GET /"},
                                 {.span = 2, .parent = 1, .service = "pay", .name = "GET /"}});
  EXPECT_THAT(columns.Texts(TraceColumn::kService), ElementsAre("shop", "pay"));
  EXPECT_THAT(columns.Texts(TraceColumn::kName), ElementsAre("GET /", "GET /"));
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kName), testing::Each(testing::Gt(0u)));
  EXPECT_THAT(columns.Texts(TraceColumn::kStatusMessage), ElementsAre("", ""));
}

TEST_F(TraceColumnsOf, KindAndStatusAreThoseOfOtlp) {
  const Columns columns =
      Write({{.span = 1, .kind = model::SpanKind::kServer},
             {.span = 2, .parent = 1, .error = true, .kind = model::SpanKind{77}}});
  EXPECT_THAT(columns.Of<uint8_t>(TraceColumn::kKind), ElementsAre(2, 0));
  EXPECT_THAT(columns.Of<uint8_t>(TraceColumn::kStatus), ElementsAre(0, 2));
}

TEST_F(TraceColumnsOf, ACallNamesItsOtherEndByTheBestAttribute) {
  const auto add = [&](uint8_t id, model::SpanKind kind) {
    memtable_.OnSpan({.trace_id = query::TraceOf(1),
                      .span_id = query::SpanOf(id),
                      .parent_span_id = {},
                      .kind = kind,
                      .start_unix_nano = id,
                      .end_unix_nano = id});
    memtable_.OnAttribute("server.address", model::ValueView::String("10.0.0.1"));
  };
  memtable_.OnResource({});
  memtable_.OnScope({});
  add(1, model::SpanKind::kClient);
  memtable_.OnAttribute("peer.service", model::ValueView::String("ledger-db"));
  add(2, model::SpanKind::kClient);
  add(3, model::SpanKind::kServer);
  memtable_.Publish(memtable_.FinishBody());
  EXPECT_THAT(WriteFilled().Texts(TraceColumn::kPeer), ElementsAre("ledger-db", "10.0.0.1", ""));
}

TEST_F(TraceColumnsOf, EventsAndLinksAreThoseUpToTheEndOfEachRow) {
  const Columns columns =
      Write({{.span = 1, .start = 100, .event = "retry"},
             {.span = 2, .parent = 1, .start = 107, .event = "late", .link = "x"}});
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kEventEnd), ElementsAre(1, 2));
  EXPECT_THAT(columns.Of<double>(TraceColumn::kEventTime), ElementsAre(0, 7));
  EXPECT_THAT(columns.Texts(TraceColumn::kEventName), ElementsAre("retry", "late"));
  EXPECT_THAT(columns.Of<uint32_t>(TraceColumn::kLinkEnd), ElementsAre(0, 1));
  EXPECT_EQ(columns.Of<uint8_t>(TraceColumn::kLinkTraceId).back(), 9);
  EXPECT_EQ(columns.Of<uint8_t>(TraceColumn::kLinkSpanId).back(), 9);
}

}  // namespace
}  // namespace clew::serve

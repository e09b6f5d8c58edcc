// SPDX-License-Identifier: Apache-2.0
#include "serve/trace/block_trace_columns.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/peer_name.h"
#include "query/cancellation.h"
#include "serve/trace/column_encoder.h"
#include "store/block_spans.h"
#include "store/dictionary.h"
#include "store/other_key.h"
#include "store/span_tree.h"

namespace clew::serve {
namespace {

using store::BlockColumn;
using store::ColumnCells;
using Cells = store::BlockFile::Row;  // by Parquet column

base::Error Corrupt(const std::string& what) {
  return {base::ErrorCode::kCorruption, "spans.parquet: " + what};
}

// The column of a text attribute; nullopt: the block has none.
std::optional<size_t> ColumnOf(const std::vector<BlockColumn>& columns, store::AttributeScope scope,
                               std::string_view key) {
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto* attribute = std::get_if<store::AttributeColumnKey>(&columns[i].holds);
    if (attribute != nullptr && attribute->scope == scope && attribute->key == key &&
        attribute->type == store::ColumnType::kString)
      return i;
  }
  return std::nullopt;
}

bool IsOfColumns(const store::OtherKey& key) {
  if (key.scope == store::AttributeScope::kResource) return key.key == "service.name";
  return key.scope == store::AttributeScope::kSpan &&
         std::ranges::find(ledger::kPeerKeys, key.key) != ledger::kPeerKeys.end();
}

// The rows of a trace in a block; a Source of ColumnEncoder.
class BlockTrace {
  using Intrinsic = store::Intrinsic;

 public:
  explicit BlockTrace(const store::Block::Spans& spans)
      : spans_(spans),
        service_(ColumnOf(spans.columns, store::AttributeScope::kResource, "service.name")),
        asked_(spans.columns.size() + 1, false) {
    for (const std::string_view key : ledger::kPeerKeys) {
      const auto column = ColumnOf(spans.columns, store::AttributeScope::kSpan, key);
      if (column) peers_.push_back(*column);
    }
    for (const Intrinsic intrinsic : kAsked) asked_[static_cast<size_t>(intrinsic)] = true;
    for (const size_t column : peers_) asked_[column] = true;
    if (service_) asked_[*service_] = true;
    asked_[other_keys()] = true;
  }

  // False where the columns do not tell all.
  base::Result<bool> Read(store::RowRange rows, const std::stop_token& cancelled);

  size_t size() const { return places_.size(); }
  std::string_view SpanId(size_t i) const { return Bytes(Intrinsic::kSpanId, i); }
  uint32_t Parent(size_t i) const { return parents_[i]; }
  uint32_t Subtree(size_t i) const {
    return static_cast<uint32_t>(Of(Intrinsic::kSubtreeRows, i).Int32(places_[i].row));
  }
  uint32_t Depth(size_t i) const { return depths_[i]; }
  int64_t Start(size_t i) const { return Of(Intrinsic::kStartUnixNano, i).Int64(places_[i].row); }
  int64_t End(size_t i) const {
    const int64_t duration = Of(Intrinsic::kDurationNano, i).Int64(places_[i].row);
    return static_cast<int64_t>(static_cast<uint64_t>(Start(i)) + static_cast<uint64_t>(duration));
  }
  int32_t Kind(size_t i) const { return Of(Intrinsic::kKind, i).Int32(places_[i].row); }
  int32_t Status(size_t i) const { return Of(Intrinsic::kStatusCode, i).Int32(places_[i].row); }
  bool IsParentMissing(size_t i) const {
    const ColumnCells& kept = Of(Intrinsic::kParentSpanId, i);
    return parents_[i] == store::TreeNode::kNoParent && kept.HasValue(places_[i].row) &&
           model::SpanId::FromBytes(kept.Bytes(places_[i].row)).IsValid();
  }
  uint32_t Service(size_t i) { return service_ ? NumberOf(*service_, i) : 0; }
  uint32_t Name(size_t i) { return NumberOf(static_cast<size_t>(Intrinsic::kName), i); }
  uint32_t StatusMessage(size_t i) {
    return NumberOf(static_cast<size_t>(Intrinsic::kStatusMessage), i);
  }
  size_t peer_columns() const { return peers_.size(); }
  std::optional<std::string_view> Peer(size_t column, size_t i) const {
    const ColumnCells& cells = (*places_[i].cells)[peers_[column]];
    if (!cells.HasValue(places_[i].row)) return std::nullopt;
    return cells.Bytes(places_[i].row);
  }
  uint32_t PeerNumber(size_t column, size_t i) { return NumberOf(peers_[column], i); }
  void ForEachEvent(size_t i, const auto& visit) {
    const ColumnCells& times = Of(Intrinsic::kEventTime, i);
    const ColumnCells& names = Of(Intrinsic::kEventName, i);
    const size_t row = places_[i].row;
    for (size_t k = 0; k < ElementsOf(times, row); ++k)
      visit(times.Int64(times.first_entry(row) + k), NumberAt(names, names.first_entry(row) + k));
  }
  void ForEachLink(size_t i, const auto& visit) const {
    const ColumnCells& traces = Of(Intrinsic::kLinkTraceId, i);
    const ColumnCells& spans = Of(Intrinsic::kLinkSpanId, i);
    const size_t row = places_[i].row;
    for (size_t k = 0; k < ElementsOf(traces, row); ++k)
      visit(traces.Bytes(traces.first_entry(row) + k), spans.Bytes(spans.first_entry(row) + k));
  }
  const TextColumn& texts() const { return texts_; }

 private:
  struct Place {
    const Cells* cells;
    size_t row;
  };

  size_t other_keys() const { return spans_.columns.size() - 1; }
  const ColumnCells& Of(Intrinsic intrinsic, size_t i) const {
    return (*places_[i].cells)[static_cast<size_t>(intrinsic)];
  }
  std::string_view Bytes(Intrinsic intrinsic, size_t i) const {
    return Of(intrinsic, i).Bytes(places_[i].row);
  }
  static size_t ElementsOf(const ColumnCells& cells, size_t row) {
    const size_t begin = cells.first_entry(row);
    const size_t entries = cells.first_entry(row + 1) - begin;
    return entries == 1 && !cells.IsElement(begin) ? 0 : entries;
  }

  base::Status ReadPage(size_t group, size_t page, parquet::Part wanted);
  base::Status CheckElements(Intrinsic first, Intrinsic second, const Place& place) const;
  base::Result<bool> TakeOthers(const Cells& cells) const;
  base::Status TakeTree();
  bool HasEachIdOnce() const;

  // 0 where there is no value.
  uint32_t NumberOf(size_t column, size_t i) {
    const ColumnCells& cells = (*places_[i].cells)[column];
    return cells.HasValue(places_[i].row) ? NumberAt(cells, places_[i].row) : 0;
  }
  // A text of a dictionary is hashed once.
  uint32_t NumberAt(const ColumnCells& cells, size_t entry) {
    if (!cells.has_codes()) return texts_.NumberOf(cells.Bytes(entry));
    if (&cells.values() != dictionary_) {
      dictionary_ = &cells.values();
      numbers_ = &by_dictionary_[dictionary_];
      numbers_->resize(parquet::CountOf(*dictionary_), kNotAsked);
    }
    uint32_t& number = (*numbers_)[cells.PlaceOf(entry)];
    if (number == kNotAsked) number = texts_.NumberOf(cells.Bytes(entry));
    return number;
  }

  static constexpr Intrinsic kAsked[] = {
      Intrinsic::kSpanId,       Intrinsic::kParentSpanId,  Intrinsic::kStartUnixNano,
      Intrinsic::kDurationNano, Intrinsic::kName,          Intrinsic::kKind,
      Intrinsic::kStatusCode,   Intrinsic::kStatusMessage, Intrinsic::kParentRow,
      Intrinsic::kSubtreeRows,  Intrinsic::kEventTime,     Intrinsic::kEventName,
      Intrinsic::kLinkTraceId,  Intrinsic::kLinkSpanId};
  static constexpr uint32_t kNotAsked = UINT32_MAX;
  const store::Block::Spans spans_;
  const std::optional<size_t> service_;
  std::vector<size_t> peers_;
  store::BlockFile::Asked asked_;
  std::vector<std::shared_ptr<const Cells>> pages_;
  std::vector<Place> places_;  // by span
  std::vector<uint32_t> parents_, depths_;
  std::unordered_map<const parquet::Values*, std::vector<uint32_t>> by_dictionary_;
  const parquet::Values* dictionary_ = nullptr;  // the last that was asked
  std::vector<uint32_t>* numbers_ = nullptr;     // of it
  TextColumn texts_;
};

base::Result<bool> BlockTrace::Read(store::RowRange rows, const std::stop_token& cancelled) {
  places_.reserve(rows.count);
  TRY(store::ForEachPage(spans_, rows, [&](size_t group, size_t page, parquet::Part part) {
    return cancelled.stop_requested() ? base::Status(query::QueryCancelled())
                                      : ReadPage(group, page, part);
  }));
  for (const auto& cells : pages_) {
    if (!TRY(TakeOthers(*cells))) return false;
  }
  TRY(TakeTree());
  return HasEachIdOnce();
}

base::Status BlockTrace::ReadPage(size_t group, size_t page, parquet::Part wanted) {
  store::BlockFile::Rows read = TRY(spans_.pages.RowsOf(group, page, wanted, asked_));
  for (size_t row = wanted.first - read.first; row < wanted.end() - read.first; ++row) {
    places_.push_back({read.cells.get(), row});
    TRY(CheckElements(Intrinsic::kEventTime, Intrinsic::kEventName, places_.back()));
    TRY(CheckElements(Intrinsic::kLinkTraceId, Intrinsic::kLinkSpanId, places_.back()));
  }
  pages_.push_back(std::move(read.cells));
  return {};
}

// Both lists of a row are as long, and nothing in them is null.
base::Status BlockTrace::CheckElements(Intrinsic first, Intrinsic second,
                                       const Place& place) const {
  const ColumnCells& one = (*place.cells)[static_cast<size_t>(first)];
  const ColumnCells& other = (*place.cells)[static_cast<size_t>(second)];
  const size_t count = ElementsOf(one, place.row);
  bool fits = ElementsOf(other, place.row) == count;
  for (size_t k = 0; k < count && fits; ++k)
    fits = one.HasValue(one.first_entry(place.row) + k) &&
           other.HasValue(other.first_entry(place.row) + k);
  if (!fits)
    return Corrupt("lists of a span differ in length: " +
                   spans_.columns[static_cast<size_t>(first)].name);
  return {};
}

// False when some of what is wanted has no column.
base::Result<bool> BlockTrace::TakeOthers(const Cells& cells) const {
  const ColumnCells& keys = cells[other_keys()];
  for (size_t entry = 0; entry < keys.entry_count(); ++entry) {
    if (!keys.HasValue(entry)) continue;
    const std::optional<store::OtherKey> key = store::ParseOtherKey(keys.Bytes(entry));
    if (!key) return Corrupt("a key of others is of nothing: " + std::string(keys.Bytes(entry)));
    if (IsOfColumns(*key)) return false;
  }
  return true;
}

base::Status BlockTrace::TakeTree() {
  parents_.reserve(size());
  depths_.reserve(size());
  for (size_t i = 0; i < size(); ++i) {
    const ColumnCells& rows = Of(Intrinsic::kParentRow, i);
    uint32_t parent = store::TreeNode::kNoParent;
    if (rows.HasValue(places_[i].row)) {
      parent = static_cast<uint32_t>(rows.Int32(places_[i].row));
      if (parent >= i) return Corrupt("a parent_row is not above its child");
    }
    parents_.push_back(parent);
    depths_.push_back(parent == store::TreeNode::kNoParent ? 0 : depths_[parent] + 1);
  }
  return {};
}

// Copies of a span are told by all they say, which is not read here.
bool BlockTrace::HasEachIdOnce() const {
  constexpr uint32_t kFree = UINT32_MAX;
  std::vector<uint32_t> spans(std::bit_ceil(2 * size()), kFree);  // open addressing
  const size_t mask = spans.size() - 1;
  for (size_t i = 0; i < size(); ++i) {
    const std::string_view id = SpanId(i);
    size_t place = store::Dictionary::HashOf(id) & mask;
    for (; spans[place] != kFree; place = (place + 1) & mask) {
      if (SpanId(spans[place]) == id) return false;
    }
    spans[place] = static_cast<uint32_t>(i);
  }
  return true;
}

}  // namespace

base::Result<std::optional<std::string>> BlockTraceColumns(const store::Block& block,
                                                           store::RowRange rows,
                                                           const std::stop_token& cancelled) {
  const store::Block::Spans spans = TRY(block.OpenSpans());
  BlockTrace trace(spans);
  std::optional<std::string> columns;
  if (rows.count > 0 && TRY(trace.Read(rows, cancelled))) columns = ColumnEncoder(trace).Encode("");
  return columns;
}

}  // namespace clew::serve

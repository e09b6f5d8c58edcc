// SPDX-License-Identifier: Apache-2.0
// A browser that shows a large trace needs its shape, its times and its names, and of few spans
// anything else. As JSON a trace of 100,000 spans is 58 MB and takes half a second to parse; as
// columns it is 6 MB that are read where they lie.
#include "serve/trace/trace_columns.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "ledger/peer_name.h"
#include "query/tag_match.h"
#include "serve/trace/column_encoder.h"

namespace clew::serve {
namespace {

using store::Memtable;
using store::SpanRow;

std::string_view BytesOf(const auto& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

// The columns that name the other end of a call, best first.
std::vector<const store::AttributeColumn*> PeerColumns(const Memtable& memtable) {
  std::vector<const store::AttributeColumn*> found;
  for (const std::string_view key : ledger::kPeerKeys) {
    const store::AttributeColumns& columns = memtable.span_attributes();
    for (size_t i = 0; i < columns.column_count(); ++i) {
      const store::AttributeColumn& column = columns.column(i);
      if (column.type() != model::ValueView::Type::kString) continue;
      if (memtable.dictionary()[column.key()] == key) found.push_back(&column);
    }
  }
  return found;
}

// The spans of a memtable, in the order of the tree; a Source of ColumnEncoder.
class MemtableTrace {
 public:
  MemtableTrace(const query::FoundTrace& trace, const store::SpanTree& tree)
      : memtable_(*trace.memtable),
        tree_(tree),
        services_(query::ServiceNames(memtable_)),
        peers_(PeerColumns(memtable_)) {
    rows_.reserve(tree.size());
    for (const store::TreeNode& node : tree) rows_.push_back(trace.rows[node.span]);
  }

  size_t size() const { return rows_.size(); }
  std::string_view SpanId(size_t i) const { return BytesOf(Span(i).span_id); }
  uint32_t Parent(size_t i) const { return tree_[i].parent; }
  uint32_t Subtree(size_t i) const { return tree_[i].subtree_size; }
  uint32_t Depth(size_t i) const { return tree_[i].depth; }
  int64_t Start(size_t i) const { return Span(i).start_unix_nano; }
  int64_t End(size_t i) const { return Span(i).end_unix_nano; }
  int32_t Kind(size_t i) const { return Traits(i).kind; }
  int32_t Status(size_t i) const { return Traits(i).status_code; }
  bool IsParentMissing(size_t i) const {
    return tree_[i].parent == store::TreeNode::kNoParent && Span(i).parent_span_id.IsValid();
  }
  uint32_t Service(size_t i) {
    const uint32_t resource = Traits(i).resource;
    const auto [found, is_new] = service_numbers_.emplace(resource, 0);
    if (is_new) found->second = texts_.NumberOf(services_[resource]);
    return found->second;
  }
  uint32_t Name(size_t i) { return NumberOf(Span(i).name); }
  uint32_t StatusMessage(size_t i) { return NumberOf(Traits(i).status_message); }
  size_t peer_columns() const { return peers_.size(); }
  std::optional<std::string_view> Peer(size_t column, size_t i) const {
    const std::optional<uint64_t> code = peers_[column]->Find(rows_[i]);
    if (!code) return std::nullopt;
    return memtable_.dictionary()[static_cast<uint32_t>(*code)];
  }
  uint32_t PeerNumber(size_t column, size_t i) {
    return NumberOf(static_cast<uint32_t>(*peers_[column]->Find(rows_[i])));
  }
  void ForEachEvent(size_t i, const auto& visit) {
    const store::ElementRange range = memtable_.events_of(rows_[i]);
    for (uint32_t event = range.first; event < range.end; ++event)
      visit(memtable_.event(event).time_unix_nano, NumberOf(memtable_.event(event).name));
  }
  void ForEachLink(size_t i, const auto& visit) const {
    const store::ElementRange range = memtable_.links_of(rows_[i]);
    for (uint32_t link = range.first; link < range.end; ++link)
      visit(BytesOf(memtable_.link(link).trace_id), BytesOf(memtable_.link(link).span_id));
  }
  const TextColumn& texts() const { return texts_; }

 private:
  const SpanRow& Span(size_t i) const { return memtable_.row(rows_[i]); }
  const store::SpanTraits& Traits(size_t i) const { return memtable_.traits_of(Span(i)); }
  // Of a text by its code, so that each is hashed once.
  uint32_t NumberOf(uint32_t code) {
    const auto [found, is_new] = by_code_.emplace(code, 0);
    if (is_new) found->second = texts_.NumberOf(memtable_.dictionary()[code]);
    return found->second;
  }

  const Memtable& memtable_;
  const store::SpanTree& tree_;
  const std::vector<std::string_view> services_;  // by resource
  const std::vector<const store::AttributeColumn*> peers_;
  std::vector<uint32_t> rows_;
  std::unordered_map<uint32_t, uint32_t> by_code_, service_numbers_;
  TextColumn texts_;
};

}  // namespace

std::span<const std::string_view> TraceColumnKeys() {
  static constexpr auto kKeys = [] {
    std::array<std::string_view, ledger::kPeerKeys.size() + 1> keys{"service.name"};
    std::ranges::copy(ledger::kPeerKeys, keys.begin() + 1);
    return keys;
  }();
  return kKeys;
}

store::SpanTree TreeOf(const query::FoundTrace& trace) {
  std::vector<store::TreeSpan> spans;
  spans.reserve(trace.rows.size());
  for (const uint32_t index : trace.rows) {
    const SpanRow& row = trace.memtable->row(index);
    const auto kind = static_cast<model::SpanKind>(trace.memtable->traits_of(row).kind);
    spans.push_back({row.span_id, row.parent_span_id, row.start_unix_nano, kind});
  }
  return store::BuildSpanTree(spans);
}

std::string TraceColumns(const query::FoundTrace& trace, const store::SpanTree& tree,
                         std::string_view remark) {
  CHECK(!trace.rows.empty());
  CHECK(tree.size() == trace.rows.size());
  MemtableTrace source(trace, tree);
  return ColumnEncoder(source).Encode(remark);
}

}  // namespace clew::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/span_sink.h"
#include "store/memtable.h"

namespace clew::store {

// Announces published rows of a memtable one at a time, each with its attributes in the
// order of their keys: what it says does not depend on the order in which the rows, their
// keys and their resources came. One thread.
class RowReader {
 public:
  // For any row. `memtable` outlives it, and so in the other case.
  explicit RowReader(const Memtable& memtable);
  // For those rows only: columns that none of them has are passed over.
  RowReader(const Memtable& memtable, std::span<const uint32_t> rows);

  // Announces a row; before it its resource and scope, unless they are those of `previous`,
  // the row that was announced to `sink` before it.
  void Read(uint32_t row, std::optional<uint32_t> previous, model::SpanSink& sink);

 private:
  struct Column {
    std::string_view key;
    const AttributeColumn* values;
  };
  struct Columns {
    std::vector<Column> sorted;  // by key
    const AttributeColumns* all = nullptr;
  };
  struct Attribute {
    std::string_view key;
    InternedAttribute attribute;
  };
  Columns SortedOf(const AttributeColumns& columns) const;
  void ReadSpan(uint32_t row, model::SpanSink& sink);
  void ReadAttributes(const Columns& columns, uint32_t owner, model::SpanSink& sink);
  void ReadWithOthers(const Columns& columns, uint32_t owner, model::SpanSink& sink);

  const Memtable& memtable_;
  Columns of_resources_, of_scopes_, of_spans_, of_events_, of_links_;
  std::vector<Attribute> attributes_;  // of what is announced, when some have no column
};

// Brings rows of one resource and scope together: resources in the order of their first
// rows, and so their scopes; the rows of each stay as they stand.
void GroupByOrigin(const Memtable& memtable, std::vector<uint32_t>& rows);

// Announces rows, grouped so.
void ReadRows(const Memtable& memtable, std::vector<uint32_t> rows, model::SpanSink& sink);

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/append_vector.h"
#include "model/span_sink.h"
#include "store/dictionary.h"

namespace clew::store {

// One attribute key of one value type: ascending owners (rows, events, …) and a
// value for each. Strings, arrays, lists and bytes are dictionary codes; numbers
// are their own bits.
struct AttributeColumn {
  uint32_t key = 0;  // dictionary code
  model::ValueView::Type type{};
  base::AppendVector<uint32_t> owners;
  base::AppendVector<uint64_t> values;

  size_t entry_count() const { return owners.size(); }
  // Calls `visit(owner, value)` for the owners in [first, end), ascending.
  template <typename Visit>
  void ForEach(uint32_t first, uint32_t end, Visit visit) const {
    const size_t entries = entry_count();
    for (size_t i = 0; i < entries && owners[i] < end; ++i) {
      if (owners[i] >= first) visit(owners[i], values[i]);
    }
  }
};

// An attribute whose strings have been interned.
struct InternedAttribute {
  uint32_t key = 0;
  model::ValueView::Type type{};
  uint64_t value = 0;
  auto operator<=>(const InternedAttribute&) const = default;
};

// The attributes of one kind of owner, a column for each key and type. The
// first kMaxAttributeColumns get one; attributes past that share a column that
// keeps the key beside the value. One thread adds while others read; an owner's
// attributes are complete before the owner is published.
class AttributeColumns {
 public:
  static constexpr size_t kMaxAttributeColumns = 512;

  // Makes a column before there are any, so that it is none of those that come too late.
  void Reserve(uint32_t key, model::ValueView::Type type);
  // REQUIRES: owners come in ascending order, a key once an owner.
  void Add(uint32_t owner, const InternedAttribute& attribute);

  using Visitor = std::function<void(const InternedAttribute&)>;
  void ForEachOf(uint32_t owner, const Visitor& visit) const;

  size_t column_count() const { return columns_.size(); }
  const AttributeColumn& column(size_t index) const { return *columns_[index]; }

  // Calls `visit(owner, attribute)` for those that have no column of their own.
  void ForEachOther(const std::function<void(uint32_t, const InternedAttribute&)>& visit) const;

  size_t size_bytes() const;

 private:
  AttributeColumn* MakeColumn(uint32_t key, model::ValueView::Type type);

  base::AppendVector<AttributeColumn*> columns_;
  std::vector<std::unique_ptr<AttributeColumn>> owned_;
  std::map<std::pair<uint32_t, model::ValueView::Type>, AttributeColumn*> index_;
  base::AppendVector<uint32_t> other_owners_;
  base::AppendVector<InternedAttribute> others_;
};

// `value` with its strings as codes, and back.
InternedAttribute InternAttribute(std::string_view key, const model::ValueView& value,
                                  Dictionary& dictionary);
model::ValueView ViewOf(const InternedAttribute& attribute, const Dictionary& dictionary);

}  // namespace clew::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/append_vector.h"
#include "base/rank_set.h"
#include "model/span_sink.h"
#include "store/dictionary.h"

namespace clew::store {

// One attribute key of one value type: which owners (rows, events, …) have it, and a
// value for each. Strings, arrays, lists and bytes are dictionary codes; numbers
// are their own bits, as wide as their type needs.
class AttributeColumn {
 public:
  AttributeColumn(uint32_t key, model::ValueView::Type type);

  uint32_t key() const { return key_; }  // dictionary code
  model::ValueView::Type type() const { return type_; }
  size_t entry_count() const;
  // Whether values are dictionary codes.
  bool IsText() const { return values_.index() == 1; }

  // The value of a published owner.
  std::optional<uint64_t> Find(uint32_t owner) const;

  // Calls `visit(owner, value)` for the published owners below `end`, ascending. A visit
  // that returns bool ends it with false.
  template <typename Visit>
  void ForEach(uint32_t end, Visit&& visit) const {
    const auto visit_values = [&](const auto& values) {
      owners_.ForEach(end, [&](uint32_t owner, uint32_t place) {
        if constexpr (std::is_same_v<decltype(visit(owner, uint64_t{})), bool>) {
          return visit(owner, uint64_t{values[place]});
        } else {
          visit(owner, uint64_t{values[place]});
          return true;
        }
      });
    };
    std::visit(visit_values, values_);
  }

  // The same for the published owners that have their bit in `mask`, 64 of them a word.
  template <typename Visit>
  void ForEachOf(std::span<const uint64_t> mask, Visit&& visit) const {
    const auto visit_values = [&](const auto& values) {
      owners_.ForEachOf(
          mask, [&](uint32_t owner, uint32_t place) { visit(owner, uint64_t{values[place]}); });
    };
    std::visit(visit_values, values_);
  }

  // Writer only. REQUIRES: above all owners before.
  void Add(uint32_t owner, uint64_t value);
  // The value that was added last, if there is any.
  bool has_newest() const { return has_newest_; }
  uint64_t newest() const { return newest_; }
  size_t size_bytes() const;

 private:
  uint32_t key_;
  model::ValueView::Type type_;
  base::RankSet owners_;
  std::variant<base::AppendVector<uint8_t>, base::AppendVector<uint32_t>,
               base::AppendVector<uint64_t>>
      values_;
  uint64_t newest_ = 0;  // the writer's, as is has_newest_
  bool has_newest_ = false;
};

// An attribute whose strings have been interned.
struct InternedAttribute {
  uint32_t key = 0;
  model::ValueView::Type type{};
  uint64_t value = 0;
  auto operator<=>(const InternedAttribute&) const = default;
};

// The attributes of one kind of owner, a column for each key and type. The
// first `max_columns` get one; attributes past that share a column that
// keeps the key beside the value. One thread adds while others read; an owner's
// attributes are complete before the owner is published.
class AttributeColumns {
 public:
  static constexpr size_t kMaxAttributeColumns = 512;

  explicit AttributeColumns(size_t max_columns = kMaxAttributeColumns)
      : max_columns_(max_columns) {}

  // The writer names keys also by a number (AttributeKeys), which finds their columns.
  // REQUIRES: owners come in ascending order, a key once an owner.
  void Add(uint32_t owner, uint32_t key_number, const InternedAttribute& attribute);
  // Makes a column before there are any, so that it is none of those that come too late.
  void Reserve(uint32_t key_number, uint32_t key, model::ValueView::Type type);
  // The column that there is for an attribute, or null.
  AttributeColumn* Find(uint32_t key_number, model::ValueView::Type type) const;

  using Visitor = std::function<void(const InternedAttribute&)>;
  // The attributes of an owner that have no column of their own.
  void ForEachOtherOf(uint32_t owner, const Visitor& visit) const;
  bool has_others() const { return !other_owners_.empty(); }

  size_t column_count() const { return columns_.size(); }
  const AttributeColumn& column(size_t index) const { return *columns_[index]; }

  // Calls `visit(owner, attribute)` for those that have no column of their own.
  void ForEachOther(const std::function<void(uint32_t, const InternedAttribute&)>& visit) const;

  size_t size_bytes() const;

 private:
  static constexpr size_t kTypes = 8;
  // Of one key, by type: the index of its column + 1, or 0.
  using ColumnsOfKey = std::array<uint16_t, kTypes>;
  AttributeColumn* MakeColumn(uint32_t key_number, uint32_t key, model::ValueView::Type type);

  const size_t max_columns_;
  base::AppendVector<AttributeColumn*> columns_;
  std::vector<std::unique_ptr<AttributeColumn>> owned_;
  std::vector<ColumnsOfKey> by_key_;  // by number
  base::AppendVector<uint32_t> other_owners_;
  base::AppendVector<InternedAttribute> others_;
};

// The value with its strings as codes, and back.
uint64_t InternValue(const model::ValueView& value, Dictionary& dictionary);
model::ValueView ViewOf(const InternedAttribute& attribute, const Dictionary& dictionary);

}  // namespace clew::store

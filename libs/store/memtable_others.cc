// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_others.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "store/others_builder.h"
#include "wire/otlp_json_value.h"

namespace clew::store {

MemtableOthers::MemtableOthers(const Memtable& memtable, const CoveredOf& covered_of)
    : memtable_(memtable) {
  for (const AttributeScope scope : kAttributeScopes) {
    std::vector<Attribute>& list = ListOf(scope);
    const AttributeColumns& attributes = AttributesOf(memtable, scope);
    for (size_t i = 0; i < attributes.column_count(); ++i) {
      AddColumn(attributes.column(i), covered_of(scope, attributes.column(i)), list);
    }
    // Past the memtable's own cap an attribute is in no column.
    attributes.ForEachOther([&](uint32_t owner, const InternedAttribute& attribute) {
      list.push_back({owner, attribute});
    });
    std::ranges::sort(list);
  }
}

void MemtableOthers::AddColumn(const AttributeColumn& column, const Covered& covered,
                               std::vector<Attribute>& list) {
  const bool* const whole = std::get_if<bool>(&covered);
  if (whole != nullptr && *whole) return;
  column.ForEach(UINT32_MAX, [&](uint32_t owner, uint64_t value) {
    if (whole == nullptr && std::get<1>(covered)(value)) return;
    list.push_back({owner, {column.key(), column.type(), value}});
  });
}

// The entries of some rows. Most lists and most keys come again: each is written once.
class MemtableOthers::Entries {
 public:
  static constexpr uint32_t kNoOrdinal = UINT32_MAX;

  explicit Entries(const Dictionary& dictionary) : dictionary_(dictionary) {}

  // `ordinal`: of the event or link that has it.
  void Add(uint32_t row, AttributeScope scope, uint32_t ordinal,
           const InternedAttribute& attribute) {
    entries_.push_back({row, KeyOf(scope, ordinal, attribute.key), JsonOf(attribute)});
  }

  // In order; of a row, by key.
  BlockInput::Others Take(size_t rows) {
    std::ranges::sort(entries_, [](const Entry& left, const Entry& right) {
      return std::tie(left.row, *left.key, *left.json) <
             std::tie(right.row, *right.key, *right.json);
    });
    OthersBuilder builder;
    auto next = entries_.begin();
    for (uint32_t row = 0; row < rows; ++row) {
      builder.BeginRow();
      for (; next != entries_.end() && next->row == row; ++next) {
        builder.Add(*next->key, *next->json);
      }
    }
    return builder.Take();
  }

 private:
  struct Entry {
    uint32_t row;
    const std::string* key;
    const std::string* json;
  };
  using Value = std::pair<model::ValueView::Type, uint64_t>;
  struct HashOf {
    size_t operator()(const Value& value) const {
      return (value.second ^ static_cast<uint64_t>(value.first) << 56) * 0x9e3779b97f4a7c15;
    }
  };

  const std::string* KeyOf(AttributeScope scope, uint32_t ordinal, uint32_t key) {
    std::string& text = keys_[{scope, ordinal, key}];
    if (!text.empty()) return &text;
    text = ScopeName(scope);
    if (ordinal != kNoOrdinal) text.append("[").append(std::to_string(ordinal)).append("]");
    text.append(".").append(dictionary_[key]);
    return &text;
  }

  const std::string* JsonOf(const InternedAttribute& attribute) {
    const auto [known, is_new] = jsons_.try_emplace({attribute.type, attribute.value});
    if (is_new) known->second = wire::ToOtlpJson(ViewOf(attribute, dictionary_));
    return &known->second;
  }

  const Dictionary& dictionary_;
  std::vector<Entry> entries_;
  std::map<std::tuple<AttributeScope, uint32_t, uint32_t>, std::string> keys_;
  std::unordered_map<Value, std::string, HashOf> jsons_;
};

// Every row repeats what its resource and scope have.
void MemtableOthers::AddOfOrigins(AttributeScope scope, const MemtableRows& rows,
                                  Entries& entries) const {
  const std::vector<Attribute>& list = ListOf(scope);
  if (list.empty()) return;
  const Groups origins = scope == AttributeScope::kResource ? rows.resources() : rows.scopes();
  for (uint32_t i = 0; i < rows.size(); ++i) {
    for (const Attribute& attribute :
         std::ranges::equal_range(list, origins.of_rows[i], {}, &Attribute::owner)) {
      entries.Add(i, scope, Entries::kNoOrdinal, attribute.interned);
    }
  }
}

void MemtableOthers::AddOfRows(AttributeScope scope, const MemtableRows& rows,
                               Entries& entries) const {
  for (const Attribute& attribute : ListOf(scope)) {
    const uint32_t place = rows.PlaceOf(scope, attribute.owner);
    if (place == MemtableRows::kNowhere) continue;
    if (scope == AttributeScope::kSpan) {
      entries.Add(place, scope, Entries::kNoOrdinal, attribute.interned);
      continue;
    }
    const MemtableRows::Elements& elements = rows.elements(scope);
    entries.Add(elements.rows[place], scope, elements.ordinals[place], attribute.interned);
  }
}

BlockInput::Others MemtableOthers::Of(const MemtableRows& rows) const {
  Entries entries(memtable_.dictionary());
  AddOfOrigins(AttributeScope::kResource, rows, entries);
  AddOfOrigins(AttributeScope::kScope, rows, entries);
  AddOfRows(AttributeScope::kSpan, rows, entries);
  AddOfRows(AttributeScope::kEvent, rows, entries);
  AddOfRows(AttributeScope::kLink, rows, entries);
  return entries.Take(rows.size());
}

}  // namespace clew::store

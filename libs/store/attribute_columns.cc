// SPDX-License-Identifier: Apache-2.0
#include "store/attribute_columns.h"

#include <bit>

namespace clew::store {
namespace {

using model::ValueView;

// The index of the first owner not below `owner`.
size_t LowerBound(const base::AppendVector<uint32_t>& owners, uint32_t owner) {
  size_t low = 0;
  size_t high = owners.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (owners[middle] < owner) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

void AttributeColumns::Add(uint32_t owner, const InternedAttribute& attribute) {
  auto& column = index_[{attribute.key, attribute.type}];
  if (column == nullptr) {
    if (owned_.size() >= kMaxAttributeColumns) {
      index_.erase({attribute.key, attribute.type});
      others_.push_back(attribute);
      other_owners_.push_back(owner);
      return;
    }
    column = MakeColumn(attribute.key, attribute.type);
  }
  column->values.push_back(attribute.value);
  column->owners.push_back(owner);
}

AttributeColumn* AttributeColumns::MakeColumn(uint32_t key, ValueView::Type type) {
  owned_.push_back(std::make_unique<AttributeColumn>());
  AttributeColumn* const column = owned_.back().get();
  column->key = key;
  column->type = type;
  columns_.push_back(column);
  return column;
}

void AttributeColumns::Reserve(uint32_t key, ValueView::Type type) {
  index_[{key, type}] = MakeColumn(key, type);
}

void AttributeColumns::ForEachOf(uint32_t owner, const Visitor& visit) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const AttributeColumn& column = *columns_[i];
    const size_t at = LowerBound(column.owners, owner);
    if (at == column.owners.size() || column.owners[at] != owner) continue;
    visit({column.key, column.type, column.values[at]});
  }
  for (size_t at = LowerBound(other_owners_, owner);
       at < other_owners_.size() && other_owners_[at] == owner; ++at) {
    visit(others_[at]);
  }
}

void AttributeColumns::ForEachOther(
    const std::function<void(uint32_t, const InternedAttribute&)>& visit) const {
  for (size_t i = 0; i < other_owners_.size(); ++i) visit(other_owners_[i], others_[i]);
}

size_t AttributeColumns::size_bytes() const {
  size_t bytes = columns_.size_bytes() + other_owners_.size_bytes() + others_.size_bytes();
  for (const auto& column : owned_) {
    bytes += sizeof(AttributeColumn) + column->owners.size_bytes() + column->values.size_bytes();
  }
  return bytes;
}

InternedAttribute InternAttribute(std::string_view key, const ValueView& value,
                                  Dictionary& dictionary) {
  InternedAttribute attribute{dictionary.InternText(key), value.type, 0};
  switch (value.type) {
    case ValueView::Type::kEmpty:
      break;
    case ValueView::Type::kString:
      attribute.value = dictionary.InternText(value.text);
      break;
    case ValueView::Type::kBool:
      attribute.value = value.boolean ? 1 : 0;
      break;
    case ValueView::Type::kInt:
      attribute.value = static_cast<uint64_t>(value.integer);
      break;
    case ValueView::Type::kDouble:
      attribute.value = std::bit_cast<uint64_t>(value.number);
      break;
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
      attribute.value = dictionary.InternNested(value);
      break;
    case ValueView::Type::kBytes:
      attribute.value = dictionary.Intern(value.text);
      break;
  }
  return attribute;
}

ValueView ViewOf(const InternedAttribute& attribute, const Dictionary& dictionary) {
  ValueView view{.type = attribute.type};
  switch (attribute.type) {
    case ValueView::Type::kEmpty:
      break;
    case ValueView::Type::kBool:
      view.boolean = attribute.value != 0;
      break;
    case ValueView::Type::kInt:
      view.integer = static_cast<int64_t>(attribute.value);
      break;
    case ValueView::Type::kDouble:
      view.number = std::bit_cast<double>(attribute.value);
      break;
    case ValueView::Type::kString:
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
    case ValueView::Type::kBytes:
      view.text = dictionary[static_cast<uint32_t>(attribute.value)];
      break;
  }
  return view;
}

}  // namespace clew::store

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

AttributeColumn::AttributeColumn(uint32_t key, ValueView::Type type) : key_(key), type_(type) {
  switch (type) {
    case ValueView::Type::kEmpty:
    case ValueView::Type::kBool:
      values_.emplace<base::AppendVector<uint8_t>>();
      break;
    case ValueView::Type::kInt:
    case ValueView::Type::kDouble:
      values_.emplace<base::AppendVector<uint64_t>>();
      break;
    case ValueView::Type::kString:
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
    case ValueView::Type::kBytes:
      values_.emplace<base::AppendVector<uint32_t>>();
      break;
  }
}

size_t AttributeColumn::entry_count() const {
  return std::visit([](const auto& values) { return values.size(); }, values_);
}

std::optional<uint64_t> AttributeColumn::Find(uint32_t owner) const {
  const std::optional<uint32_t> place = owners_.RankOf(owner);
  if (!place) return std::nullopt;
  return std::visit([&](const auto& values) { return uint64_t{values[*place]}; }, values_);
}

void AttributeColumn::Add(uint32_t owner, uint64_t value) {
  const auto add = [&]<typename T>(base::AppendVector<T>& values) {
    values.push_back(static_cast<T>(value));
  };
  std::visit(add, values_);
  owners_.Add(owner);
  newest_ = value;
  has_newest_ = true;
}

size_t AttributeColumn::size_bytes() const {
  const auto bytes = [](const auto& values) { return values.size_bytes(); };
  return sizeof *this + owners_.size_bytes() + std::visit(bytes, values_);
}

AttributeColumn* AttributeColumns::Find(uint32_t key_number, ValueView::Type type) const {
  if (key_number >= by_key_.size()) return nullptr;
  const uint16_t column = by_key_[key_number][static_cast<size_t>(type)];
  return column == 0 ? nullptr : owned_[column - 1U].get();
}

void AttributeColumns::Add(uint32_t owner, uint32_t key_number,
                           const InternedAttribute& attribute) {
  AttributeColumn* column = Find(key_number, attribute.type);
  if (column == nullptr) {
    if (owned_.size() >= max_columns_) {
      others_.push_back(attribute);
      other_owners_.push_back(owner);
      return;
    }
    column = MakeColumn(key_number, attribute.key, attribute.type);
  }
  column->Add(owner, attribute.value);
}

AttributeColumn* AttributeColumns::MakeColumn(uint32_t key_number, uint32_t key,
                                              ValueView::Type type) {
  owned_.push_back(std::make_unique<AttributeColumn>(key, type));
  columns_.push_back(owned_.back().get());
  if (key_number >= by_key_.size()) by_key_.resize(key_number + 1);
  by_key_[key_number][static_cast<size_t>(type)] = static_cast<uint16_t>(owned_.size());
  return owned_.back().get();
}

void AttributeColumns::Reserve(uint32_t key_number, uint32_t key, ValueView::Type type) {
  MakeColumn(key_number, key, type);
}

void AttributeColumns::ForEachOtherOf(uint32_t owner, const Visitor& visit) const {
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
  bytes += by_key_.capacity() * sizeof(ColumnsOfKey);
  for (const auto& column : owned_) bytes += column->size_bytes();
  return bytes;
}

uint64_t InternValue(const ValueView& value, Dictionary& dictionary) {
  switch (value.type) {
    case ValueView::Type::kEmpty:
      return 0;
    case ValueView::Type::kString:
      return dictionary.InternText(value.text);
    case ValueView::Type::kBool:
      return value.boolean ? 1 : 0;
    case ValueView::Type::kInt:
      return static_cast<uint64_t>(value.integer);
    case ValueView::Type::kDouble:
      return std::bit_cast<uint64_t>(value.number);
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
      return dictionary.InternNested(value);
    case ValueView::Type::kBytes:
      return dictionary.Intern(value.text);
  }
  return 0;
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

// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/common/owned_attributes.h"

#include <algorithm>
#include <type_traits>

namespace opentelemetry::inline v1::sdk::common {
namespace {

void TruncateText(std::string& text, size_t length) {
  if (text.size() <= length) return;
  // A byte 10xxxxxx continues the character before it.
  while (length > 0 && (static_cast<uint8_t>(text[length]) & 0xC0) == 0x80) --length;
  text.resize(length);
}

struct Owner {
  OwnedAttributeValue operator()(const char* text) const {
    return std::string(text != nullptr ? text : "");
  }
  OwnedAttributeValue operator()(nostd::string_view text) const { return std::string(text); }
  OwnedAttributeValue operator()(nostd::span<const nostd::string_view> texts) const {
    return std::vector<std::string>(texts.begin(), texts.end());
  }
  template <typename T>
  OwnedAttributeValue operator()(nostd::span<const T> values) const {
    return std::vector<T>(values.begin(), values.end());
  }
  template <typename T>
    requires std::is_arithmetic_v<T>
  OwnedAttributeValue operator()(T value) const {
    return value;
  }
};

}  // namespace

OwnedAttributeValue ToOwned(const opentelemetry::common::AttributeValue& value) {
  return std::visit(Owner{}, value);
}

void TruncateStrings(OwnedAttributeValue& value, size_t length) {
  if (auto* text = std::get_if<std::string>(&value)) TruncateText(*text, length);
  if (auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    for (std::string& text : *texts) TruncateText(text, length);
  }
}

AttributeMap::AttributeMap(
    std::initializer_list<std::pair<nostd::string_view, opentelemetry::common::AttributeValue>>
        attributes) {
  for (const auto& [key, value] : attributes) SetAttribute(key, value);
}

AttributeMap::AttributeMap(const opentelemetry::common::KeyValueIterable& attributes) {
  attributes.ForEachKeyValue(
      [&](nostd::string_view key, opentelemetry::common::AttributeValue value) {
        SetAttribute(key, value);
        return true;
      });
}

OwnedAttributeValue& AttributeMap::operator[](nostd::string_view key) {
  const auto found = std::ranges::find(entries_, key, &Entry::first);
  if (found != entries_.end()) return found->second;
  return entries_.emplace_back(std::string(key), OwnedAttributeValue()).second;
}

std::vector<AttributeMap::Entry>::const_iterator AttributeMap::find(nostd::string_view key) const {
  return std::ranges::find(entries_, key, &Entry::first);
}

}  // namespace opentelemetry::inline v1::sdk::common

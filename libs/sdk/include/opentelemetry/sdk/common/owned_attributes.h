// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "opentelemetry/common/key_value_iterable.h"

namespace opentelemetry::inline v1::sdk::common {

// An attribute value that owns what it holds.
using OwnedAttributeValue =
    std::variant<bool, int32_t, uint32_t, int64_t, double, std::string, std::vector<bool>,
                 std::vector<int32_t>, std::vector<uint32_t>, std::vector<int64_t>,
                 std::vector<double>, std::vector<std::string>, uint64_t, std::vector<uint64_t>,
                 std::vector<uint8_t>>;

OwnedAttributeValue ToOwned(const opentelemetry::common::AttributeValue& value);

// Cuts a string, and each string of an array, to `length` bytes, never inside a UTF-8 sequence.
void TruncateStrings(OwnedAttributeValue& value, size_t length);

// Attributes in the order in which their keys first came. A key is there once.
class AttributeMap {
 public:
  using Entry = std::pair<std::string, OwnedAttributeValue>;
  using value_type = Entry;
  using const_iterator = std::vector<Entry>::const_iterator;

  AttributeMap() = default;
  AttributeMap(
      std::initializer_list<std::pair<nostd::string_view, opentelemetry::common::AttributeValue>>
          attributes);
  explicit AttributeMap(const opentelemetry::common::KeyValueIterable& attributes);

  void SetAttribute(nostd::string_view key, const opentelemetry::common::AttributeValue& value) {
    (*this)[key] = ToOwned(value);
  }
  OwnedAttributeValue& operator[](nostd::string_view key);
  // end() when the key is not there.
  std::vector<Entry>::const_iterator find(nostd::string_view key) const;
  bool contains(nostd::string_view key) const { return find(key) != end(); }

  std::vector<Entry>::const_iterator begin() const { return entries_.begin(); }
  std::vector<Entry>::const_iterator end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  bool operator==(const AttributeMap&) const = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace opentelemetry::inline v1::sdk::common

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "load/attribute_rules.h"
#include "load/prepared_values.h"
#include "load/trace_generator.h"

namespace clew::load {

// Writes the attributes of spans. All texts are encoded when it is made; a span then
// costs a draw and a short copy an attribute, and no allocation. Immutable.
class AttributeEncoder {
 public:
  explicit AttributeEncoder(const TraceGenerator& generator);

  // What decides the attributes of a span besides its key.
  struct Facts {
    Role role = Role::kServer;
    uint32_t service = 0;
    uint32_t target = 0;
    uint32_t route = 0;
    bool failed = false;
  };
  // As field 9 of Span.
  void Append(const RandomKey& key, const Facts& facts, ByteCursor& out) const;
  // No span's attributes take more.
  size_t longest() const { return longest_; }

 private:
  struct Column {
    AttributeRule rule;
    ZipfDistribution draw;
    uint64_t presence = 0;           // of 2^32
    std::string head;                // of values made for each span: the encoded key
    uint32_t texts_per_service = 0;  // 0: the same for all
    PreparedBytes values;            // or the texts before the numbers
  };
  Column MakeColumn(const ServiceGraph& services, const AttributeRule& rule) const;
  static void AppendMade(const Column& column, uint64_t random, uint32_t text, ByteCursor& out);

  std::array<std::vector<Column>, kRoleCount> columns_;
  size_t longest_ = 0;
};

}  // namespace clew::load

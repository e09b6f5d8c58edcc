// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "query/eval/value.h"
#include "store/memtable.h"
#include "traceql/ast.h"

namespace clew::query {

// Reads one attribute of the rows of a memtable that are there when it is made. One
// without a scope is looked for in the span, its resource, events, links and scope; the
// first of these that has it counts. Of events and links it is the values of all. Thread-safe.
class AttributeReader {
 public:
  // `memtable` and `attribute` outlive it.
  AttributeReader(const store::Memtable& memtable, const traceql::Attribute& attribute);

  Value Read(uint32_t row) const;

 private:
  // Where the key may be found among the attributes of one kind of owner.
  struct Place {
    traceql::Scope scope;
    const store::AttributeColumns* all;
    std::vector<const store::AttributeColumn*> columns;
  };
  void AddPlace(traceql::Scope scope);
  Value ReadPlace(const Place& place, uint32_t row) const;
  void AddOwner(const Place& place, uint32_t owner, Value& value) const;
  void AddRange(const Place& place, store::ElementRange owners, Value& value) const;

  const store::Memtable& memtable_;
  const traceql::Attribute& attribute_;
  std::vector<Place> places_;
};

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/cancellation.h"
#include "query/search.h"
#include "store/memtable.h"

namespace clew::query {

// An attribute value as the text a tag is compared with: numbers in decimal,
// booleans as true and false; nothing for nested values.
std::string TextOf(const model::ValueView& value);

// True when `text` contains `part`, without regard to ASCII case.
bool ContainsIgnoringCase(std::string_view text, std::string_view part);

// The service.name of every resource; empty where there is none.
std::vector<std::string_view> ServiceNames(const store::Memtable& memtable);

// Which of the first `rows` rows meet one predicate on spans. The dictionary is
// asked once for each string; then only codes are compared. What was given must
// outlive it. Of no use once the query is cancelled.
class TagMatch {
 public:
  TagMatch(const store::Memtable& memtable, const TagPredicate& predicate, uint32_t rows,
           Cancellation& cancellation);
  bool Matches(uint32_t row) const;

 private:
  void MatchColumns(const store::AttributeColumns& columns, std::vector<bool>& owners,
                    Cancellation& cancellation);
  bool MatchesValue(const store::InternedAttribute& attribute) const;

  const store::Memtable& memtable_;
  const TagPredicate& predicate_;
  std::vector<bool> texts_;  // by dictionary code: contains the value
  std::vector<bool> spans_;  // by row: a span attribute matches
  std::vector<bool> resources_;
};

}  // namespace clew::query

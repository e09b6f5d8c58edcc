// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "query/run_counters.h"
#include "query/tags.h"
#include "query/time_range.h"
#include "store/block.h"
#include "store/memtable.h"

// Tags of one memtable or block.
namespace clew::query {

using TagNames = std::set<std::string, std::less<>>;
using TagValues = std::set<TagValue>;

struct TagQuestion {
  const TimeRange& range;
  const std::stop_token& cancelled;
  RunCounters* counters;  // null: nobody wants to know
};

// Add what the source has. kCancelled; kCorruption names a block that cannot be read.
base::Status AddTagNames(const store::Memtable& memtable, const TagQuestion& question,
                         TagScope scope, TagNames& names);
base::Status AddTagNames(const store::Block& block, const TagQuestion& question, TagScope scope,
                         TagNames& names);
base::Status AddTagValues(const store::Memtable& memtable, const TagQuestion& question,
                          const Tag& tag, TagValues& values);
base::Status AddTagValues(const store::Block& block, const TagQuestion& question, const Tag& tag,
                          TagValues& values);

// Adds a value of a type that tags have; nested ones are left out.
void AddTagValue(const model::ValueView& value, TagValues& values);

}  // namespace clew::query

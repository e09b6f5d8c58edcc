// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/memory_budget.h"
#include "query/run_notes.h"
#include "query/time_range.h"
#include "store/sources.h"
#include "traceql/ast.h"

namespace clew::query {

// What a tag belongs to. kAny is what TraceQL means by `.foo`: a span or its
// resource. kIntrinsic is what every span has: its name, status and so on.
enum class TagScope : uint8_t {
  kAny,
  kResource,
  kSpan,
  kEvent,
  kLink,
  kInstrumentation,
  kIntrinsic
};

struct Tag {
  TagScope scope;
  std::string key;
};

// A value as TraceQL types it: string, int, float, bool or keyword.
struct TagValue {
  std::string type;
  std::string value;
  auto operator<=>(const TagValue&) const = default;
};

// Of which spans, and what the answer may cost.
struct TagQuestion {
  TimeRange range{};  // in which they start
  std::stop_token cancelled{};
  RunNotes* notes = nullptr;
  MemoryBudget* memory = nullptr;

  RunCounters* counters() const { return RunNotes::CountersOf(notes); }
};

// Names of attributes of that scope that the spans have, sorted. A block that cannot be read
// is left out and named in `notes`; without that it is the error. kCancelled.
// REQUIRES: scope != TagScope::kIntrinsic
base::Result<std::vector<std::string>> ListTagNames(const store::Sources& sources, TagScope scope,
                                                    const TagQuestion& question = {});

// The values of one tag in those spans, each once, sorted; nested values are left
// out. Intrinsics that have values are name, status, statusMessage, kind, rootName,
// rootServiceName, event:name, instrumentation:name and instrumentation:version.
// Blocks that cannot be read: as ListTagNames. kCancelled; kExhausted over the memory budget.
base::Result<std::vector<TagValue>> ListTagValues(const store::Sources& sources, const Tag& tag,
                                                  const TagQuestion& question = {});

// A tag of those spans only for which a filter holds, such as traceql::ParseLenient gives.
struct NarrowedTag {
  Tag tag;
  traceql::FieldExpr filter;
};

// As above; the root's name and service are those of the traces that these spans belong to.
base::Result<std::vector<TagValue>> ListNarrowedTagValues(const store::Sources& sources,
                                                          NarrowedTag narrowed,
                                                          const TagQuestion& question = {});

// The same, each with how many of the spans have it. A span that was received several times
// counts each time.
struct CountedValue {
  TagValue value;
  uint64_t spans = 0;
};
base::Result<std::vector<CountedValue>> CountTagValues(const store::Sources& sources,
                                                       NarrowedTag narrowed,
                                                       const TagQuestion& question = {});

// The attributes that spans have for which a filter holds, and how many of these have each:
// with a value that is not nested. By scope, then name.
struct CountedName {
  TagScope scope;
  std::string name;
  uint64_t spans = 0;
};
// REQUIRES: no scope is kAny or kIntrinsic.
base::Result<std::vector<CountedName>> CountTagNames(const store::Sources& sources,
                                                     const std::vector<TagScope>& scopes,
                                                     traceql::FieldExpr filter,
                                                     const TagQuestion& question = {});

}  // namespace clew::query

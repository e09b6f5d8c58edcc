// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/left_out.h"
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

// Names of attributes of that scope that visible spans starting in the range
// have, sorted. A block that cannot be read is left out and named in `left_out`;
// without that it is the error. kCancelled.
// REQUIRES: scope != TagScope::kIntrinsic
base::Result<std::vector<std::string>> ListTagNames(const store::Sources& sources, TagScope scope,
                                                    const TimeRange& range = {},
                                                    const std::stop_token& cancelled = {},
                                                    LeftOut* left_out = nullptr);

// The values of one tag in those spans, each once, sorted; nested values are left
// out. Intrinsics that have values are name, status, statusMessage, kind, rootName,
// rootServiceName, event:name, instrumentation:name and instrumentation:version.
// Blocks that cannot be read: as ListTagNames. kCancelled.
base::Result<std::vector<TagValue>> ListTagValues(const store::Sources& sources, const Tag& tag,
                                                  const TimeRange& range = {},
                                                  const std::stop_token& cancelled = {},
                                                  LeftOut* left_out = nullptr);

// A tag of those spans only for which a filter holds, such as traceql::ParseLenient gives.
struct NarrowedTag {
  Tag tag;
  traceql::FieldExpr filter;
};

// As above; the root's name and service are those of the traces that these spans belong to.
base::Result<std::vector<TagValue>> ListNarrowedTagValues(const store::Sources& sources,
                                                          NarrowedTag narrowed,
                                                          const TimeRange& range = {},
                                                          const std::stop_token& cancelled = {},
                                                          LeftOut* left_out = nullptr);

}  // namespace clew::query

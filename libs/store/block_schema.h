// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "parquet/file_writer.h"
#include "parquet/schema.h"
#include "store/column_names.h"

// The columns of spans.parquet; docs/format/block.md draws them.
namespace clew::store {

// Columns that every block has, in this order.
enum class Intrinsic : uint8_t {
  kTraceId,
  kSpanId,
  kParentSpanId,  // only where parent_row does not tell it
  kStartUnixNano,
  kDurationNano,  // end - start mod 2^64
  kName,
  kKind,
  kStatusCode,
  kStatusMessage,
  kTraceState,
  kFlags,
  kDroppedAttributesCount,
  kDroppedEventsCount,
  kDroppedLinksCount,
  kRowInTrace,
  kParentRow,  // in the trace; null: none
  kSubtreeRows,
  kResourceSchemaUrl,
  kResourceDroppedAttributesCount,
  kScopeName,
  kScopeVersion,
  kScopeSchemaUrl,
  kScopeDroppedAttributesCount,
  kEventTime,
  kEventName,
  kEventDropped,
  kLinkTraceId,
  kLinkSpanId,
  kLinkTraceState,
  kLinkFlags,
  kLinkDropped,
  kOthers
};
inline constexpr size_t kIntrinsics = static_cast<size_t>(Intrinsic::kOthers) + 1;

std::string_view NameOf(Intrinsic intrinsic);
// The scope of what a column has elements for: kEvent and kLink are lists, one
// element an event or link; null when a span has none.
AttributeScope ScopeOf(Intrinsic intrinsic);

// A column of spans.parquet by its meaning; `others`, a MAP, is two Parquet columns.
struct BlockColumn {
  std::string name;
  std::variant<Intrinsic, AttributeColumnKey> holds;
  parquet::BloomFilterOf bloom_filter = parquet::BloomFilterOf::kNone;

  bool Is(Intrinsic intrinsic) const {
    const Intrinsic* own = std::get_if<Intrinsic>(&holds);
    return own != nullptr && *own == intrinsic;
  }
};

// What services are called by: it always has a column.
bool IsServiceName(const AttributeColumnKey& attribute);

// All intrinsics but `others`, then the attributes as they are given, then `others`.
struct NamedAttribute {
  std::string name;
  AttributeColumnKey attribute;
};
std::vector<BlockColumn> BlockColumns(const std::vector<NamedAttribute>& attributes);

// Their fields.
parquet::Schema SpansSchema(const std::vector<BlockColumn>& columns);
// What the columns of a spans.parquet mean. kCorruption names a column that is
// missing or has another type than it must.
base::Result<std::vector<BlockColumn>> ReadSpansSchema(const parquet::Schema& schema);

}  // namespace clew::store

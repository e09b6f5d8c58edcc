// SPDX-License-Identifier: Apache-2.0
#include "query/eval/flat_intrinsic.h"

#include <string_view>

namespace clew::query {

using traceql::Intrinsic;

std::optional<store::Intrinsic> FlatColumnOf(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::kDuration:
      return store::Intrinsic::kDurationNano;
    case Intrinsic::kName:
      return store::Intrinsic::kName;
    case Intrinsic::kStatus:
      return store::Intrinsic::kStatusCode;
    case Intrinsic::kStatusMessage:
      return store::Intrinsic::kStatusMessage;
    case Intrinsic::kKind:
      return store::Intrinsic::kKind;
    case Intrinsic::kInstrumentationName:
      return store::Intrinsic::kScopeName;
    case Intrinsic::kInstrumentationVersion:
      return store::Intrinsic::kScopeVersion;
    default:
      return std::nullopt;
  }
}

Value ReadFlat(Intrinsic intrinsic, const store::ColumnCells& values, size_t entry) {
  switch (intrinsic) {
    case Intrinsic::kDuration:
      return {.scalar = Duration{values.Int64(entry)}};
    case Intrinsic::kStatus:
      return {.scalar = StatusOf(values.Int32(entry))};
    case Intrinsic::kKind:
      return {.scalar = KindOf(values.Int32(entry))};
    default:
      return {.scalar = values.Bytes(entry)};
  }
}

Value AbsentFlat(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::kDuration:
      return {};  // every span has one
    case Intrinsic::kStatus:
      return {.scalar = StatusOf(0)};
    case Intrinsic::kKind:
      return {.scalar = KindOf(0)};
    default:
      return {.scalar = std::string_view("")};
  }
}

}  // namespace clew::query

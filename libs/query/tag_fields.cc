// SPDX-License-Identifier: Apache-2.0
#include "query/tag_fields.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "query/tag_match.h"
#include "traceql/intrinsics.h"
#include "traceql/words.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;
using traceql::Scope;

// Those whose values are listed; ids, times and durations are not worth it.
constexpr std::array kListed = {Intrinsic::kName,
                                Intrinsic::kStatus,
                                Intrinsic::kStatusMessage,
                                Intrinsic::kKind,
                                Intrinsic::kRootName,
                                Intrinsic::kRootServiceName,
                                Intrinsic::kEventName,
                                Intrinsic::kInstrumentationName,
                                Intrinsic::kInstrumentationVersion};

std::vector<FieldExpr> FieldsOfIntrinsic(std::string_view name) {
  const size_t colon = name.find(':');
  const auto intrinsic =
      colon == std::string_view::npos
          ? traceql::FindIntrinsic(name)
          : traceql::FindIntrinsic(name.substr(0, colon + 1), name.substr(colon + 1));
  std::vector<FieldExpr> fields;
  if (intrinsic && std::ranges::find(kListed, *intrinsic) != kListed.end()) {
    fields.push_back({.node = *intrinsic});
  }
  return fields;
}

template <typename T>
std::optional<TagValue> ValueOfHeld(const T& held) {
  using model::ValueView;
  if constexpr (std::is_same_v<T, SpanStatus> || std::is_same_v<T, SpanKind>) {
    return TagValue{"keyword", std::string(traceql::TextOf(held))};
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return TagValue{"int", TextOf(ValueView::Int(held))};
  } else if constexpr (std::is_same_v<T, double>) {
    return TagValue{"float", TextOf(ValueView::Double(held))};
  } else if constexpr (std::is_same_v<T, bool>) {
    return TagValue{"bool", TextOf(ValueView::Bool(held))};
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return TagValue{"string", std::string(held)};
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::vector<FieldExpr> FieldsOf(const Tag& tag) {
  std::vector<FieldExpr> fields;
  const auto add = [&](Scope scope) {
    fields.push_back({.node = traceql::Attribute{.scope = scope, .name = tag.key}});
  };
  switch (tag.scope) {
    case TagScope::kAny:
      add(Scope::kSpan);
      add(Scope::kResource);
      break;
    case TagScope::kResource:
      add(Scope::kResource);
      break;
    case TagScope::kSpan:
      add(Scope::kSpan);
      break;
    case TagScope::kEvent:
      add(Scope::kEvent);
      break;
    case TagScope::kLink:
      add(Scope::kLink);
      break;
    case TagScope::kInstrumentation:
      add(Scope::kInstrumentation);
      break;
    case TagScope::kIntrinsic:
      return FieldsOfIntrinsic(tag.key);
  }
  return fields;
}

bool IsOfMany(const Tag& tag) {
  return tag.scope == TagScope::kEvent || tag.scope == TagScope::kLink || tag.key == "event:name";
}

std::optional<TagValue> TagValueOf(const Scalar& scalar) {
  return std::visit([](const auto& held) { return ValueOfHeld(held); }, scalar);
}

bool IsAbsent(const Tag& tag, const TagValue& value) {
  const bool may_be = tag.scope == TagScope::kIntrinsic || tag.key == "service.name";
  return may_be && value == TagValue{"string", ""};
}

}  // namespace clew::query

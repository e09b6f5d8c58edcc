// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/by_codes.h"

#include <algorithm>

#include "query/attribute_scope.h"
#include "query/other_attributes.h"

namespace clew::query {
namespace {

using Kind = CodedField::Kind;
using traceql::Intrinsic;

constexpr uint32_t kMostCodes = uint32_t{1} << 16;

base::Result<CodedField> CodedColumn(size_t column, BlockRows& group) {
  if (!group.HasValues(column)) return CodedField{Kind::kAbsent};
  const store::CodedRows* const codes = TRY(group.Coded(column));
  return CodedField{codes == nullptr ? Kind::kNone : Kind::kCoded, codes};
}

base::Result<CodedField> CodedAttribute(const traceql::Attribute& attribute, BlockRows& group) {
  if (attribute.of_parent) return CodedField();
  std::optional<size_t> only;
  for (size_t i = 0; i < group.columns().size(); ++i) {
    const auto* key = std::get_if<store::AttributeColumnKey>(&group.columns()[i].holds);
    const bool asked = key != nullptr && key->key == attribute.name &&
                       Asks(attribute.scope, key->scope) && group.HasValues(i);
    if (!asked) continue;
    const bool many = key->scope == store::AttributeScope::kEvent ||
                      key->scope == store::AttributeScope::kLink || store::IsArray(key->type);
    if (only || many) return CodedField();
    only = i;
  }
  if (TRY(MayBeAmongOthers(attribute, group))) return CodedField();
  if (!only) return CodedField{Kind::kAbsent};
  return CodedColumn(*only, group);
}

base::Result<CodedField> CodedIntrinsic(Intrinsic intrinsic, BlockRows& group) {
  const auto column = [&](store::Intrinsic of) {
    return CodedColumn(BlockRows::IndexOf(of), group);
  };
  switch (intrinsic) {
    case Intrinsic::kName:
      return column(store::Intrinsic::kName);
    case Intrinsic::kStatus:
      return column(store::Intrinsic::kStatusCode);
    case Intrinsic::kStatusMessage:
      return column(store::Intrinsic::kStatusMessage);
    case Intrinsic::kKind:
      return column(store::Intrinsic::kKind);
    case Intrinsic::kInstrumentationName:
      return column(store::Intrinsic::kScopeName);
    case Intrinsic::kInstrumentationVersion:
      return column(store::Intrinsic::kScopeVersion);
    default:
      return CodedField();
  }
}

}  // namespace

base::Result<CodedField> CodedFieldOf(const traceql::FieldExpr& expr, BlockRows& group) {
  if (const auto* attribute = std::get_if<traceql::Attribute>(&expr.node)) {
    return CodedAttribute(*attribute, group);
  }
  if (const auto* intrinsic = std::get_if<Intrinsic>(&expr.node)) {
    return CodedIntrinsic(*intrinsic, group);
  }
  return CodedField();
}

base::Result<std::optional<ByCodes>> ByCodes::Of(const std::vector<traceql::FieldExpr>& by,
                                                 BlockRows& group) {
  ByCodes codes;
  for (const traceql::FieldExpr& expr : by) {
    const CodedField field = TRY(CodedFieldOf(expr, group));
    if (field.kind == Kind::kNone) return std::optional<ByCodes>();
    if (field.kind == Kind::kAbsent) continue;
    if (field.codes->code_count() > kMostCodes / codes.code_count_) return std::optional<ByCodes>();
    codes.code_count_ *= static_cast<uint32_t>(field.codes->code_count());
    codes.fields_.push_back(field.codes);
  }
  return std::optional(std::move(codes));
}

void ByCodes::Count(uint32_t first_row, uint32_t end, std::span<uint32_t> counts) const {
  // Neighbours often are alike, and adding to one number twice in a row is slow.
  std::vector<uint32_t> others(counts.size());
  fields_.front()->Visit([&](const auto& codes) {
    uint32_t row = first_row;
    for (; row + 1 < end; row += 2) {
      ++counts[codes[row]];
      ++others[codes[row + 1]];
    }
    if (row < end) ++counts[codes[row]];
  });
  for (size_t code = 0; code < counts.size(); ++code) counts[code] += others[code];
}

void ByCodes::Read(uint32_t first_row, std::span<uint32_t> codes) const {
  std::ranges::fill(codes, 0);
  for (const store::CodedRows* const field : fields_) {
    const auto count = static_cast<uint32_t>(field->code_count());
    field->Visit([&](const auto& of_rows) {
      for (size_t i = 0; i < codes.size(); ++i)
        codes[i] = codes[i] * count + of_rows[first_row + i];
    });
  }
}

}  // namespace clew::query

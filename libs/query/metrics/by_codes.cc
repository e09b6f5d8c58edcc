// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/by_codes.h"

#include <algorithm>
#include <utility>

#include "query/attribute_scope.h"
#include "query/eval/flat_intrinsic.h"
#include "query/eval/row_field.h"
#include "query/other_attributes.h"
#include "store/column_value.h"

namespace clew::query {
namespace {

using Kind = CodedField::Kind;
using traceql::Intrinsic;

constexpr uint32_t kMostCodes = uint32_t{1} << 16;

// Of `field` what its codes are.
base::Result<CodedField> CodedColumn(size_t column, BlockRows& group, CodedField field) {
  field.kind = Kind::kAbsent;
  if (!group.HasValues(column)) return field;
  field.codes = TRY(group.Coded(column));
  if (field.codes == nullptr) field.cells = TRY(group.Cells(column));
  field.kind = field.codes == nullptr ? Kind::kPlain : Kind::kCoded;
  return field;
}

base::Result<CodedField> ListColumn(size_t column, BlockRows& group) {
  CodedField field{.cells = TRY(group.Cells(column))};
  field.kind = field.cells->has_codes() ? Kind::kList : Kind::kNone;
  return field;
}

base::Result<CodedField> CodedAttribute(const traceql::Attribute& attribute, BlockRows& group) {
  if (attribute.of_parent) return CodedField();
  std::optional<size_t> only;
  store::ColumnType type{};
  for (size_t i = 0; i < group.columns().size(); ++i) {
    const auto* key = std::get_if<store::AttributeColumnKey>(&group.columns()[i].holds);
    const bool asked = key != nullptr && key->key == attribute.name &&
                       Asks(attribute.scope, key->scope) && group.HasValues(i);
    if (!asked) continue;
    const bool many =
        key->scope == store::AttributeScope::kEvent || key->scope == store::AttributeScope::kLink;
    if (only || many) return CodedField();
    only = i;
    type = key->type;
  }
  if (TRY(MayBeAmongOthers(attribute, group))) return CodedField();
  if (only && store::IsArray(type)) return ListColumn(*only, group);
  CodedField field{.absent = AbsentValueOf(attribute)};
  field.read = [type](const store::ColumnCells& values, size_t entry) {
    return ValueOf(store::ValueOfEntry(values, type, entry));
  };
  if (only) return CodedColumn(*only, group, std::move(field));
  field.kind = Kind::kAbsent;
  return field;
}

base::Result<CodedField> CodedIntrinsic(Intrinsic intrinsic, BlockRows& group) {
  const std::optional<store::Intrinsic> column = FlatColumnOf(intrinsic);
  if (!column || intrinsic == Intrinsic::kDuration) return CodedField();
  CodedField field{.absent = AbsentFlat(intrinsic)};
  field.read = [intrinsic](const store::ColumnCells& values, size_t entry) {
    return ReadFlat(intrinsic, values, entry);
  };
  return CodedColumn(BlockRows::IndexOf(*column), group, std::move(field));
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

Value CodedField::ValueOf(uint32_t code) const {
  if (codes == nullptr || code == codes->absent()) return absent;
  Value value = read(codes->values(), code);
  return value.is_nil() ? absent : value;
}

base::Result<std::optional<ByCodes>> ByCodes::Of(const std::vector<traceql::FieldExpr>& by,
                                                 BlockRows& group) {
  ByCodes codes;
  for (const traceql::FieldExpr& expr : by) {
    codes.all_.push_back(TRY(CodedFieldOf(expr, group)));
    const CodedField& field = codes.all_.back();
    if (field.kind == Kind::kAbsent) continue;
    if (field.kind != Kind::kCoded) return std::optional<ByCodes>();
    if (field.codes->code_count() > kMostCodes / codes.code_count_) return std::optional<ByCodes>();
    codes.code_count_ *= static_cast<uint32_t>(field.codes->code_count());
    codes.fields_.push_back(field.codes);
  }
  return std::optional(std::move(codes));
}

void ByCodes::ValuesOf(uint32_t code, std::vector<Value>& values) const {
  values.resize(all_.size());
  for (size_t i = all_.size(); i-- > 0;) {
    const CodedField& field = all_[i];
    const auto count =
        field.codes == nullptr ? 1 : static_cast<uint32_t>(field.codes->code_count());
    values[i] = field.ValueOf(code % count);
    code /= count;
  }
}

void ByCodes::Count(uint32_t first_row, uint32_t end, std::span<uint32_t> counts) {
  // Neighbours often are alike, and adding to one number twice in a row is slow.
  others_.assign(counts.size(), 0);
  fields_.front()->Visit([&](const auto& codes) {
    uint32_t row = first_row;
    for (; row + 1 < end; row += 2) {
      ++counts[codes[row]];
      ++others_[codes[row + 1]];
    }
    if (row < end) ++counts[codes[row]];
  });
  for (size_t code = 0; code < counts.size(); ++code) counts[code] += others_[code];
}

void ByCodes::Read(const RowSet& rows, uint32_t first_row, std::span<uint32_t> codes) const {
  std::ranges::fill(codes, 0);
  const bool all = rows.HasAll(first_row, first_row + codes.size());
  for (const store::CodedRows* const field : fields_) {
    const auto count = static_cast<uint32_t>(field->code_count());
    field->Visit([&](const auto& of_rows) {
      for (size_t i = 0; all && i < codes.size(); ++i) {
        codes[i] = codes[i] * count + of_rows[first_row + i];
      }
      if (all) return;
      rows.ForEach(first_row, first_row + codes.size(), [&](size_t row) {
        uint32_t& code = codes[row - first_row];
        code = code * count + of_rows[row];
      });
    });
  }
}

}  // namespace clew::query

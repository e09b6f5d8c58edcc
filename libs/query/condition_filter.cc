// SPDX-License-Identifier: Apache-2.0
#include "query/condition_filter.h"

#include <utility>

#include "query/attribute_scope.h"
#include "query/other_attributes.h"

namespace clew::query {
namespace {

using Kind = Condition::Kind;

// Clears of `rows` those for which the condition does not hold; `pass` gives the rows that
// pass a test. Parts of kAll that come later are asked only when some rows are left.
template <typename Pass>
base::Status NarrowBy(const Condition& condition, const Pass& pass, RowSet& rows) {
  switch (condition.kind) {
    case Kind::kAlways:
      return {};
    case Kind::kNever:
      rows.Clear();
      return {};
    case Kind::kTest:
      rows.Intersect(TRY(pass(condition)));
      return {};
    case Kind::kAll:
      for (const Condition& part : condition.parts) {
        TRY(NarrowBy(part, pass, rows));
        if (rows.empty()) break;
      }
      return {};
    case Kind::kAny:
      break;
  }
  RowSet any(rows.size());
  for (const Condition& part : condition.parts) {
    RowSet some = rows;
    TRY(NarrowBy(part, pass, some));
    any.Unite(some);
  }
  rows = std::move(any);
  return {};
}

// Arrays are tested value by value, which says less than a comparison with all of them.
base::Result<bool> HasSingleValues(const traceql::Attribute& attribute, BlockRows& group) {
  if (attribute.scope == traceql::Scope::kEvent || attribute.scope == traceql::Scope::kLink) {
    return false;
  }
  for (size_t i = 0; i < group.columns().size(); ++i) {
    const auto* key = std::get_if<store::AttributeColumnKey>(&group.columns()[i].holds);
    const bool of_it = key != nullptr && key->key == attribute.name &&
                       Asks(attribute.scope, key->scope) && group.HasValues(i);
    if (of_it && store::IsArray(key->type)) return false;
  }
  return !TRY(MayBeAmongOthers(attribute, group));
}

base::Result<bool> IsExactFor(const Condition& condition, BlockRows& group) {
  if (!condition.exact) return false;
  for (const Condition& part : condition.parts) {
    if (!TRY(IsExactFor(part, group))) return false;
  }
  const auto* attribute = std::get_if<const traceql::Attribute*>(&condition.field);
  if (condition.kind != Kind::kTest || attribute == nullptr) return true;
  return HasSingleValues(**attribute, group);
}

}  // namespace

base::Result<bool> ConditionFilter::IsExact(BlockRows& group) const {
  return IsExactFor(condition_, group);
}

base::Status ConditionFilter::Narrow(BlockRows& group, Cancellation& cancellation,
                                     RowSet& rows) const {
  return NarrowBy(
      condition_, [&](const Condition& test) { return RowsThatPass(test, group, cancellation); },
      rows);
}

void ConditionFilter::Narrow(const store::Memtable& memtable, Cancellation& cancellation,
                             RowSet& rows) const {
  const auto count = static_cast<uint32_t>(rows.size());
  const auto pass = [&](const Condition& test) -> base::Result<RowSet> {
    return RowsThatPass(test, memtable, count, cancellation);
  };
  (void)NarrowBy(condition_, pass, rows);  // memtables are never unreadable
}

}  // namespace clew::query

// SPDX-License-Identifier: Apache-2.0
#include "query/condition_filter.h"

#include <algorithm>
#include <utility>

namespace clew::query {
namespace {

using Kind = Condition::Kind;
using Rows = std::vector<bool>;

void Intersect(Rows& rows, const Rows& others) {
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = rows[i] && others[i];
}

// Clears of `rows` those for which the condition does not hold; `pass` gives the rows that
// pass a test. Parts of kAll that come later are asked only when some rows are left.
template <typename Pass>
base::Status NarrowBy(const Condition& condition, const Pass& pass, Rows& rows) {
  switch (condition.kind) {
    case Kind::kAlways:
      return {};
    case Kind::kNever:
      rows.assign(rows.size(), false);
      return {};
    case Kind::kTest:
      Intersect(rows, TRY(pass(condition)));
      return {};
    case Kind::kAll:
      for (const Condition& part : condition.parts) {
        TRY(NarrowBy(part, pass, rows));
        if (std::ranges::find(rows, true) == rows.end()) break;
      }
      return {};
    case Kind::kAny:
      break;
  }
  Rows any(rows.size());
  for (const Condition& part : condition.parts) {
    Rows some = rows;
    TRY(NarrowBy(part, pass, some));
    for (size_t i = 0; i < any.size(); ++i) any[i] = any[i] || some[i];
  }
  rows = std::move(any);
  return {};
}

}  // namespace

base::Status ConditionFilter::Narrow(BlockRows& group, Cancellation& cancellation,
                                     Rows& rows) const {
  return NarrowBy(
      condition_, [&](const Condition& test) { return RowsThatPass(test, group, cancellation); },
      rows);
}

void ConditionFilter::Narrow(const store::Memtable& memtable, Cancellation& cancellation,
                             Rows& rows) const {
  const auto count = static_cast<uint32_t>(rows.size());
  const auto pass = [&](const Condition& test) -> base::Result<Rows> {
    return RowsThatPass(test, memtable, count, cancellation);
  };
  (void)NarrowBy(condition_, pass, rows);  // memtables are never unreadable
}

}  // namespace clew::query

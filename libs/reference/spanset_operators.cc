// SPDX-License-Identifier: Apache-2.0
// Relations are read off the numbers of the nested set, so a span that is not connected
// relates to none; the negated forms therefore return it.
#include "reference/spanset_operators.h"

#include <algorithm>

namespace clew::reference {
namespace {

using traceql::Relation;
using traceql::RelationForm;
using traceql::SpansetOperator;

bool IsChild(const SpanPlace& child, const SpanPlace& parent) {
  return parent.nested_set_left != 0 && child.nested_set_parent == parent.nested_set_left;
}

bool IsDescendant(const SpanPlace& below, const SpanPlace& above) {
  return below.nested_set_left != 0 && above.nested_set_left != 0 &&
         above.nested_set_left < below.nested_set_left &&
         below.nested_set_right < above.nested_set_right;
}

// Whether the span `right` stands to `left` as the relation says. Roots have the parent -1,
// so they are siblings.
bool Relates(Relation relation, const AssembledTrace& trace, size_t left, size_t right) {
  const SpanPlace& of_left = trace.places[left];
  const SpanPlace& of_right = trace.places[right];
  switch (relation) {
    case Relation::kChild:
      return IsChild(of_right, of_left);
    case Relation::kParent:
      return IsChild(of_left, of_right);
    case Relation::kDescendant:
      return IsDescendant(of_right, of_left);
    case Relation::kAncestor:
      return IsDescendant(of_left, of_right);
    case Relation::kSibling:
      return left != right && of_left.nested_set_parent != 0 &&
             of_left.nested_set_parent == of_right.nested_set_parent;
    case Relation::kAnd:
    case Relation::kOr:
      break;
  }
  return false;
}

Places Union(Places left, const Places& right) {
  left.insert(left.end(), right.begin(), right.end());
  std::ranges::sort(left);
  left.erase(std::ranges::unique(left).begin(), left.end());
  return left;
}

}  // namespace

Places Combine(SpansetOperator op, const AssembledTrace& trace, const Places& left,
               const Places& right) {
  if (op.relation == Relation::kOr) return Union(left, right);
  if (op.relation == Relation::kAnd) {
    return left.empty() || right.empty() ? Places{} : Union(left, right);
  }
  Places of_left;
  Places of_right;
  for (const size_t span : left) {
    const auto relates = [&](size_t other) { return Relates(op.relation, trace, span, other); };
    if (std::ranges::any_of(right, relates)) of_left.push_back(span);
  }
  for (const size_t span : right) {
    const auto relates = [&](size_t other) { return Relates(op.relation, trace, other, span); };
    const bool wanted = op.form != RelationForm::kNegated;
    if (std::ranges::any_of(left, relates) == wanted) of_right.push_back(span);
  }
  return op.form == RelationForm::kUnion ? Union(of_left, of_right) : Union({}, of_right);
}

}  // namespace clew::reference

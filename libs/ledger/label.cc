// SPDX-License-Identifier: Apache-2.0
#include "ledger/label.h"

namespace clew::ledger {
namespace {

std::string Known(const std::string& text, std::string_view without) {
  return text.empty() ? std::string(without) : text;
}

std::string Joined(uint32_t service, uint32_t operation, const Names& names) {
  const std::string& first = names.text(service);
  const std::string& second = names.text(operation);
  if (first.empty() && second.empty()) return "an unnamed span";
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

}  // namespace

std::string_view NameOf(Category category) {
  switch (category) {
    case Category::kSelf:
      return "self";
    case Category::kNetwork:
      return "network";
    case Category::kCallee:
      return "callee";
    case Category::kWait:
      return "wait";
    case Category::kIdle:
      return "idle";
    case Category::kMissing:
      break;
  }
  return "missing";
}

std::string LabelOf(const Span& span, const Names& names) {
  return Joined(span.service, span.operation, names);
}

std::string LabelOf(const Owner& owner, GroupBy by, const Names& names) {
  if (by == GroupBy::kCategory) return std::string(NameOf(owner.category));
  if (by == GroupBy::kService) return Known(names.text(owner.service), "spans without a service");
  if (by == GroupBy::kAttribute) return Known(names.text(owner.group), "spans without it");
  std::string span = Joined(owner.service, owner.operation, names);
  switch (owner.category) {
    case Category::kSelf:
      return span;
    case Category::kNetwork:
      return "network " + Known(names.text(owner.peer), "unnamed") + " → " +
             Known(names.text(owner.service), "unnamed");
    case Category::kCallee:
      return span + ", callee " + Known(names.text(owner.peer), "not instrumented");
    case Category::kWait:
      return "waiting for " + span;
    case Category::kIdle:
      return "pauses of " + span;
    case Category::kMissing:
      break;
  }
  return "missing spans (not received, or not instrumented)";
}

std::string_view PrepositionOf(const Owner& owner, GroupBy by) {
  const bool reads_badly = by == GroupBy::kCategory ||
                           (by == GroupBy::kOperation && (owner.category == Category::kNetwork ||
                                                          owner.category == Category::kWait));
  return reads_badly ? "" : "in ";
}

}  // namespace clew::ledger

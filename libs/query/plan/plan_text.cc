// SPDX-License-Identifier: Apache-2.0
#include "query/plan/plan_text.h"

#include "base/time_text.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using Kind = Condition::Kind;

std::string PrintPart(const Condition& part) {
  const bool joined = part.kind == Kind::kAll || part.kind == Kind::kAny;
  return joined ? "(" + Print(part) + ")" : Print(part);
}

}  // namespace

std::string Print(const Condition& condition) {
  switch (condition.kind) {
    case Kind::kAlways:
      return "all spans";
    case Kind::kNever:
      return "no span";
    case Kind::kTest:
      return traceql::Print(*condition.expr);
    case Kind::kAll:
    case Kind::kAny:
      break;
  }
  std::string text;
  for (const Condition& part : condition.parts) {
    if (!text.empty()) text += condition.kind == Kind::kAll ? " && " : " || ";
    text += PrintPart(part);
  }
  return text;
}

std::string Print(const TimeRange& range) {
  if (!range.start_unix_nano && !range.end_unix_nano) return "all time";
  std::string text;
  if (range.start_unix_nano) text = "from " + base::TimeText(*range.start_unix_nano);
  if (range.end_unix_nano) {
    text.append(text.empty() ? "" : " ").append("to ").append(base::TimeText(*range.end_unix_nano));
  }
  return text;
}

std::string HorizonText(const TimeRange& range) {
  if (!range.start_unix_nano && !range.end_unix_nano) return "none, traces are whole";
  return "traces up to " + DurationText(range.horizon_ns) + " around it";
}

std::string DurationText(int64_t ns) {
  return traceql::Print(traceql::Static(traceql::Duration{ns}));
}

std::string Count(uint64_t count, std::string_view noun) {
  std::string digits = std::to_string(count);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits.append(" ").append(noun).append(count == 1 ? "" : "s");
}

}  // namespace clew::query

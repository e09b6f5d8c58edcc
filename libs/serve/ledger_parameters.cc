// SPDX-License-Identifier: Apache-2.0
#include "serve/ledger_parameters.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "serve/limits.h"
#include "serve/search_parameters.h"
#include "traceql/parser.h"
#include "traceql/print.h"

namespace clew::serve {
namespace {

constexpr std::array<std::string_view, 8> kNames = {"by",    "skew",  "rows", "segments",
                                                    "usual", "start", "end",  "since"};

// A parameter that nobody reads would be an answer to another question.
base::Status CheckNames(const ApiRequest& request) {
  for (const auto& [name, value] : request.parameters) {
    if (std::ranges::find(kNames, name) != kNames.end()) continue;
    return base::Invalid("unknown parameter " + name +
                         "; there are by, skew, rows, segments and usual");
  }
  return {};
}

base::Status ParseBy(std::string_view text, LedgerParameters& parameters) {
  using ledger::GroupBy;
  static constexpr std::array<std::pair<std::string_view, GroupBy>, 3> kWords = {
      {{"operation", GroupBy::kOperation},
       {"service", GroupBy::kService},
       {"category", GroupBy::kCategory}}};
  for (const auto& [word, by] : kWords) {
    if (word != text) continue;
    parameters.by = by;
    parameters.by_text = text;
    return {};
  }
  auto field = traceql::ParseField(text);
  if (!field.ok()) {
    return base::Invalid(
        "invalid by: must be operation, service, category or a field as in "
        "resource.k8s.pod.name: " +
        field.error().MessageWithHint());
  }
  parameters.by = GroupBy::kAttribute;
  parameters.attribute = std::move(field).value();
  parameters.by_text = traceql::Print(*parameters.attribute);
  return {};
}

base::Result<bool> ParseSkew(const ApiRequest& request) {
  const std::string_view text = request.Parameter("skew").value_or("off");
  if (text == "correct") return true;
  if (text == "off") return false;
  return base::Invalid("invalid skew: must be off or correct");
}

base::Result<bool> ParseUsual(const ApiRequest& request) {
  const std::string_view text = request.Parameter("usual").value_or("on");
  if (text == "on") return true;
  if (text == "off") return false;
  return base::Invalid("invalid usual: must be on or off");
}

base::Result<uint32_t> ParseCount(const ApiRequest& request, std::string_view name,
                                  std::array<uint32_t, 3> least_most_default) {
  const auto [least, most, without] = least_most_default;
  const std::optional<std::string_view> text = request.Parameter(name);
  if (!text) return without;
  const uint32_t count = TRY(ParseNumber(name, *text));
  if (count >= least && count <= most) return count;
  return base::Invalid("invalid " + std::string(name) + ": must be " + std::to_string(least) +
                       " to " + std::to_string(most));
}

}  // namespace

base::Result<LedgerParameters> ParseLedgerParameters(const ApiRequest& request) {
  TRY(CheckNames(request));
  LedgerParameters parameters;
  if (const auto by = request.Parameter("by")) TRY(ParseBy(*by, parameters));
  parameters.options.correct_skew = TRY(ParseSkew(request));
  parameters.with_usual = TRY(ParseUsual(request));
  parameters.row_limit = TRY(ParseCount(request, "rows", {1, kMaxLedgerRows, kDefaultLedgerRows}));
  parameters.segment_limit =
      TRY(ParseCount(request, "segments", {0, kMaxLedgerSegments, kDefaultLedgerSegments}));
  return parameters;
}

}  // namespace clew::serve

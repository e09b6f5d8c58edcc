// SPDX-License-Identifier: Apache-2.0
// Properties: an error and a fault lie inside the text, at the line and column of their offset;
// what parses prints as a text that prints the same and is as valid as it was; what Tempo takes
// we take as well, as the same query; what a half-typed text surely asks for is valid.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "traceql/lenient.h"
#include "traceql/limits.h"
#include "traceql/parser.h"
#include "traceql/print.h"
#include "traceql/validate.h"

namespace {

using clew::traceql::Dialect;
using clew::traceql::Parse;
using clew::traceql::Print;
using clew::traceql::Validate;

void Demand(bool holds) {
  if (!holds) std::abort();
}

bool IsOverLimit(std::string_view text, const clew::traceql::ParseError& error) {
  return text.size() > clew::traceql::kMaxQueryBytes ||
         error.what.find("too deeply") != std::string::npos;
}

void DemandInside(const clew::traceql::Position& position, std::string_view text) {
  Demand(position.offset <= text.size());
  const std::string_view before = text.substr(0, position.offset);
  Demand(position.line == 1 + std::count(before.begin(), before.end(), '\n'));
  Demand(position.column == before.size() - (before.rfind('\n') + 1) + 1);
}

// What Validate says of it, empty when it is valid.
std::string FaultOf(const clew::traceql::Query& query, std::string_view text) {
  const auto valid = Validate(query);
  if (valid.ok()) return "";
  DemandInside(valid.error().position, text);
  Demand(!valid.error().message.empty());
  return valid.error().message;
}

void DemandSameWhenPrinted(const clew::traceql::Query& query, std::string_view text) {
  const std::string printed = Print(query);
  const auto again = Parse(printed);
  // Spaces and parentheses that the printer adds may take it over a limit.
  if (!again.ok() && IsOverLimit(printed, again.error())) return;
  Demand(again.ok());
  Demand(Print(again.value()) == printed);
  Demand(FaultOf(again.value(), printed) == FaultOf(query, text));
}

void DemandLenientAnswerIsValid(std::string_view text) {
  const auto matchers = clew::traceql::ParseLenient(text);
  if (!matchers) return;
  const std::string printed = "{ " + Print(*matchers) + " }";
  const auto query = Parse(printed);
  if (!query.ok() && IsOverLimit(printed, query.error())) return;
  Demand(query.ok() && Validate(query.value()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  DemandLenientAnswerIsValid(text);
  DemandLenientAnswerIsValid(text.substr(0, size / 2));
  const auto query = Parse(text);
  const auto tempos = Parse(text, Dialect::kTempo);
  if (tempos.ok()) Demand(query.ok() && Print(query.value()) == Print(tempos.value()));
  if (query.ok()) {
    DemandSameWhenPrinted(query.value(), text);
    return 0;
  }
  DemandInside(query.error().position, text);
  Demand(query.error().whole || query.error().Message().starts_with("parse error at line "));
  return 0;
}

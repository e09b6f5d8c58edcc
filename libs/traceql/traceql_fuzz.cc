// SPDX-License-Identifier: Apache-2.0
// Properties: an error lies inside the text; what parses prints as a text that prints the
// same and is as valid as it was; half of a text is taken leniently.
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

bool IsOverLimit(std::string_view text, const clew::traceql::ParseError& error) {
  return text.size() > clew::traceql::kMaxQueryBytes ||
         error.what.find("too deeply") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)clew::traceql::ParseLenient(text.substr(0, size / 2));
  const auto query = clew::traceql::Parse(text);
  if (!query.ok()) {
    if (query.error().position.offset > size || query.error().Message().empty()) std::abort();
    return 0;
  }
  const bool valid = clew::traceql::Validate(query.value()).ok();
  const std::string printed = clew::traceql::Print(query.value());
  const auto again = clew::traceql::Parse(printed);
  // Spaces and parentheses that the printer adds may take it over a limit.
  if (!again.ok() && IsOverLimit(printed, again.error())) return 0;
  if (!again.ok()) std::abort();
  if (clew::traceql::Print(again.value()) != printed) std::abort();
  if (clew::traceql::Validate(again.value()).ok() != valid) std::abort();
  return 0;
}

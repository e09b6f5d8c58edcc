// SPDX-License-Identifier: Apache-2.0
// Property: an expression that an automaton is made of is one for RE2, and both match the same
// texts. The input is the expression and, after a line feed, the text.
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/eval/byte_automaton.h"
#include "store/utf8_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(input.find('\n'), size);
  const std::string pattern(input.substr(0, end));
  const std::string text(input.substr(std::min(end + 1, size)));
  if (!clew::store::IsUtf8(text)) return 0;
  const auto automaton = clew::query::ByteAutomaton::Build(pattern);
  if (!automaton) return 0;
  RE2::Options options(RE2::Quiet);
  options.set_dot_nl(true);
  const RE2 regex(pattern, options);
  if (!regex.ok() || RE2::FullMatch(text, regex) != automaton->Matches(text)) std::abort();
  return 0;
}

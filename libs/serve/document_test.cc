// SPDX-License-Identifier: Apache-2.0
// Holds docs/ledger.md and docs/comparison.md to what the API says of many drawn traces, in the
// words of `clew why`.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/amount_text.h"
#include "ledger/document_fixture.h"
#include "serve/drawn_traces_fixture.h"
#include "wire/json_scalar.h"
#include "wire/json_tree.h"

namespace clew::serve {
namespace {

using ledger::PageExample;
using wire::JsonElements;
using wire::JsonValue;

// REQUIRES: it has that member
JsonValue Member(const JsonValue& object, std::string_view key) {
  wire::JsonMembers members(object);
  while (members.Next()) {
    if (members.key() == key) return members.value();
  }
  ADD_FAILURE() << "there is no " << key;
  return object;
}

std::string Text(const JsonValue& object, std::string_view key) {
  return std::string(Member(object, key).text());
}
uint64_t Number(const JsonValue& object, std::string_view key) {
  return static_cast<uint64_t>(wire::ReadJsonInt64(Member(object, key)).value_or(0));
}
double Real(const JsonValue& object, std::string_view key) {
  return std::stod(Text(object, key));
}
std::string Percent(double share) {
  return std::to_string(std::llround(100 * share)) + " %";
}

std::vector<JsonValue> ElementsOf(const JsonValue& array) {
  std::vector<JsonValue> elements;
  JsonElements each(array);
  while (each.Next()) elements.push_back(each.value());
  return elements;
}

// "a, b"; empty: nothing.
template <typename Name>
std::string Listed(const std::vector<JsonValue>& values, Name name) {
  std::string list;
  for (const JsonValue& value : values) list += (list.empty() ? "" : ", ") + name(value);
  return list;
}

std::string Notes(const JsonValue& answer) {
  std::string lines;
  for (const JsonValue& note : ElementsOf(Member(answer, "notes"))) {
    lines += "note: " + Text(note, "text") + "\n";
  }
  return lines;
}

// --- A trace and what is usual ---------------------------------------------------------

std::string UsualSpans(const JsonValue& usual) {
  std::string lines;
  for (const JsonValue& span : ElementsOf(Member(usual, "spans"))) {
    lines += "spans of " + Text(span, "service") + " " + Text(span, "operation") + ": " +
             Text(span, "count") + ", median " + ledger::AmountText(Number(span, "medianNanos")) +
             "\n";
  }
  return lines;
}

std::string WithWhatIsUsual(const PageExample& example) {
  const DrawnStore traces(ReadTraces(example).groups);
  DrawnStore::Parameters parameters;
  if (example.Asks(" by=")) parameters.emplace_back("by", example.OptionOf("by"));
  std::string body = traces.LedgerOfTheOne(std::move(parameters));
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(body, failure)) return body;
  std::string text = "\nsays: " + Text(Member(tree.root(), "verdict"), "text") + "\n";
  if (example.Asks(" spans")) text += UsualSpans(Member(tree.root(), "usual"));
  return text + Notes(tree.root());
}

TEST(LedgerDocument, ShowsWhatIsUsual) {
  const std::vector<PageExample> examples = ledger::ExamplesOf("ledger.md", "usual");
  for (const PageExample& example : examples) {
    EXPECT_EQ(example.told, WithWhatIsUsual(example)) << example.drawn;
  }
  EXPECT_GE(examples.size(), 7U);
}

// --- Two sets of traces -----------------------------------------------------------------

// The value of a flag of the command, without its quotes.
std::optional<std::string> FlagIn(const std::string& command, const std::string& flag) {
  const size_t place = (" " + command).find(" --" + flag + " ");
  if (place == std::string::npos) return std::nullopt;
  const size_t value = place + flag.size() + 3;
  const bool quoted = command[value] == '\'';
  const size_t begin = value + (quoted ? 1 : 0);
  return command.substr(begin, command.find(quoted ? '\'' : ' ', begin) - begin);
}

// As the command asks the API.
DrawnStore::Parameters ParametersOf(const std::string& command) {
  if (command.empty()) return {{"q", "{ span.v = \"2\" }"}, {"baseline", "{ span.v = \"1\" }"}};
  constexpr std::array<std::pair<const char*, const char*>, 4> kFlags = {
      {{"q", "q"}, {"vs", "baseline"}, {"by", "by"}, {"service", "service"}}};
  DrawnStore::Parameters parameters;
  for (const auto& [flag, parameter] : kFlags) {
    if (const auto value = FlagIn(command, flag)) parameters.emplace_back(parameter, *value);
  }
  return parameters;
}

// What differs between the sets besides times.
std::string Attributes(const JsonValue& answer) {
  std::string lines;
  for (const JsonValue& each : ElementsOf(Member(answer, "attributes"))) {
    const auto share = [&](std::string_view set) {
      const JsonValue counted = Member(each, set);
      return Percent(Real(counted, "with") / Real(counted, "traces"));
    };
    const bool is_absent = Member(each, "value").is_null();
    lines += share("set") + " have " + (is_absent ? "no " : "") + Text(each, "key") +
             (is_absent ? "" : " = " + Text(each, "value")) + " (normally " + share("baseline") +
             "), which explains " + Percent(Real(each, "explained"));
    const std::string copies = Listed(
        ElementsOf(Member(each, "copies")),
        [](const JsonValue& copy) { return Text(copy, "key") + " = " + Text(copy, "value"); });
    lines += (copies.empty() ? "" : "; likewise " + copies) + ".\n";
  }
  const auto name = [](const JsonValue& key) {
    return Text(key, "key") + " (" + Text(key, "reason") + ")";
  };
  return lines + "left out: " + Listed(ElementsOf(Member(answer, "attributesLeftOut")), name) +
         "\n";
}

// The traces to look at by their numbers, and a digit for each bin of durations.
std::string Examples(const JsonValue& answer) {
  std::string lines;
  for (const std::string_view set : {"set", "baseline"}) {
    const JsonValue examples = Member(Member(answer, "examples"), set);
    for (const std::string_view kind : {"typical", "slowest"}) {
      lines += std::string(kind) + " of the " + std::string(set) + ": " +
               Listed(ElementsOf(Member(examples, kind)),
                      [](const JsonValue& trace) {
                        return std::to_string(DrawnStore::NumberOf(Text(trace, "traceId")));
                      }) +
               "\n";
    }
  }
  const JsonValue durations = Member(answer, "durations");
  for (const std::string_view set : {"set", "baseline"}) {
    lines += std::string(8 - set.size(), ' ') + std::string(set) + " |";
    for (const JsonValue& count : ElementsOf(Member(durations, set))) lines += count.text();
    lines += "|\n";
  }
  return lines;
}

std::string Difference(const PageExample& example, const JsonValue& answer) {
  const JsonValue difference = Member(answer, "difference");
  std::string text;
  if (example.Asks(" services")) {
    std::vector<JsonValue> services = ElementsOf(Member(difference, "services"));
    std::erase_if(services, [](const JsonValue& service) {
      return Member(service, "standsOut").type() != wire::JsonType::kTrue;
    });
    text += "charged to: " +
            Listed(services, [](const JsonValue& service) { return Text(service, "service"); }) +
            "\n";
  }
  if (const uint64_t left_out = Number(difference, "leftOut"); left_out > 0) {
    text += "left out of what is usual: " + std::to_string(left_out) + "\n";
  }
  if (example.Asks(" attributes")) text += Attributes(answer);
  if (example.Asks(" examples")) text += Examples(answer);
  return text;
}

// Of rows by path, below their callers, all that is below them is a part.
std::string RowsOf(const JsonValue& answer) {
  std::string lines;
  for (const JsonValue& row : ElementsOf(Member(answer, "rows"))) {
    lines += "  " + ledger::AmountText(Number(row, "nanos")) + "  " + Text(row, "label") +
             ", a trace's median " + ledger::AmountText(Number(row, "p50Nanos")) + ", absent in " +
             Text(row, "absent") + "\n";
  }
  return lines;
}

std::string Compared(const PageExample& example) {
  const DrawnTraces traces = ReadTraces(example);
  std::string body = DrawnStore(traces.groups).LedgerOfMany(ParametersOf(traces.command));
  wire::JsonTree tree;
  wire::ScanFailure failure;
  if (!tree.Parse(body, failure)) return body;
  const JsonValue answer = tree.root();
  std::string text = "\n" + Text(Member(answer, "verdict"), "text") + "\n";
  const bool has_baseline = body.find("\"difference\":") != std::string::npos;
  text += has_baseline ? Difference(example, answer) : RowsOf(answer);
  return text + Notes(answer);
}

TEST(ComparisonDocument, ShowsWhatComesOfItsDrawings) {
  const std::vector<PageExample> examples = ledger::ExamplesOf("comparison.md", "compare");
  for (const PageExample& example : examples) {
    EXPECT_EQ(example.told, Compared(example)) << example.drawn;
  }
  EXPECT_GE(examples.size(), 15U);
}

}  // namespace
}  // namespace clew::serve

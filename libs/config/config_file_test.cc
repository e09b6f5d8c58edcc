// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.h"

#include <gmock/gmock.h>

namespace clew::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const KnownKeys kKnown{.server = {"data", "keep", "port-api", "port-zipkin", "query-queue",
                                  "query-queue-wait", "tenant-rate", "tenant-burst"},
                       .tenant = {"rate", "span-rate"}};

std::vector<std::string> Texts(const ParsedFile& parsed) {
  std::vector<std::string> texts;
  for (const Setting& setting : parsed.settings) {
    std::string text = std::to_string(setting.line) + " ";
    if (!setting.tenant.empty()) text += setting.tenant + "/";
    text += setting.key;
    for (const std::string& value : setting.values) text += "=" + value;
    texts.push_back(text);
  }
  return texts;
}

ParsedFile Parse(std::string_view text, const Variables& variables = {}) {
  return ParseFile(text, "c.yaml", kKnown, variables);
}

std::vector<std::string> ErrorsOf(std::string_view text, const Variables& variables = {}) {
  return Parse(text, variables).errors;
}

TEST(ConfigFile, JoinsKeysWithinKeys) {
  const ParsedFile parsed = Parse(
      "data: /d\n"
      "tenant: {rate: 20MiB, burst: 1}\n"
      "port:\n"
      "  api: 0x10\n"
      "  zipkin: off\n"
      "query:\n"
      "  queue: 7\n"
      "  queue-wait: 3s\n");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(Texts(parsed),
              ElementsAre("1 data=/d", "2 tenant-rate=20MiB", "2 tenant-burst=1", "4 port-api=0x10",
                          "5 port-zipkin=off", "7 query-queue=7", "8 query-queue-wait=3s"));
}

TEST(ConfigFile, TakesListsAndTenantsAndHeadingsWithNothingBelow) {
  const ParsedFile parsed = Parse(
      "keep: ['{ }=1d', b]\n"
      "tenants:\n"
      "  a.b: {rate: 5, span: {rate: 6}}\n"
      "  empty:\n"
      "port:\n");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(Texts(parsed), ElementsAre("1 keep={ }=1d=b", "3 a.b/rate=5", "3 a.b/span-rate=6"));
  EXPECT_THAT(Texts(Parse("")), IsEmpty());
  EXPECT_THAT(ErrorsOf("tenants:\n"), IsEmpty());
}

TEST(ConfigFile, SaysOfEveryErrorWhereItIs) {
  EXPECT_THAT(
      ErrorsOf("data: a\n"
               "tenant:\n"
               "  rat: 5\n"
               "distributor: {receivers: {otlp: 1, zipkin: 2}}\n"
               "data: b\n"
               "tenant-rate:\n"
               "port: {api: {x: 1}, zipkin: ''}\n"
               "tenants: {a: {burst: 1}, b: 7}\n"),
      ElementsAre("c.yaml:3: unknown key 'tenant-rat'; did you mean 'tenant-rate'?",
                  "c.yaml:4: unknown key 'distributor'; `clew config example` shows what "
                  "there is",
                  "c.yaml:5: the key 'data' is here twice", "c.yaml:6: tenant-rate: has no value",
                  "c.yaml:7: port-api: expected a value, found keys",
                  "c.yaml:7: port-zipkin: has no value",
                  "c.yaml:8: unknown key 'burst'; `clew config example` shows what there "
                  "is",
                  "c.yaml:8: tenants: b: expected keys and values"));
  EXPECT_THAT(ErrorsOf("tenant: {rate: 1}\n\ntenant-rate: 2\n"),
              ElementsAre("c.yaml:3: the key 'tenant-rate' is here twice, at first in line 1"));
  EXPECT_THAT(ErrorsOf("- a\n"), ElementsAre("c.yaml:1: expected keys and values"));
  EXPECT_THAT(ErrorsOf("a: [1\nb: {\n"), ElementsAre(testing::StartsWith("c.yaml:")));
  EXPECT_THAT(ErrorsOf("keep: []\n"), ElementsAre("c.yaml:1: keep: has no value"));
  EXPECT_THAT(ErrorsOf("keep: [a, [b]]\n"), ElementsAre("c.yaml:1: keep: has no value"));
}

TEST(ConfigFile, PutsVariablesIntoValues) {
  const Variables variables{{"PORT", "77"}, {"EMPTY", ""}};
  const ParsedFile parsed = Parse(
      "data: /x/${PORT}/${NONE:-y}$$\n"
      "port-api: ${EMPTY}\n"
      "tenant-rate: ${EMPTY:-3}\n",
      variables);
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(Texts(parsed), ElementsAre("1 data=/x/77/y$", "3 tenant-rate=3"));
  EXPECT_THAT(ErrorsOf("\ndata: ${NONE}\nport-api: $X\ntenant-rate: ${1A}\nkeep: ${A\n"),
              ElementsAre("c.yaml:2: data: the variable NONE is not set, and '${NONE:-...}' would "
                          "say what to take then",
                          "c.yaml:3: port-api: '$' begins a '${VARIABLE}'; a dollar is '$$'",
                          "c.yaml:4: tenant-rate: '${1A}' names no variable",
                          "c.yaml:5: keep: '${' has no '}'"));
}

TEST(ConfigFile, EndsWhereAliasesGoInCircles) {
  EXPECT_THAT(ErrorsOf("tenant: &a\n  rate: *a\n  tenant: *a\n"), testing::SizeIs(2));
}

TEST(PrintSettings, WritesWhatReadsTheSame) {
  const std::vector<Setting> settings = {
      {.key = "data", .values = {"a \"b\"\\\n\x01$ ${X} \u00e9"}},
      {.key = "keep", .values = {"{ status = error }=30d", "null", "~", "x:"}},
      {.key = "rate", .values = {"off"}, .tenant = "a: b"}};
  const std::string text = PrintSettings(settings);
  EXPECT_EQ(text,
            "data: \"a \\\"b\\\"\\\\\\x0a\\x01$$ $${X} \u00e9\"\n"
            "keep:\n"
            "  - \"{ status = error }=30d\"\n"
            "  - \"null\"\n"
            "  - \"~\"\n"
            "  - \"x:\"\n"
            "tenants:\n"
            "  \"a: b\":\n"
            "    rate: off\n");
  const ParsedFile parsed = Parse(text);
  EXPECT_THAT(parsed.errors, IsEmpty());
  ASSERT_THAT(parsed.settings, testing::SizeIs(3));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(parsed.settings[i].values, settings[i].values);
    EXPECT_EQ(parsed.settings[i].tenant, settings[i].tenant);
  }
}

TEST(Settings, HaveVariables) {
  EXPECT_EQ(VariableOf("tenant-span-rate"), "CLEW_TENANT_SPAN_RATE");
}

}  // namespace
}  // namespace clew::config

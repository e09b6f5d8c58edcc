// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { quoted, tokensOf, unquoted } from "./traceql_tokens";

const kinds = (text: string): readonly string[] => tokensOf(text).map((token) => `${token.kind} ${token.text}`);

test("a query is cut into its tokens", () => {
  deepEqual(kinds('{ resource.service.name = "a \\"b\\"" && span:duration >= 1h30m }'), [
    "brace {", "attribute resource.service.name", "operator =", 'string "a \\"b\\""', "operator &&",
    "intrinsic span:duration", "operator >=", "number 1h30m", "brace }",
  ]);
});

test("names end where the language ends them", () => {
  deepEqual(kinds(".foo-bar+1=2"), ["attribute .foo-bar+1", "operator =", "number 2"]);
  deepEqual(kinds('span."a b".c!=nil'), ['attribute span."a b".c', "operator !=", "word nil"]);
  deepEqual(kinds("parent.span.x"), ["attribute parent.span.x"]);
});

test("the longest operator wins", () => {
  deepEqual(kinds("{}!>>{}&<<{}"), ["brace {", "brace }", "operator !>>", "brace {", "brace }", "operator &<<", "brace {", "brace }"]);
});

test("fractions, exponents and comments are tokens", () => {
  deepEqual(kinds("| quantile_over_time(duration, .95, 1e3) // why"), [
    "pipe |", "word quantile_over_time", "paren (", "word duration", "comma ,", "number .95", "comma ,", "number 1e3",
    "paren )", "comment // why",
  ]);
});

test("what is half typed is cut as well", () => {
  deepEqual(kinds('{ span. = "che'), ["brace {", "attribute span.", "operator =", 'string "che']);
  deepEqual(kinds("{ trace: ? }"), ["brace {", "intrinsic trace:", "unknown ?", "brace }"]);
});

test("every letter is in one token or is space", () => {
  const text = "{ a \u00e9 $ `raw` /* x } 5xx 1.5.2 \"";
  equal(tokensOf(text).map((token) => token.text).join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
});

test("a literal goes there and back", () => {
  for (const text of ["", "a", 'say "hi"', "back\\slash", "two\nlines", "\u00e9\u4e16"]) equal(unquoted(quoted(text)), text);
  equal(unquoted("`a\\b`"), "a\\b");
  equal(unquoted('"open'), undefined);
});

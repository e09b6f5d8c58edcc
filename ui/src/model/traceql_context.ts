// SPDX-License-Identifier: Apache-2.0
// What may be typed at the cursor of a query that is half typed: the tokens before it say.
import { isIntrinsic, kMetricsFunctions } from "./traceql_words";
import { type Token, tokensOf } from "./traceql_tokens";

export type Expected =
  /** A field: in braces, or in the parentheses of by(), select() and functions. */
  | { readonly kind: "field"; readonly inBraces: boolean }
  | { readonly kind: "comparison" }
  | { readonly kind: "value"; readonly field: string; readonly query: string }
  /** && or || within braces. */
  | { readonly kind: "join" }
  /** What follows a spanset. */
  | { readonly kind: "spansetJoin" }
  | { readonly kind: "stage" }
  /** by () behind a metrics function. */
  | { readonly kind: "grouping" }
  | { readonly kind: "spanset" }
  | { readonly kind: "nothing" };

export interface CompletionPlace {
  readonly expected: Expected;
  /** What is replaced: the token the cursor is in or just behind. */
  readonly from: number;
  readonly to: number;
}

const kWords: readonly string[] = ["attribute", "intrinsic", "word", "number", "string", "unknown"];
/** by (…) and functions of a field. */
const kTakesFields: ReadonlySet<string> = new Set([
  "by", "select", "sort", "min", "max", "avg", "sum", "min_over_time", "max_over_time", "avg_over_time", "sum_over_time",
  "quantile_over_time", "histogram_over_time",
]);
const kComparison = /^(=|!=|=~|!~|>|>=|<|<=)$/;

export function completionPlace(text: string, cursor: number): CompletionPlace {
  const tokens = tokensOf(text);
  const touched = tokens.find(({ from, to, kind }) => from < cursor && cursor <= to && kWords.includes(kind));
  const inComment = tokens.some(({ kind, from, to }) => kind === "comment" && from < cursor && cursor <= to);
  const from = touched ? startOfName(tokens, touched) : cursor;
  const to = touched?.to ?? cursor;
  if (inComment) return { expected: { kind: "nothing" }, from, to };
  const before = tokens.filter((token) => token.to <= from && token.kind !== "comment");
  const open = openBefore(before);
  const braced = open.some(({ text: sign }) => sign === "{");
  const expected = braced ? inBraces(text, before, { from, to }) : outside(before, open.at(-1));
  return { expected, from, to };
}

/** `service.name`, typed without a scope, is a word and an attribute to the language, and one name to who types. */
function startOfName(tokens: readonly Token[], touched: Token): number {
  const before = tokens[tokens.indexOf(touched) - 1];
  const dotted = touched.kind === "attribute" && touched.text.startsWith(".");
  return dotted && before?.kind === "word" && before.to === touched.from ? before.from : touched.from;
}

/** The braces and parentheses the cursor stands in, the innermost last. */
function openBefore(before: readonly Token[]): readonly Token[] {
  const open: Token[] = [];
  for (const token of before) {
    if (token.text === "{" || token.text === "(") open.push(token);
    if (token.text === "}" || token.text === ")") open.pop();
  }
  return open;
}

function inBraces(text: string, before: readonly Token[], place: { readonly from: number; readonly to: number }): Expected {
  const last = before.at(-1);
  if (!last) return { kind: "nothing" };
  if (last.kind === "operator" && kComparison.test(last.text)) {
    const field = before.at(-2);
    if (!field || !isField(field)) return { kind: "nothing" };
    return { kind: "value", field: field.text, query: spansetAround(text, before, place) };
  }
  if (last.text === "{" || last.text === "(" || last.kind === "operator") return { kind: "field", inBraces: true };
  // A field that is compared already, or a value, is complete.
  if (isField(last) && !isOperand(before)) return { kind: "comparison" };
  return { kind: "join" };
}

function isField(token: Token): boolean {
  return token.kind === "attribute" || token.kind === "intrinsic" || (token.kind === "word" && isIntrinsic(token.text));
}

function isOperand(before: readonly Token[]): boolean {
  const operator = before.at(-2);
  return operator?.kind === "operator" && kComparison.test(operator.text);
}

/** The braces around the cursor without the value that is being typed: what narrows the values on offer. */
function spansetAround(text: string, before: readonly Token[], place: { readonly from: number; readonly to: number }): string {
  const open = [...before].reverse().find(({ text: sign }) => sign === "{")?.from ?? 0;
  const rest = text.slice(place.to);
  const close = tokensOf(rest).find(({ text: sign }) => sign === "}");
  const inner = text.slice(open, place.from) + (close ? rest.slice(0, close.from) : rest);
  return `${inner.trimEnd()} }`;
}

function outside(before: readonly Token[], opened: Token | undefined): Expected {
  const last = before.at(-1);
  if (!last) return { kind: "spanset" };
  if (last.text === "|") return { kind: "stage" };
  if (opened) {
    const name = before[before.indexOf(opened) - 1];
    if (name?.kind === "word" && !kTakesFields.has(name.text)) return { kind: "nothing" };
    if (name?.kind === "word") return last === opened || last.kind === "comma" ? { kind: "field", inBraces: false } : { kind: "nothing" };
  }
  if (last.text === "}") return { kind: "spansetJoin" };
  if (last.text === ")") return afterParentheses(before);
  if (last.text === "(" || last.kind === "operator") return { kind: "spanset" };
  return { kind: "nothing" };
}

function afterParentheses(before: readonly Token[]): Expected {
  let depth = 0;
  for (let at = before.length - 1; at >= 0; --at) {
    const { text } = before[at]!;
    if (text === ")") ++depth;
    if (text === "(" && --depth === 0) {
      const name = before[at - 1];
      if (name?.kind !== "word") return { kind: "spansetJoin" };
      return kMetricsFunctions.has(name.text) ? { kind: "grouping" } : { kind: "nothing" };
    }
  }
  return { kind: "nothing" };
}

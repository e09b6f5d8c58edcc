// SPDX-License-Identifier: Apache-2.0
// A query that is a plain conjunction, { a = 1 && b = 2 }, is also a list of conditions that can be added and
// taken away one by one; text and list stay in step. A query that says more has no such list.
import { narrowed } from "./query_parts";
import { isConstant, isIntrinsic, keywordsOf } from "./traceql_words";
import { quoted, type Token, tokensOf, unquoted } from "./traceql_tokens";

/** What links of before ask for. */
export interface FilterForm {
  readonly service: string;
  readonly name: string;
  readonly tags: string;
  /** Of the trace, as TraceQL writes durations. */
  readonly minDuration: string;
  readonly maxDuration: string;
}

export const kEmptyForm: FilterForm = { service: "", name: "", tags: "", minDuration: "", maxDuration: "" };

/** One condition. */
export interface Matcher {
  readonly field: string;
  readonly operator: string;
  /** As it is written: `"linux"`, 200, error. */
  readonly value: string;
}

const kComparison = /^(=|!=|=~|!~|>|>=|<|<=)$/;
const kDuration = /^(\d+(\.\d+)?(ns|us|µs|ms|[smhdwy]))+$/;
const kNumber = /^-?(\d+(\.\d*)?|\.\d+)$/;

/** The query of a form, "" for an empty one, or the name of the field that cannot be understood. */
export function queryOf(form: FilterForm): { readonly text: string } | { readonly wrong: keyof FilterForm } {
  const tags = matchersOfTags(form.tags);
  if (!tags) return { wrong: "tags" };
  const matchers = [...tags];
  if (form.name.trim()) matchers.unshift({ field: "name", operator: "=", value: quoted(form.name.trim()) });
  if (form.service.trim()) {
    matchers.unshift({ field: "resource.service.name", operator: "=", value: quoted(form.service.trim()) });
  }
  for (const [place, operator] of [["minDuration", ">="], ["maxDuration", "<="]] as const) {
    // A person writes "100 ms"; the language wants "100ms".
    const value = form[place].replace(/\s+/g, "");
    if (value && !kDuration.test(value)) return { wrong: place };
    if (value) matchers.push({ field: "trace:duration", operator, value });
  }
  return { text: textOfMatchers(matchers) };
}

export function matcherText({ field, operator, value }: Matcher): string {
  return `${field} ${operator} ${value}`;
}

/** "" for no condition. */
export function textOfMatchers(matchers: readonly Matcher[]): string {
  return matchers.length ? `{ ${matchers.map(matcherText).join(" && ")} }` : "";
}

/** The conditions of a query; undefined when it is no plain conjunction. */
export function matchersOf(text: string): readonly Matcher[] | undefined {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return [];
  if (tokens[0]!.text !== "{" || tokens.at(-1)!.text !== "}") return undefined;
  const inner = tokens.slice(1, -1);
  const matchers: Matcher[] = [];
  for (let at = 0; at < inner.length; ) {
    if (matchers.length > 0 && inner[at++]!.text !== "&&") return undefined;
    const [field, operator, first, second] = inner.slice(at, at + 4);
    if (!field || !operator || !first || !isField(field) || !kComparison.test(operator.text)) return undefined;
    const negative = first.text === "-" && second?.kind === "number";
    if (!negative && !isValue(first)) return undefined;
    matchers.push({ field: field.text, operator: operator.text, value: negative ? `-${second.text}` : first.text });
    at += negative ? 4 : 3;
  }
  return matchers;
}

/** The query with one more condition. One of the same field and operator gives way; a query that is no plain
 * conjunction gets a stage of it. undefined when there is no place for it. */
export function withMatcher(text: string, matcher: Matcher): string | undefined {
  const matchers = matchersOf(text);
  if (!matchers) return narrowed(text, matcherText(matcher));
  const others = matchers.filter(({ field, operator }) => field !== matcher.field || operator !== matcher.operator);
  return textOfMatchers([...others, matcher]);
}

export function hasMatcher(text: string, matcher: Matcher): boolean {
  return matchersOf(text)?.some((each) => matcherText(each) === matcherText(matcher)) ?? false;
}

/** The plain conjunction without a condition it has. */
export function withoutMatcher(text: string, matcher: Matcher): string {
  return textOfMatchers((matchersOf(text) ?? []).filter((each) => matcherText(each) !== matcherText(matcher)));
}

function isField(token: Token): boolean {
  if (token.kind === "attribute") return !token.text.endsWith(".");
  return (token.kind === "intrinsic" || token.kind === "word") && isIntrinsic(token.text);
}

function isValue(token: Token): boolean {
  if (token.kind === "string") return unquoted(token.text) !== undefined;
  return token.kind === "number" || (token.kind === "word" && isConstant(token.text));
}

// --- tags ---

const kScoped = /^(\.|span\.|resource\.|event\.|link\.|instrumentation\.|parent\.)/;
const kTag = /\s*(?:(?:&&|,)\s*)?((?:"(?:\\.|[^"\\])*"|[^\s{}()=~!<>&|^,"])+)\s*(=~|!~|!=|>=|<=|=|>|<)\s*("(?:\\.|[^"\\])*"|`[^`]*`|[^\s"`,&|{}()]+)(?=[\s,&]|$)/y;

/** `os.type` asks for .os.type; a name with its scope, and an intrinsic, stand for themselves. */
export function fieldOfTag(name: string): string {
  return kScoped.test(name) || isIntrinsic(name) ? name : `.${name}`;
}

/** Conditions as tags are typed, `os.type=linux status=error`; undefined when they cannot be understood. */
export function matchersOfTags(text: string): readonly Matcher[] | undefined {
  const matchers: Matcher[] = [];
  const end = text.trimEnd().length;
  kTag.lastIndex = 0;
  while (kTag.lastIndex < end) {
    const [, name, operator, value] = kTag.exec(text) ?? [];
    if (!name || !operator || !value) return undefined;
    // As searches by tags have always said it.
    const failed = name === "error" && operator === "=" && value === "true";
    const field = failed ? "status" : fieldOfTag(name);
    matchers.push({ field, operator, value: failed ? "error" : writtenValue(field, value) });
  }
  return matchers;
}

/** What is no number, duration or word of the language is a text, quoted or not. */
export function writtenValue(field: string, value: string): string {
  if (unquoted(value) !== undefined || kNumber.test(value) || kDuration.test(value)) return value;
  return /^(true|false|nil)$/.test(value) || keywordsOf(field).includes(value) ? value : quoted(value);
}

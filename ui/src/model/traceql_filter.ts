// SPDX-License-Identifier: Apache-2.0
// A query that is a plain conjunction, { a = 1 && b = 2 }, is also a form: service, span name, how long the
// trace took, and the other matchers as tags, `os.type="linux" status=error`. Both ways, so that text and form
// stay in step; a query that says more has no form.
import { isConstant, isIntrinsic, keywordsOf } from "./traceql_words";
import { quoted, type Token, tokensOf, unquoted } from "./traceql_tokens";

export interface FilterForm {
  readonly service: string;
  readonly name: string;
  readonly tags: string;
  /** Of the trace, as TraceQL writes durations. */
  readonly minDuration: string;
  readonly maxDuration: string;
}

export const kEmptyForm: FilterForm = { service: "", name: "", tags: "", minDuration: "", maxDuration: "" };

interface Matcher {
  readonly field: string;
  readonly operator: string;
  /** As it is written: `"linux"`, 200, error. */
  readonly value: string;
}

const kComparison = /^(=|!=|=~|!~|>|>=|<|<=)$/;
const kDuration = /^(\d+(\.\d+)?(ns|us|µs|ms|[smhdwy]))+$/;
const kNumber = /^-?(\d+(\.\d*)?|\.\d+)$/;

/** The form of a query; undefined when it is no plain conjunction. */
export function formOf(text: string): FilterForm | undefined {
  const matchers = matchersOf(tokensOf(text));
  if (!matchers) return undefined;
  const form: { -readonly [K in keyof FilterForm]: string } = { ...kEmptyForm };
  const tags: string[] = [];
  for (const matcher of matchers) {
    const place = placeOf(matcher);
    const value = place === "service" || place === "name" ? unquoted(matcher.value) : matcher.value;
    if (place && value && !form[place]) form[place] = value;
    else tags.push(tagOf(matcher));
  }
  form.tags = tags.join(" ");
  return form;
}

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
  const parts = matchers.map(({ field, operator, value }) => `${field} ${operator} ${value}`);
  return { text: parts.length ? `{ ${parts.join(" && ")} }` : "" };
}

function placeOf({ field, operator, value }: Matcher): Exclude<keyof FilterForm, "tags"> | undefined {
  if (operator === "=" && unquoted(value) !== undefined) {
    if (field === "resource.service.name") return "service";
    if (field === "name" || field === "span:name") return "name";
  }
  if ((field === "trace:duration" || field === "traceDuration") && kDuration.test(value)) {
    if (operator === ">=") return "minDuration";
    if (operator === "<=") return "maxDuration";
  }
  return undefined;
}

function matchersOf(tokens: readonly Token[]): readonly Matcher[] | undefined {
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
function fieldOfTag(name: string): string {
  return kScoped.test(name) || isIntrinsic(name) ? name : `.${name}`;
}

function tagOf({ field, operator, value }: Matcher): string {
  const bare = field.startsWith(".") && fieldOfTag(field.slice(1)) === field ? field.slice(1) : field;
  return `${bare}${operator}${value}`;
}

function matchersOfTags(text: string): readonly Matcher[] | undefined {
  const matchers: Matcher[] = [];
  const end = text.trimEnd().length;
  kTag.lastIndex = 0;
  while (kTag.lastIndex < end) {
    const [, name, operator, value] = kTag.exec(text) ?? [];
    if (!name || !operator || !value) return undefined;
    // As searches by tags have always said it.
    const failed = name === "error" && operator === "=" && value === "true";
    const field = failed ? "status" : fieldOfTag(name);
    matchers.push({ field, operator, value: failed ? "error" : valueOfTag(field, value) });
  }
  return matchers;
}

/** What is no number, duration or word of the language is a text, quoted or not. */
function valueOfTag(field: string, value: string): string {
  if (unquoted(value) !== undefined || kNumber.test(value) || kDuration.test(value)) return value;
  return /^(true|false|nil)$/.test(value) || keywordsOf(field).includes(value) ? value : quoted(value);
}

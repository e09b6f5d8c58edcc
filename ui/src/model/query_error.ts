// SPDX-License-Identifier: Apache-2.0
// What the server says of a query it cannot take, and the place in the text it speaks of.
import { tokensOf } from "./traceql_tokens";

export interface QueryError {
  /** The text it speaks of. */
  readonly query: string;
  readonly message: string;
  /** What to do about it, in plain words. */
  readonly hint: string;
  /** As the server counts, from 1; absent when it names no place. */
  readonly line?: number;
  readonly column?: number;
  /** The part of the text that is meant; empty when nothing is. */
  readonly from: number;
  readonly to: number;
}

const kPrefix = /^invalid TraceQL query: /;

/** Reads the text of a 400; undefined when it does not speak of the query. */
export function queryErrorOf(answer: string, query: string): QueryError | undefined {
  if (!kPrefix.test(answer)) return undefined;
  const text = answer.replace(kPrefix, "").trim();
  const placed = /^parse error at line (\d+), col (\d+): (.*)$/s.exec(text);
  if (!placed) return { query, ...withHint(text), ...rangeOfPrinted(text, query) };
  const line = Number(placed[1]);
  const column = Number(placed[2]);
  return { query, ...withHint(placed[3]!), line, column, ...rangeAt(query, offsetOf(query, line, column)) };
}

/** The hint is the part in parentheses that ends the message. */
function withHint(text: string): { readonly message: string; readonly hint: string } {
  for (let open = text.indexOf(" ("); open >= 0 && text.endsWith(")"); open = text.indexOf(" (", open + 1)) {
    let depth = 0;
    let at = open + 1;
    for (; at < text.length; ++at) {
      if (text[at] === "(") ++depth;
      if (text[at] === ")" && --depth === 0) break;
    }
    if (at === text.length - 1) return { message: text.slice(0, open), hint: text.slice(open + 2, -1) };
  }
  return { message: text, hint: "" };
}

/** Columns count bytes of UTF-8. */
function offsetOf(query: string, line: number, column: number): number {
  const lines = query.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  let offset = before;
  let bytes = 0;
  for (const letter of lines[line - 1] ?? "") {
    if (bytes >= column - 1) break;
    bytes += new TextEncoder().encode(letter).length;
    offset += letter.length;
  }
  return Math.min(offset, query.length);
}

/** The token at the place, or the last letter where the text ends too early. */
function rangeAt(query: string, offset: number): { readonly from: number; readonly to: number } {
  const token = tokensOf(query).find(({ from, to }) => from <= offset && offset < to);
  if (token) return { from: token.from, to: token.to };
  const end = query.trimEnd().length;
  return { from: Math.max(0, end - 1), to: end };
}

/** A query that parses and yet is wrong is told with the part that is, printed behind the last colon. */
function rangeOfPrinted(text: string, query: string): { readonly from: number; readonly to: number } {
  for (let colon = text.indexOf(": "); colon >= 0; colon = text.indexOf(": ", colon + 1)) {
    const printed = text.slice(colon + 2);
    const from = query.indexOf(printed);
    if (from >= 0) return { from, to: from + printed.length };
  }
  return { from: 0, to: 0 };
}

// SPDX-License-Identifier: Apache-2.0
// Cuts TraceQL, also half-typed, into tokens for colouring and completion. It never fails: what is no token
// is one of kind "unknown". Whether a query is right is for the server to say, whose parser this is not.

export type TokenKind =
  | "brace"
  | "paren"
  | "comma"
  | "pipe"
  | "operator"
  /** A name in a scope, `span.http.method`, `.os.type`; also an unfinished `span.`. */
  | "attribute"
  /** `span:duration`; also an unfinished `trace:`. */
  | "intrinsic"
  /** `duration`, `error`, `rate`: what it is depends on its place. */
  | "word"
  | "number"
  | "string"
  | "comment"
  | "unknown";

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const kName = String.raw`(?:"(?:\\.|[^"\\])*"?|[^\s{}()=~!<>&|^,"])*`;

// In the order in which they are tried: the first that fits at a place is the token.
const kPatterns: readonly (readonly [TokenKind | "space", string])[] = [
  ["space", String.raw`\s+`],
  ["comment", String.raw`//[^\n]*|/\*[^]*?(?:\*/|$)`],
  ["string", String.raw`"(?:\\.|[^"\\\n])*"?|${"`"}[^${"`"}]*${"`"}?`],
  ["number", String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:(?:ns|us|µs|ms|[smhdwy])(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]))*)?(?![\w])`],
  ["attribute", String.raw`(?:parent\.)?(?:(?:span|resource|event|link|instrumentation)\.|\.)${kName}|parent\.${kName}`],
  ["intrinsic", String.raw`(?:span|trace|event|link|instrumentation):\w*`],
  ["word", String.raw`[A-Za-z_]\w*`],
  ["brace", "[{}]"],
  ["paren", "[()]"],
  ["comma", ","],
  ["operator", String.raw`[!&](?:<<|>>)|&&|\|\||!=|!~|=~|>=|<=|>>|<<|[!&][<>~]|[=<>~+\-*/%^!]`],
  ["pipe", String.raw`\|`],
  ["unknown", "[^]"],
];
const kToken = new RegExp(kPatterns.map(([, pattern]) => `(${pattern})`).join("|"), "gy");

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(kToken)) {
    const kind = kPatterns[match.slice(1).findIndex((group) => group !== undefined)]?.[0];
    if (!kind || kind === "space") continue;
    const from = match.index ?? 0;
    tokens.push({ kind, from, to: from + match[0].length, text: match[0] });
  }
  return tokens;
}

/** A literal of TraceQL that stands for the text. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r")}"`;
}

/** The text of a literal, `"a\"b"`; undefined when it is not closed. */
export function unquoted(literal: string): string | undefined {
  if (/^`[^`]*`$/.test(literal)) return literal.slice(1, -1);
  if (!/^"(?:\\.|[^"\\])*"$/s.test(literal)) return undefined;
  const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
  return literal.slice(1, -1).replace(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter);
}

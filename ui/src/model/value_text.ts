// SPDX-License-Identifier: Apache-2.0
// Long values as people read them: SQL by its clauses, JSON with indents, stack traces as they came.

export type LongValue = { readonly kind: "sql" | "json" | "stack" | "text"; readonly text: string };

const kSqlKey = /(^|\.)(db\.(statement|query\.text)|sql(\.query)?)$/;
const kStackKey = /(^|\.)(stacktrace|stack)$/;
/** Longer values are shown as they are: laying them out would take longer than reading them. */
const kMostLetters = 50_000;

/** Undefined for a value that stands on a line as it is. */
export function longValue(key: string, text: string): LongValue | undefined {
  if (text.length > kMostLetters) return { kind: "text", text };
  if (kStackKey.test(key)) return { kind: "stack", text: text.trim() };
  if (kSqlKey.test(key)) return /\s/.test(text) ? { kind: "sql", text: formatSql(text) } : undefined;
  if (/^\s*[[{]/.test(text) && text.length > 24) {
    const json = formatJson(text);
    if (json !== undefined) return { kind: "json", text: json };
  }
  return text.includes("\n") ? { kind: "text", text } : undefined;
}

function formatJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : undefined;
  } catch {
    return undefined;
  }
}

const kClauses = /^(SELECT|INSERT INTO|DELETE FROM|UPDATE|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|SET|VALUES|RETURNING|FOR UPDATE|FOR SHARE|UNION ALL|UNION|(?:LEFT |RIGHT |FULL |INNER |CROSS )?(?:OUTER )?JOIN|ON CONFLICT|ON|AND|OR|WITH)\b/i;
const kInner = /^(AND|OR|ON)\b/i;

/** Each clause on a line of its own, its first word right-aligned to the longest of the first words. */
export function formatSql(sql: string): string {
  const lines: { readonly word: string; rest: string }[] = [];
  let depth = 0;
  for (const token of sqlTokens(sql)) {
    const clause = depth === 0 ? kClauses.exec(token)?.[0] : undefined;
    if (clause !== undefined && !(kInner.test(clause) && lines.length === 0)) {
      lines.push({ word: clause, rest: token.slice(clause.length) });
      continue;
    }
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    const line = lines.at(-1);
    if (line) line.rest += token;
    else lines.push({ word: "", rest: token });
  }
  const width = Math.max(...lines.map(({ word }) => /^\S*/.exec(word)![0].length));
  return lines.map(({ word, rest }) => `${" ".repeat(Math.max(0, width - /^\S*/.exec(word)![0].length))}${word}${squeezed(rest, word === "")}`.trimEnd()).join("\n");
}

/** Texts and names in quotes stay as they are. */
function squeezed(text: string, first: boolean): string {
  const parts = text.split(/('(?:[^']|'')*'|"[^"]*"|`[^`]*`)/);
  const joined = parts.map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, " "))).join("");
  return first ? joined.trimStart() : joined;
}

/** Quoted texts, brackets, words that may begin a clause, and what is between. */
function sqlTokens(sql: string): readonly string[] {
  const clause = kClauses.source.slice(1);
  const pattern = new RegExp(`'(?:[^']|'')*'|"[^"]*"|\`[^\`]*\`|[()]|\\b${clause}|[A-Za-z_][\\w.$]*|\\s+|[^]`, "gi");
  return sql.trim().match(pattern) ?? [];
}

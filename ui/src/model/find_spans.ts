// SPDX-License-Identifier: Apache-2.0
// Finding spans of a trace by what the page has of them: words in service, name, peer, status message or the
// names of events, all of them wanted, "in quotes" as one, -with a minus none; a span ID finds its span.
// Each text is looked at once, then spans by the numbers of their texts. What begins with a brace is TraceQL and
// the server's to answer.
import type { ShownTrace } from "./shown_trace";

export interface FoundSpans {
  /** 1 for each span that matches. */
  readonly matches: Uint8Array;
  readonly count: number;
}

export function isTraceql(text: string): boolean {
  return text.trimStart().startsWith("{");
}

interface Word {
  readonly text: string;
  readonly excludes: boolean;
}

export function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)]
    .map(([, minus, quoted, plain]) => ({ text: (quoted ?? plain ?? "").toLowerCase(), excludes: minus === "-" }))
    .filter(({ text: word }) => word !== "");
}

export function findSpans(trace: ShownTrace, text: string): FoundSpans {
  const { columns } = trace.data;
  const { count } = columns;
  const matches = new Uint8Array(count).fill(1);
  for (const { text: word, excludes } of wordsOf(text)) {
    const holds = textsWith(trace, word);
    const byId = /^[0-9a-f]{16}$/.test(word) ? trace.find(word) : -1;
    for (let row = 0, event = 0; row < count; ++row) {
      let found = row === byId || holds[columns.name[row]!] === 1 || holds[columns.service[row]!] === 1 ||
        holds[columns.peer[row]!] === 1 || holds[columns.statusMessage[row]!] === 1;
      for (; event < columns.eventEnd[row]!; ++event) found ||= holds[columns.eventName[event]!] === 1;
      if (found === excludes) matches[row] = 0;
    }
  }
  return foundOf(matches);
}

function textsWith(trace: ShownTrace, word: string): Uint8Array {
  const holds = new Uint8Array(trace.texts.count);
  for (let text = 1; text < holds.length; ++text) {
    if (trace.texts.at(text).toLowerCase().includes(word)) holds[text] = 1;
  }
  return holds;
}

export function foundOf(matches: Uint8Array): FoundSpans {
  let count = 0;
  for (const match of matches) count += match;
  return { matches, count };
}

/** The next row that matches, round the end; -1 when none does. `step` is 1 or -1. */
export function nextMatch(count: number, row: number, step: 1 | -1, matches: (row: number) => boolean): number {
  for (let at = 1; at <= count; ++at) {
    const next = (row + step * at + 2 * count) % count;
    if (matches(next)) return next;
  }
  return -1;
}

/** Which match a row is, from 1; 0 when it is none. */
export function matchNumber({ matches }: FoundSpans, row: number): number {
  if (matches[row] !== 1) return 0;
  let number = 0;
  for (let at = 0; at <= row; ++at) number += matches[at]!;
  return number;
}

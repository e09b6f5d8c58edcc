// SPDX-License-Identifier: Apache-2.0
// A comparison as Markdown, for a report.
import { formatDuration, formatShare } from "../base/format";
import type { SetsQuery } from "./compare_query";
import type { AttributeValue, SetComparison } from "./set_comparison";
import type { TracePair } from "./trace_pair";

const kMostRows = 12;

/** span.tag = v2; no span.tag. */
export function attributeWords({ key, value }: AttributeValue): string {
  return value === undefined ? `no ${key}` : `${key} = ${value}`;
}

export function growthText(nanos: number): string {
  return `${nanos < 0 ? "−" : "+"}${formatDuration(Math.abs(nanos))}`;
}

const cell = (text: string): string => text.replace(/[\\|`*_[\]<>#]/g, "\\$&").replace(/\s+/g, " ");

export function comparisonMarkdown(comparison: SetComparison, { set, rest }: SetsQuery, address: string): string {
  const { verdict, parts, attributes } = comparison;
  const lines = [
    cell(verdict.map(({ text }) => text).join("")),
    "",
    `[${set.q || "{ }"} with ${rest.q || "{ }"}](${address}), ${comparison.set.traces} and ${comparison.rest.traces} traces`,
    "",
    "| part | set | rest | grew by |",
    "|---|---:|---:|---:|",
    ...parts.slice(0, kMostRows).map(({ label, now, usual, standsOut }) => (
      `| ${standsOut ? `**${cell(label)}**` : cell(label)} | ${formatDuration(now)} | ${formatDuration(usual)} | ${growthText(now - usual)} |`
    )),
  ];
  if (attributes.length > 0) {
    lines.push("", "| attribute | set | rest |", "|---|---:|---:|");
    for (const each of attributes) {
      lines.push(`| ${cell(attributeWords(each))} | ${formatShare(each.set.with, each.set.traces)} | ${formatShare(each.rest.with, each.rest.traces)} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const kLeastTold = 0.01;

/** The spans that differ by 1 % of the longer trace, and those above them. */
export function pairMarkdown(pair: TracePair, verdict: string, address: string): string {
  const { a, b, rows: { depth } } = pair;
  const rows = [...pair.visible(new Set(), kLeastTold * pair.length)].slice(0, 4 * kMostRows);
  const lines = [
    cell(verdict),
    "",
    `[Trace ${a.traceId} with ${b.traceId}](${address}), ${formatDuration(a.data.length)} and ${formatDuration(b.data.length)}`,
    "",
    "| span | A | B | A − B |",
    "|---|---:|---:|---:|",
    ...rows.map((row) => {
      const [inA, inB] = [pair.durationInA(row), pair.durationInB(row)];
      const change = inA === undefined ? "only in B" : inB === undefined ? "only in A" : growthText(pair.difference(row));
      const length = (nanos: number | undefined): string => (nanos === undefined ? "none" : formatDuration(nanos));
      return `| ${"· ".repeat(Math.min(12, depth[row]!))}${cell(pair.label(row))} | ${length(inA)} | ${length(inB)} | ${change} |`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

// SPDX-License-Identifier: Apache-2.0
// A trace as lines of text: CSV for a table, Markdown for a report. Both are made of what the page has.
import { formatDuration, formatShare } from "../base/format";
import type { ShownTrace } from "./shown_trace";

const kMostLines = 200;

/** Every cell is quoted where that is needed; a cell that a spreadsheet would run as a formula is text. */
function cell(value: string | number | bigint): string {
  const text = typeof value === "string" && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function traceCsv(trace: ShownTrace): string {
  const head = ["span_id", "parent_id", "depth", "service", "name", "kind", "status", "status_message", "start_unix_nano", "duration_ns", "self_ns", "critical_path_ns", "events"];
  const lines = [head.join(",")];
  const { depth, eventEnd } = trace.data.columns;
  for (let row = 0; row < trace.count; ++row) {
    const above = trace.parent(row);
    const status = ["unset", "ok", "error"][trace.data.columns.status[row]!] ?? "unset";
    lines.push([
      trace.spanId(row), above < 0 ? "" : trace.spanId(above), depth[row]!, trace.service(row), trace.name(row), trace.kind(row), status,
      trace.statusMessage(row), trace.timeOf(trace.start(row)), trace.duration(row), trace.data.selfTime[row]!, trace.data.pathTime[row]!,
      eventEnd[row]! - (row === 0 ? 0 : eventEnd[row - 1]!),
    ].map(cell).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** What stands in a table or a list is no markup. */
const plain = (text: string): string => text.replace(/[\\`*_[\]|<>#]/g, "\\$&").replace(/\s+/g, " ");

export function traceMarkdown(trace: ShownTrace, address: string, verdict: string): string {
  const { data } = trace;
  const lines = [
    `**${plain(trace.label(data.root))}**, ${formatDuration(data.length)}, [trace ${trace.traceId}](${address})`,
    "",
    ...(verdict ? [plain(verdict), ""] : []),
    "```text",
  ];
  const shown = Math.min(trace.count, kMostLines);
  for (let row = 0; row < shown; ++row) {
    const indent = "  ".repeat(Math.min(20, data.columns.depth[row]!));
    const self = `self ${formatDuration(data.selfTime[row]!)}`;
    lines.push(`${indent}${trace.failed(row) ? "! " : ""}${trace.label(row)}  ${formatDuration(trace.duration(row))}, ${self}, ${formatShare(trace.duration(row), data.length)}`);
  }
  if (shown < trace.count) lines.push(`… ${trace.count - shown} more spans`);
  lines.push("```", "");
  return lines.join("\n");
}

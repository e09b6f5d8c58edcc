// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { timeFromText } from "../base/time";
import { groupAttributes } from "./attribute_groups";
import { jaegerJson } from "./jaeger_json";
import { otlpJson } from "./otlp_json";
import { sketchTrace } from "./test_trace";
import type { Span } from "./trace";
import { traceCsv, traceMarkdown } from "./trace_text";
import { formatSql, longValue } from "./value_text";

const resource = { service: "shop", attributes: [{ key: "service.name", value: "shop" }] };
const scope = { name: "lib", version: "1", attributes: [] };
const span: Span = {
  spanId: "00000000000000aa", parentId: "00000000000000bb", name: "GET /", kind: "server", start: timeFromText("1700000000000001500"),
  end: timeFromText("1700000000000251500"), status: "error", statusMessage: "late", resource, scope,
  attributes: [{ key: "n", value: 7n }, { key: "list", value: { list: ["a", true] } }],
  events: [{ time: timeFromText("1700000000000002000"), name: "retry", attributes: [] }],
  links: [{ traceId: "0".repeat(31) + "2", spanId: "00000000000000cc", attributes: [] }],
};

test("OTLP JSON is what a receiver takes", () => {
  const json = otlpJson([span, { ...span, spanId: "00000000000000ab" }], "1f");
  const [first] = (json["resourceSpans"] as { scopeSpans: { spans: Record<string, unknown>[] }[] }[])[0]!.scopeSpans;
  equal(first!.spans.length, 2);
  deepEqual(first!.spans[0], {
    traceId: `${"0".repeat(30)}1f`, spanId: "00000000000000aa", parentSpanId: "00000000000000bb", name: "GET /", kind: 2,
    startTimeUnixNano: "1700000000000001500", endTimeUnixNano: "1700000000000251500",
    attributes: [{ key: "n", value: { intValue: "7" } }, { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { boolValue: true }] } } }],
    events: [{ timeUnixNano: "1700000000000002000", name: "retry" }],
    links: [{ traceId: `${"0".repeat(31)}2`, spanId: "00000000000000cc" }],
    status: { code: 2, message: "late" },
  });
});

test("Jaeger's JSON has microseconds, references and processes", () => {
  const json = jaegerJson([span], "1f") as { data: { spans: Record<string, unknown>[]; processes: unknown }[] };
  const [converted] = json.data[0]!.spans;
  equal(converted!["startTime"], 1700000000000001);
  equal(converted!["duration"], 250);
  equal(converted!["processID"], "p1");
  deepEqual((converted!["references"] as { refType: string }[]).map(({ refType }) => refType), ["CHILD_OF", "FOLLOWS_FROM"]);
  deepEqual(json.data[0]!.processes, { p1: { serviceName: "shop", tags: [] } });
});

const trace = sketchTrace([
  { id: 1, from: 0, to: 2_000_000, service: "shop", name: 'say "hi", *you*' },
  { id: 2, parent: 1, from: 0, to: 500_000, service: "shop", name: "=cmd()", error: true },
]);

test("CSV quotes what needs it and runs nothing", () => {
  const lines = traceCsv(trace).split("\n");
  equal(lines.length, 4);
  equal(lines[1], '0000000000000001,,0,shop,"say ""hi"", *you*",internal,unset,,1000,2000000,1500000,1500000,0');
  match(lines[2]!, /,shop,'=cmd\(\),internal,error,/);
});

test("Markdown is the tree as text, and names are no markup", () => {
  const text = traceMarkdown(trace, "http://clew/trace/1", "All in *one*.");
  match(text, /^\*\*shop say "hi", \\\*you\\\*\*\*, 2\.00\u202fms, \[trace 1\]\(http:\/\/clew\/trace\/1\)/);
  match(text, /All in \\\*one\\\*\./);
  match(text, /\n {2}! shop =cmd\(\) {2}500\u202fµs/);
});

test("SQL has each clause on a line, and texts in quotes stay as they are", () => {
  equal(formatSql("select a,  b from t where id = 1 and name = 'x  from y' order by b limit 3"),
    "select a, b\n  from t\n where id = 1\n   and name = 'x  from y'\n order by b\n limit 3");
  equal(formatSql("SELECT * FROM (SELECT 1 FROM u) v"), "SELECT *\n  FROM (SELECT 1 FROM u) v");
  equal(longValue("db.statement", "GET"), undefined);
});

test("JSON is indented, stacks stay, short values stay on their line", () => {
  deepEqual(longValue("config", '{"retries": 3, "hosts": ["a"]}'), { kind: "json", text: '{\n  "retries": 3,\n  "hosts": [\n    "a"\n  ]\n}' });
  deepEqual(longValue("exception.stacktrace", " at a\n at b "), { kind: "stack", text: "at a\n at b" });
  equal(longValue("http.route", "/cart"), undefined);
  equal(longValue("broken", '{"retries": 3, "hosts": ["a"'), undefined);
});

test("attributes come in groups, what is of no known name last", () => {
  const titles = groupAttributes(["peer.service", "zzz", "db.system", "http.route", "server.port"].map((key) => ({ key, value: "" })));
  deepEqual(titles.map(({ title, attributes }) => `${title} ${attributes.length}`), ["HTTP 1", "Database 1", "Network 2", "Other attributes 1"]);
});

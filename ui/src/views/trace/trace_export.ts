// SPDX-License-Identifier: Apache-2.0
// What can be copied of a trace and what can be downloaded. Whole spans are read when they are wanted.
import { readTrace } from "../../api/trace_api";
import { jaegerJson } from "../../model/jaeger_json";
import { otlpJson } from "../../model/otlp_json";
import type { ShownTrace } from "../../model/shown_trace";
import { shortTraceId, type Span } from "../../model/trace";
import { traceCsv, traceMarkdown } from "../../model/trace_text";
import { copyText } from "../../widgets/clipboard";
import type { MenuItem } from "../../widgets/menu";
import { saveFile } from "../../widgets/save_file";

async function wholeSpans(trace: ShownTrace): Promise<readonly Span[] | string> {
  const answer = await readTrace(trace.traceId);
  return answer.ok ? answer.value.spans : answer.error.message;
}

const copied = async (text: string): Promise<string> => ((await copyText(text)) ? "Copied" : "Not allowed");

export function copyItems(trace: ShownTrace, verdict: () => string): readonly MenuItem[] {
  const json = (convert: (spans: readonly Span[], traceId: string) => unknown) => async (): Promise<string> => {
    const spans = await wholeSpans(trace);
    return typeof spans === "string" ? spans : copied(JSON.stringify(convert(spans, trace.traceId), null, 2));
  };
  return [
    { name: "Trace ID", act: () => copied(shortTraceId(trace.traceId)) },
    { name: "Markdown", act: () => copied(traceMarkdown(trace, location.href, verdict())) },
    { name: "CSV", act: () => copied(traceCsv(trace)) },
    { name: "OTLP JSON", act: json(otlpJson) },
    { name: "Jaeger JSON", act: json(jaegerJson) },
  ];
}

export function downloadItems(trace: ShownTrace, verdict: () => string): readonly MenuItem[] {
  const name = `trace-${shortTraceId(trace.traceId)}`;
  const saved = (file: string, type: string, text: string): string => {
    saveFile(file, type, text);
    return "Saved";
  };
  const json = (file: string, convert: (spans: readonly Span[], traceId: string) => unknown) => async (): Promise<string> => {
    const spans = await wholeSpans(trace);
    return typeof spans === "string" ? spans : saved(file, "application/json", JSON.stringify(convert(spans, trace.traceId)));
  };
  return [
    { name: "OTLP JSON", act: json(`${name}.otlp.json`, otlpJson) },
    { name: "Jaeger JSON", act: json(`${name}.jaeger.json`, jaegerJson) },
    { name: "CSV", act: () => Promise.resolve(saved(`${name}.csv`, "text/csv", traceCsv(trace))) },
    { name: "Markdown", act: () => Promise.resolve(saved(`${name}.md`, "text/markdown", traceMarkdown(trace, location.href, verdict()))) },
  ];
}

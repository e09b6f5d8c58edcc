// SPDX-License-Identifier: Apache-2.0
// Follows what arrives at the server, as a stream of events.
import type { TraceSummary } from "../model/trace";
import { numberOf, objectOf } from "./json";
import { decodeSearch } from "./search_json";

export interface Skipped {
  readonly spans: number;
  readonly traces: number;
}

export interface TailListener {
  /** What has just come of traces that match. */
  onTraces(traces: readonly TraceSummary[]): void;
  /** What came and was not looked at, or was too much to tell. */
  onSkipped(skipped: Skipped): void;
  /** Whether the stream is there; it is looked for again by itself. */
  onConnected(connected: boolean): void;
}

/** Returns what ends it. */
export function followTail(query: string, listener: TailListener): () => void {
  const stream = new EventSource(`/api/clew/v1/tail?${new URLSearchParams({ q: query.trim() || "{ }" })}`);
  stream.addEventListener("open", () => listener.onConnected(true));
  stream.addEventListener("error", () => listener.onConnected(false));
  stream.addEventListener("traces", ({ data }: MessageEvent<string>) => listener.onTraces(decodeSearch(parsed(data)).traces));
  stream.addEventListener("skipped", ({ data }: MessageEvent<string>) => {
    const { spans, traces } = objectOf(parsed(data));
    listener.onSkipped({ spans: numberOf(spans), traces: numberOf(traces) });
  });
  return () => stream.close();
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

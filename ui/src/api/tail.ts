// SPDX-License-Identifier: Apache-2.0
// Follows what arrives at the server, as a stream of events.
import type { TraceSummary } from "../model/trace";
import { readEvents, type StreamedEvent } from "./event_stream";
import { getStream } from "./http";
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

/** Unless the server says otherwise. */
const kRetryMs = 2000;

/** Returns what ends it. */
export function followTail(query: string, listener: TailListener): () => void {
  const ended = new AbortController();
  void follow(`/api/clew/v1/tail?${new URLSearchParams({ q: query.trim() || "{ }" })}`, listener, ended.signal);
  return () => ended.abort();
}

async function follow(path: string, listener: TailListener, ended: AbortSignal): Promise<void> {
  let retryMs = kRetryMs;
  while (!ended.aborted) {
    const stream = await getStream(path, "text/event-stream", ended);
    if (stream.ok) {
      listener.onConnected(true);
      retryMs = (await readEvents(stream.value, (event) => ended.aborted || tell(event, listener))) ?? retryMs;
    }
    if (ended.aborted) return;
    listener.onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

function tell({ type, data }: StreamedEvent, listener: TailListener): void {
  if (type === "traces") listener.onTraces(decodeSearch(parsed(data)).traces);
  if (type !== "skipped") return;
  const { spans, traces } = objectOf(parsed(data));
  listener.onSkipped({ spans: numberOf(spans), traces: numberOf(traces) });
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

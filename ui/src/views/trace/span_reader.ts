// SPDX-License-Identifier: Apache-2.0
// Whole spans as they are needed: the page has shape and times of all, and asks for what else a span carries when
// it is looked at. The last ones are kept.
import { type ReadonlySignal, signal } from "@preact/signals";
import { readSpans } from "../../api/trace_api";
import { failure, type Result, success } from "../../base/result";
import type { ShownTrace } from "../../model/shown_trace";
import type { Span } from "../../model/trace";

const kKept = 200;
/** Held-down keys pass over spans that nobody reads. */
const kPauseMs = 40;

export class SpanReader {
  readonly #trace: ShownTrace;
  readonly #known = new Map<number, Result<Span>>();
  readonly #changes = signal(0);

  constructor(trace: ShownTrace) {
    this.#trace = trace;
  }

  /** Undefined while it is not there. */
  get(row: number): Result<Span> | undefined {
    void this.#changes.value;
    return this.#known.get(row);
  }

  get changes(): ReadonlySignal<number> {
    return this.#changes;
  }

  /** Returns how to stop waiting. */
  want(row: number): () => void {
    if (this.#known.has(row)) return () => undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => void this.#read(row, stop.signal), kPauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }

  async #read(row: number, cancelled: AbortSignal): Promise<void> {
    const trace = this.#trace;
    const answer = await readSpans(trace.traceId, [trace.spanId(row)], cancelled);
    if (cancelled.aborted) return;
    if (this.#known.size >= kKept) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(row, answer.ok ? this.#pick(row, answer.value) : answer);
    ++this.#changes.value;
  }

  /** Of the spans that share the id, the one of this row. */
  #pick(row: number, spans: readonly Span[]): Result<Span> {
    const trace = this.#trace;
    const start = trace.timeOf(trace.start(row));
    const alike = spans.filter((span) => span.start === start && span.name === trace.name(row) && span.kind === trace.kind(row));
    const span = alike[0] ?? spans[0];
    return span ? success(span) : failure("the server does not have this span any more; reload the page");
  }
}

// SPDX-License-Identifier: Apache-2.0
// The ledger of the trace as it is asked for: by owner, which the head shows, and by whatever the table groups by.
import { signal } from "@preact/signals";
import { readLedger } from "../../api/trace_api";
import type { Result } from "../../base/result";
import type { Ledger } from "../../model/ledger";

export class LedgerReader {
  readonly #traceId: string;
  readonly #known = new Map<string, Result<Ledger>>();
  readonly #changes = signal(0);

  constructor(traceId: string) {
    this.#traceId = traceId;
  }

  /** Undefined while it is not there. */
  get(by: string): Result<Ledger> | undefined {
    void this.#changes.value;
    return this.#known.get(by);
  }

  /** The ledger by owner, when there is one. */
  get value(): Ledger | undefined {
    const answer = this.get("");
    return answer?.ok ? answer.value : undefined;
  }

  /** Returns how to stop waiting. */
  want(by: string): () => void {
    const stop = new AbortController();
    if (!this.#known.has(by)) {
      void readLedger(this.#traceId, by, stop.signal).then((answer) => {
        if (stop.signal.aborted) return;
        this.#known.set(by, answer);
        ++this.#changes.value;
      });
    }
    return () => stop.abort();
  }
}

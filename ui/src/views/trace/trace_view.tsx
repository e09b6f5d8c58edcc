// SPDX-License-Identifier: Apache-2.0
// The Trace page: loads the trace of the address, then shows it or says why not.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatDuration } from "../../base/format";
import type { ShownTrace } from "../../model/shown_trace";
import { TopBar } from "../top_bar";
import { loadTrace } from "./load_trace";
import { TracePage } from "./trace_page";

type LoadState =
  | { readonly kind: "loading" }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "loaded"; readonly trace: ShownTrace };

async function load(traceId: string, cancelled: AbortSignal): Promise<LoadState> {
  const answer = await loadTrace(traceId, cancelled);
  if (answer.ok) return { kind: "loaded", trace: answer.value };
  return answer.error.status === 404 ? { kind: "absent" } : { kind: "failed", message: answer.error.message };
}

export function TraceView({ traceId }: { readonly traceId: string }): VNode {
  const state = useSignal<LoadState>({ kind: "loading" });
  useEffect(() => {
    const stop = new AbortController();
    document.title = `${traceId}, clew`;
    void load(traceId, stop.signal).then((next) => {
      if (stop.signal.aborted) return;
      state.value = next;
      if (next.kind === "loaded") document.title = `${next.trace.name(next.trace.data.root)}, ${formatDuration(next.trace.data.length)}, clew`;
    });
    return () => stop.abort();
  }, [traceId]);

  const now = state.value;
  if (now.kind === "loaded") return <TracePage trace={now.trace} />;
  return (
    <div class="page">
      <TopBar />
      <main class="message" aria-live="polite" data-testid="trace-message">
        {now.kind === "loading" && <p class="muted">Reading the trace</p>}
        {now.kind === "absent" && (
          <>
            <h1>No trace with this ID.</h1>
            <p>
              <code>{traceId}</code> is not stored here, or its spans have not arrived yet. <a href="/find">Find a trace</a>
            </p>
          </>
        )}
        {now.kind === "failed" && (
          <>
            <h1>The trace could not be read.</h1>
            <p>{now.message}</p>
          </>
        )}
      </main>
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The Trace page: loads the trace of the address, then shows it or says why not.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readTrace } from "../../api/client";
import { formatDuration } from "../../base/format";
import { layoutTrace, type TraceLayout } from "../../model/trace_layout";
import { TopBar } from "../top_bar";
import { TracePage } from "./trace_page";

type LoadState =
  | { readonly kind: "loading" }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "loaded"; readonly layout: TraceLayout; readonly message: string };

async function loadTrace(traceId: string, cancelled: AbortSignal): Promise<LoadState> {
  const answer = await readTrace(traceId, cancelled);
  if (!answer.ok) return { kind: "failed", message: answer.error.message };
  const { spans, message } = answer.value;
  const layout = layoutTrace(spans);
  return layout ? { kind: "loaded", layout, message } : { kind: "absent" };
}

function titleOf(layout: TraceLayout): string {
  const { span } = layout.facts.root;
  return `${span.name}, ${formatDuration(layout.tree.length)}, clew`;
}

export function TraceView({ traceId }: { readonly traceId: string }): VNode {
  const state = useSignal<LoadState>({ kind: "loading" });
  useEffect(() => {
    const stop = new AbortController();
    document.title = `${traceId}, clew`;
    void loadTrace(traceId, stop.signal).then((next) => {
      if (stop.signal.aborted) return;
      state.value = next;
      if (next.kind === "loaded") document.title = titleOf(next.layout);
    });
    return () => stop.abort();
  }, [traceId]);

  const now = state.value;
  if (now.kind === "loaded") return <TracePage traceId={traceId} layout={now.layout} message={now.message} />;
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

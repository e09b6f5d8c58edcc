// SPDX-License-Identifier: Apache-2.0
// A loaded trace: head, sentence of facts, waterfall, and the panel of the selected span.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { factsSentence } from "../../model/trace_facts";
import type { TraceLayout } from "../../model/trace_layout";
import { serviceClass } from "../../model/service_color";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { TopBar } from "../top_bar";
import { PhoneList } from "./phone_list";
import { SpanPanel } from "./span_panel";
import { TraceHead } from "./trace_head";
import { createTraceStore, type TraceStore } from "./trace_store";
import { Waterfall } from "./waterfall";

const kHints = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["h", "l"], action: "fold or parent, unfold or child" },
  { keys: ["[", "]"], action: "fold, unfold" },
  { keys: ["o", "p"], action: "unfold all, fold all" },
  { keys: ["e"], action: "next error" },
  { keys: ["Enter", "Esc"], action: "open, close the panel" },
  { keys: ["t"], action: "trace ID" },
  { keys: ["?"], action: "close this" },
];

export interface TracePageProps {
  readonly traceId: string;
  readonly layout: TraceLayout;
  /** What the server says about its answer; empty for nothing. */
  readonly message: string;
}

export function TracePage({ traceId, layout, message }: TracePageProps): VNode {
  const store = useMemo(() => createTraceStore(layout), [layout]);
  useTraceKeys(store);
  const node = layout.tree.nodes[store.selected.value]!;
  const open = store.panelOpen.value;
  return (
    <div class="trace">
      <TopBar />
      <TraceHead traceId={traceId} layout={layout} message={message} />
      <Answer layout={layout} onSelect={store.select} />
      <Tools store={store} hasErrors={layout.facts.errorCount > 0} />
      <main class={open ? "split" : "split no-panel"}>
        <PhoneList layout={layout} onSelect={store.select} />
        <Waterfall layout={layout} store={store} />
        {open && <SpanPanel node={node} layout={layout} onClose={() => store.openPanel(false)} />}
      </main>
      <KeysStrip hints={kHints} />
    </div>
  );
}

function useTraceKeys(store: TraceStore): void {
  useKeys({
    j: () => store.moveBy(1),
    k: () => store.moveBy(-1),
    h: store.foldOrLeave,
    l: store.unfoldOrEnter,
    ArrowDown: () => store.moveBy(1),
    ArrowUp: () => store.moveBy(-1),
    ArrowLeft: store.foldOrLeave,
    ArrowRight: store.unfoldOrEnter,
    Home: () => store.moveToEnd(false),
    End: () => store.moveToEnd(true),
    "[": () => store.setFolded(true),
    "]": () => store.setFolded(false),
    o: () => store.setAllFolded(false),
    p: () => store.setAllFolded(true),
    e: store.goToNextError,
    Enter: (event) => (isOnControl(event) ? false : store.openPanel(true)),
    Escape: () => store.openPanel(false),
  });
}

interface AnswerProps {
  readonly layout: TraceLayout;
  readonly onSelect: (index: number) => void;
}

/** The one sentence in large type: how long, and where most of the work was. */
function Answer({ layout, onSelect }: AnswerProps): VNode {
  const [duration, owner, selfTime] = factsSentence(layout.tree, layout.facts);
  const { key, span } = layout.facts.mostSelf;
  const select = (event: Event): void => {
    event.preventDefault();
    onSelect(layout.indexOf.get(key) ?? 0);
  };
  return (
    <section class="answer" aria-label="Facts">
      <p class="verdict" data-testid="facts-sentence">
        <strong>{duration}</strong> Most self time:{" "}
        <a href={`?span=${key}`} class={serviceClass(layout.colors, span.resource.service)} onClick={select}>
          {owner}
        </a>
        , <strong>{selfTime}</strong>.
      </p>
    </section>
  );
}

interface ToolsProps {
  readonly store: TraceStore;
  readonly hasErrors: boolean;
}

function Tools({ store, hasErrors }: ToolsProps): VNode {
  return (
    <div class="trace-tools hide-phone">
      <h2>Waterfall</h2>
      <span class="spring" />
      {hasErrors && (
        <button class="button" type="button" onClick={store.goToNextError}>
          Next error <kbd>e</kbd>
        </button>
      )}
      <button class="button" type="button" onClick={() => store.setAllFolded(false)}>
        Unfold all <kbd>o</kbd>
      </button>
      <button class="button" type="button" onClick={() => store.setAllFolded(true)}>
        Fold all <kbd>p</kbd>
      </button>
    </div>
  );
}

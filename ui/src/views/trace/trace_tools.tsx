// SPDX-License-Identifier: Apache-2.0
// The line above the view: its tabs, what the waterfall shows, and the search within the trace.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import { isTraceql, matchNumber } from "../../model/find_spans";
import { useKeys } from "../../widgets/keyboard";
import { kTabs, type Tab, type TraceStore } from "./trace_store";

const kTabNames: Readonly<Record<Tab, string>> = { waterfall: "Waterfall", flame: "Flame", ledger: "Ledger", graph: "Graph", events: "Events", json: "JSON" };

export function TraceTools({ store }: { readonly store: TraceStore }): VNode {
  const { trace } = store;
  const root = store.rootRow.value;
  const onRows = store.tab.value === "waterfall";
  return (
    <div class="trace-tools hide-phone">
      <Tabs store={store} />
      <span class="spring" />
      {root >= 0 && (
        <button class="button" type="button" onClick={() => store.setRoot(-1)} data-testid="whole-trace">
          Whole trace <kbd>R</kbd>
        </button>
      )}
      {store.window.zoomed.value && (
        <button class="button" type="button" onClick={store.window.reset} data-testid="all-time">
          All time <kbd>0</kbd>
        </button>
      )}
      {trace.data.errorCount > 0 && (
        <button class="button" type="button" onClick={() => store.goToError(1)}>
          Next error <kbd>e</kbd>
        </button>
      )}
      {onRows && <RowButtons store={store} />}
      <FindBox store={store} />
    </div>
  );
}

function RowButtons({ store }: { readonly store: TraceStore }): VNode {
  const closed = store.folded.value.includes(1);
  return (
    <>
      <button class="button" type="button" onClick={() => store.setAllFolded(!closed)}>
        {closed ? "Unfold all" : "Fold all"} <kbd>{closed ? "[" : "]"}</kbd>
      </button>
      <button class="button" type="button" aria-pressed={store.pathOn.value} onClick={store.togglePath}>
        Critical path <kbd>c</kbd>
      </button>
      <button class="button" type="button" aria-pressed={store.groupsOn.value} onClick={store.toggleGroups} data-testid="fold-siblings">
        Fold siblings <kbd>g</kbd>
      </button>
    </>
  );
}

function Tabs({ store }: { readonly store: TraceStore }): VNode {
  const list = useRef<HTMLDivElement>(null);
  const now = store.tab.value;
  const step = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    store.setTab(kTabs[(kTabs.indexOf(now) + by + kTabs.length) % kTabs.length]!);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return (
    <div class="tabs" role="tablist" aria-label="View" ref={list} onKeyDown={step}>
      {kTabs.map((tab, index) => (
        <button key={tab} id={`tab-${tab}`} role="tab" type="button" aria-selected={tab === now} aria-controls="trace-tab"
          tabIndex={tab === now ? 0 : -1} onClick={() => store.setTab(tab)} data-testid={`tab-${tab}`}>
          {kTabNames[tab]}
          <kbd>{index + 1}</kbd>
        </button>
      ))}
    </div>
  );
}

/** A search in words follows the typing, one in TraceQL waits for Enter. */
function FindBox({ store }: { readonly store: TraceStore }): VNode {
  const { finder } = store;
  const input = useRef<HTMLInputElement>(null);
  const typed = useSignal(finder.text.value);
  const { value: text } = finder.text;
  // An effect runs after the frame: what has been typed meanwhile is newer than its text.
  useEffect(() => {
    if (document.activeElement !== input.current) typed.value = text;
  }, [text]);
  useKeys({ "/": () => input.current?.select() });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey || event.key !== "b") return;
      event.preventDefault();
      input.current?.select();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const onInput = (next: string): void => {
    typed.value = next;
    if (!isTraceql(next)) finder.look(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      typed.value = "";
      finder.look("");
      input.current?.blur();
    } else if (event.key === "Enter") {
      if (typed.value !== text) finder.look(typed.value);
      else store.goToMatch(event.shiftKey ? -1 : 1);
    }
  };
  return (
    <>
      <label class={finder.wrong.value ? "field is-wrong" : "field"} title={finder.wrong.value || undefined}>
        <span class="sr">Find in trace</span>
        <input ref={input} type="text" placeholder="Find in trace: words, or { status = error }" value={typed.value} spellcheck={false}
          autocomplete="off" aria-invalid={finder.wrong.value ? "true" : undefined} data-testid="find-input"
          onInput={(event) => onInput(event.currentTarget.value)} onKeyDown={onKeyDown} />
        <FindCount store={store} />
        <kbd>/</kbd>
      </label>
      {text !== "" && (
        <button class="button" type="button" aria-pressed={finder.only.value} onClick={() => finder.setOnly(!finder.only.value)} data-testid="only-matches">
          Matches only
        </button>
      )}
    </>
  );
}

function FindCount({ store }: { readonly store: TraceStore }): VNode | null {
  const { text, found, wrong } = store.finder;
  if (text.value === "") return null;
  if (wrong.value) return <span class="find-count err" role="alert">! {wrong.value}</span>;
  if (!found.value) return <span class="find-count">…</span>;
  const { count } = found.value;
  const at = matchNumber(found.value, store.span.value);
  return (
    <span class="find-count" role="status" data-testid="find-count">
      {at > 0 ? `${formatCount(at)} of ${formatCount(count)}` : `${formatCount(count)} ${plural(count, "match", "matches")}`}
    </span>
  );
}

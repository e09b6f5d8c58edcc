// SPDX-License-Identifier: Apache-2.0
// The keys of the trace page: Jaeger's, and those of a tree.
import { pairAddress } from "../../model/compare_query";
import { copyText } from "../../widgets/clipboard";
import { isOnControl, type KeyMap, useKeys } from "../../widgets/keyboard";
import type { KeyHint } from "../../widgets/keys_strip";
import { goTo } from "../router";
import { kTabs, type TraceStore } from "./trace_store";

export const kTraceHints: readonly KeyHint[] = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["f", "b"], action: "next, previous span" },
  { keys: ["h", "l"], action: "fold or parent, unfold or child" },
  { keys: ["[", "]"], action: "fold, unfold" },
  { keys: ["o", "p"], action: "all, none" },
  { keys: ["w", "s"], action: "page" },
  { keys: ["a", "d"], action: "pan" },
  { keys: ["+", "-", "0"], action: "zoom in, out, all" },
  { keys: ["z"], action: "zoom to span" },
  { keys: ["r", "R"], action: "this subtree alone, all" },
  { keys: ["c"], action: "critical path" },
  { keys: ["g"], action: "fold siblings" },
  { keys: ["e", "E"], action: "next, previous error" },
  { keys: ["/", "n", "N"], action: "find, next, previous match" },
  { keys: ["1", "–", "6"], action: "tab" },
  { keys: ["C"], action: "compare" },
  { keys: ["y"], action: "copy link" },
  { keys: ["Enter", "Esc"], action: "open, close the panel" },
  { keys: ["t"], action: "trace ID" },
  { keys: ["?"], action: "close this" },
];

const kPage = 15;
const kPan = 0.1;
const kPanFast = 0.5;
const kZoom = 0.75;
const kZoomFast = 0.3;

export function useTraceKeys(store: TraceStore): void {
  const { window } = store;
  const tabs: KeyMap = Object.fromEntries(kTabs.map((tab, index) => [String(index + 1), () => store.setTab(tab)]));
  const shifted = (fast: () => void, plain: () => void) => (event: KeyboardEvent): void => (event.shiftKey ? fast() : plain());
  useKeys({
    ...tabs,
    j: () => store.moveBy(1),
    k: () => store.moveBy(-1),
    f: () => store.moveBy(1),
    b: () => store.moveBy(-1),
    s: () => store.moveBy(kPage),
    w: () => store.moveBy(-kPage),
    PageDown: () => store.moveBy(kPage),
    PageUp: () => store.moveBy(-kPage),
    h: store.foldOrLeave,
    l: store.unfoldOrEnter,
    ArrowDown: shifted(() => window.zoom(1 / kZoom), () => store.moveBy(1)),
    ArrowUp: shifted(() => window.zoom(kZoom), () => store.moveBy(-1)),
    ArrowLeft: shifted(() => window.pan(-kPan), store.foldOrLeave),
    ArrowRight: shifted(() => window.pan(kPan), store.unfoldOrEnter),
    Home: () => store.moveToEnd(false),
    End: () => store.moveToEnd(true),
    a: () => window.pan(-kPan),
    d: () => window.pan(kPan),
    A: () => window.pan(-kPanFast),
    D: () => window.pan(kPanFast),
    "+": () => window.zoom(kZoom),
    "=": () => window.zoom(kZoom),
    "-": () => window.zoom(1 / kZoom),
    W: () => window.zoom(kZoomFast),
    S: () => window.zoom(1 / kZoomFast),
    "0": window.reset,
    z: store.zoomToSpan,
    Z: window.reset,
    r: () => store.setRoot(store.span.value),
    R: () => store.setRoot(-1),
    "[": () => store.setFolded(true),
    "]": () => store.setFolded(false),
    o: () => store.setAllFolded(false),
    p: () => store.setAllFolded(true),
    c: store.togglePath,
    g: store.toggleGroups,
    e: () => store.goToError(1),
    E: () => store.goToError(-1),
    n: () => store.goToMatch(1),
    N: () => store.goToMatch(-1),
    y: () => void copyText(location.href),
    C: () => goTo(pairAddress([store.trace.traceId])),
    Enter: (event) => (isOnControl(event) ? false : store.openPanel(true)),
    Escape: () => store.openPanel(false),
  });
}

// SPDX-License-Identifier: Apache-2.0
// The keys of the trace page: Jaeger's, all of them with what they do there, and more. Its arrows pan and zoom, so
// rows are walked with j and k and folded with h and l.
import { pairAddress } from "../../model/compare_query";
import { copyText } from "../../widgets/clipboard";
import { isOnControl, type KeyMap, useKeys } from "../../widgets/keyboard";
import type { KeyHint } from "../../widgets/keys_strip";
import { goTo } from "../router";
import { kScreensHint } from "../screens";
import { kTabs, type TraceStore } from "./trace_store";

export const kTraceHints: readonly KeyHint[] = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["f", "b"], action: "next, previous span" },
  { keys: ["Home", "End"], action: "first, last" },
  { keys: ["w", "s"], action: "page" },
  { keys: ["h", "l"], action: "fold or parent, unfold or child" },
  { keys: ["p", "o"], action: "fold, unfold a level" },
  { keys: ["]", "["], action: "fold, unfold all" },
  { keys: ["g"], action: "fold siblings" },
  { keys: ["a", "d", "←", "→"], action: "pan" },
  { keys: ["A", "D", "⇧←", "⇧→"], action: "far" },
  { keys: ["+", "-", "↑", "↓"], action: "zoom in, out" },
  { keys: ["W", "S", "⇧↑", "⇧↓"], action: "much" },
  { keys: ["0"], action: "all time" },
  { keys: ["z"], action: "zoom to span" },
  { keys: ["r", "R"], action: "this subtree alone, all" },
  { keys: ["c"], action: "critical path" },
  { keys: ["e", "E"], action: "next, previous error" },
  { keys: ["/", "ctrl+b"], action: "find" },
  { keys: ["n", "N"], action: "next, previous match" },
  { keys: ["1", "2", "3", "4", "5", "6"], action: "tab" },
  { keys: ["C"], action: "compare" },
  { keys: ["y"], action: "copy link" },
  { keys: ["Enter"], action: "open the panel" },
  { keys: ["Esc"], action: "clear the search, close the panel" },
  { keys: ["t"], action: "trace ID" },
  { keys: ["u"], action: "UTC" },
  kScreensHint,
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
  // What has no axis of time scrolls.
  const inTime = (by: (step: number) => void, plain: number, fast: number) => (event: KeyboardEvent): void | false =>
    store.tab.value === "waterfall" || store.tab.value === "flame" ? by(event.shiftKey ? fast : plain) : false;
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
    ArrowLeft: inTime(window.pan, -kPan, -kPanFast),
    ArrowRight: inTime(window.pan, kPan, kPanFast),
    ArrowUp: inTime(window.zoom, kZoom, kZoomFast),
    ArrowDown: inTime(window.zoom, 1 / kZoom, 1 / kZoomFast),
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
    "]": () => store.setAllFolded(true),
    "[": () => store.setAllFolded(false),
    p: () => store.setLevelFolded(true),
    o: () => store.setLevelFolded(false),
    c: store.togglePath,
    g: () => {
      store.toggleGroups();
      return store.toggleGroups;
    },
    e: () => store.goToError(1),
    E: () => store.goToError(-1),
    n: () => store.goToMatch(1),
    N: () => store.goToMatch(-1),
    y: () => void copyText(location.href),
    C: () => goTo(pairAddress([store.trace.traceId])),
    Enter: (event) => (isOnControl(event) ? false : store.openPanel(true)),
    Escape: () => (store.finder.text.value ? store.finder.look("") : store.openPanel(false)),
  });
}

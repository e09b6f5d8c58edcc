// SPDX-License-Identifier: Apache-2.0
// What the reader does with a trace. All of it lives in the address, so that a link shows the same picture and
// Back undoes what was clicked: selection, folds, opened groups, tab, the stretch of time in view, the subtree
// that is shown alone, what is looked for.
import { computed, type ReadonlySignal } from "@preact/signals";
import { nextMatch } from "../../model/find_spans";
import { foldedLevel, foldsFromText, foldsToText, unfoldedLevel } from "../../model/folds";
import type { ShownTrace } from "../../model/shown_trace";
import { kNoGroup } from "../../model/sibling_groups";
import { groupOfRow, isGroup, kGroupBit, type TraceRows, traceRows, withAncestors } from "../../model/trace_rows";
import { address, type HistoryStep, setParams } from "../router";
import { createFinder, type Finder } from "./finder";
import { createTimeWindow, type TimeWindow } from "./time_window";

export const kTabs = ["waterfall", "flame", "ledger", "graph", "events", "json"] as const;
export type Tab = (typeof kTabs)[number];

export interface TraceStore {
  readonly trace: ShownTrace;
  /** A span, or a group of siblings as in its rows. */
  readonly selected: ReadonlySignal<number>;
  /** The span that the panel shows: of a group the longest member. */
  readonly span: ReadonlySignal<number>;
  readonly shown: ReadonlySignal<TraceRows>;
  readonly folded: ReadonlySignal<Uint8Array>;
  readonly opened: ReadonlySignal<Uint8Array>;
  readonly groupsOn: ReadonlySignal<boolean>;
  readonly pathOn: ReadonlySignal<boolean>;
  readonly panelOpen: ReadonlySignal<boolean>;
  readonly tab: ReadonlySignal<Tab>;
  /** The span whose subtree is shown alone; -1: all is. */
  readonly rootRow: ReadonlySignal<number>;
  readonly window: TimeWindow;
  readonly finder: Finder;
  select(row: number, step?: HistoryStep): void;
  moveBy(step: number): void;
  moveToEnd(last: boolean): void;
  toggle(row: number): void;
  /** Folds the selected row; on a folded row or a leaf goes to the parent. */
  foldOrLeave(): void;
  /** Unfolds the selected row; on an open one goes to the first child. */
  unfoldOrEnter(): void;
  setAllFolded(closed: boolean): void;
  /** Folds the innermost open spans, or opens the folded ones in sight. */
  setLevelFolded(closed: boolean): void;
  goToError(step: 1 | -1): void;
  goToMatch(step: 1 | -1): void;
  openPanel(open: boolean): void;
  setTab(tab: Tab): void;
  toggleGroups(): void;
  togglePath(): void;
  setRoot(row: number): void;
  zoomToSpan(): void;
}

const param = (name: string): string => address.value.params.get(name) ?? "";

export function createTraceStore(trace: ShownTrace): TraceStore {
  const { data } = trace;
  const { groups } = data;
  // Computed one by one, so that moving the selection does not compute the rows again.
  const foldText = computed(() => param("fold"));
  const openText = computed(() => param("open"));
  const spanText = computed(() => param("span"));
  const rootText = computed(() => param("root"));
  const folded = computed(() => foldsFromText(foldText.value, trace));
  const opened = computed(() => openedFrom(openText.value, trace));
  const groupsOn = computed(() => param("alike") !== "apart");
  const pathOn = computed(() => param("path") !== "off");
  const panelOpen = computed(() => param("panel") !== "closed");
  const tab = computed(() => kTabs.find((name) => name === param("tab")) ?? "waterfall");
  const rootRow = computed(() => (rootText.value ? trace.find(rootText.value) : -1));
  const finder = createFinder(trace);
  const window = createTimeWindow(trace, rootRow);
  const shown = computed(() => {
    const root = rootRow.value;
    const found = finder.only.value ? finder.found.value : undefined;
    return traceRows(data.columns, {
      from: Math.max(0, root),
      to: root < 0 ? trace.count : root + 1 + trace.descendants(root),
      folded: folded.value,
      groups: groupsOn.value ? groups : undefined,
      opened: opened.value,
      kept: found && withAncestors(data.columns, found.matches),
    });
  });
  const selected = computed(() => {
    const group = groupFrom(spanText.value, trace);
    if (group !== kNoGroup && groupsOn.value) return group + kGroupBit;
    const row = trace.find(spanText.value.replace(/\*$/, ""));
    return row >= 0 ? row : rootRow.value >= 0 ? rootRow.value : data.longest;
  });
  const span = computed(() => (isGroup(selected.value) ? longestOf(groupOfRow(selected.value), trace) : selected.value));

  const place = (): number => Math.max(0, placeOf(shown.value, selected.value));
  const rowAt = (index: number): number => shown.value.rows[Math.max(0, Math.min(shown.value.rows.length - 1, index))] ?? 0;
  const keyOf = (row: number): string => (isGroup(row) ? `${trace.keyOf(groups.members[groups.first[groupOfRow(row)]!]!)}*` : trace.keyOf(row));

  /** Selects a row and takes away what hides it. */
  const select = (row: number, step: HistoryStep = "replace"): void => {
    if (!isGroup(row) && (row < 0 || row >= trace.count)) return;
    const changes: Record<string, string | undefined> = { span: keyOf(row) };
    if (!isGroup(row) && isHidden(row)) Object.assign(changes, unhide(row));
    setParams(changes, step);
  };
  const isHidden = (row: number): boolean => {
    const at = shown.value.rowOf[row]!;
    return at < 0 || shown.value.rows[at] !== row;
  };
  const unhide = (row: number): Record<string, string | undefined> => {
    const folds = folded.value.slice();
    const open = opened.value.slice();
    for (let at = row; at >= 0; at = trace.parent(at)) {
      if (at !== row) folds[at] = 0;
      const group = groups.groupOf[at]!;
      if (group !== kNoGroup) open[group] = 1;
    }
    const root = rootRow.value;
    const outside = root >= 0 && (row < root || row > root + trace.descendants(root));
    const lost = finder.only.value && finder.found.value?.matches[row] !== 1;
    return {
      fold: foldsToText(folds, trace),
      open: openedToText(open, trace),
      ...(outside ? { root: undefined } : {}),
      ...(lost ? { only: undefined } : {}),
    };
  };
  const setOne = (row: number, closed: boolean): void => {
    if (isGroup(row)) {
      const open = opened.value.slice();
      open[groupOfRow(row)] = Number(!closed);
      return setParams({ open: openedToText(open, trace) });
    }
    if (trace.descendants(row) === 0) return;
    const folds = folded.value.slice();
    folds[row] = Number(closed);
    const now = span.value;
    const hides = closed && now > row && now <= row + trace.descendants(row);
    setParams({ fold: foldsToText(folds, trace), ...(hides ? { span: keyOf(row) } : {}) });
  };
  /** What is selected and goes out of sight leaves that to what it is folded into. */
  const setFolds = (folds: Uint8Array, more: Record<string, undefined> = {}): void => {
    let stands = span.value;
    for (let at = trace.parent(stands); at >= 0; at = trace.parent(at)) if (folds[at] === 1) stands = at;
    setParams({ fold: foldsToText(folds, trace), ...(stands === span.value ? {} : { span: keyOf(stands) }), ...more });
  };
  const isClosed = (row: number): boolean => (isGroup(row) ? opened.value[groupOfRow(row)] === 0 : folded.value[row] === 1);
  const canOpen = (row: number): boolean => isGroup(row) || trace.descendants(row) > 0;
  const leave = (): void => {
    const { levels, rows } = shown.value;
    const at = place();
    for (let above = at - 1; above >= 0; --above) if (levels[above]! < levels[at]!) return select(rows[above]!);
  };
  return {
    trace, selected, span, shown, folded, opened, groupsOn, pathOn, panelOpen, tab, rootRow, window, finder, select,
    moveBy: (step) => select(rowAt(place() + step)),
    moveToEnd: (last) => select(rowAt(last ? Infinity : 0)),
    toggle: (row) => setOne(row, !isClosed(row)),
    foldOrLeave: () => (canOpen(selected.value) && !isClosed(selected.value) ? setOne(selected.value, true) : leave()),
    unfoldOrEnter() {
      if (!canOpen(selected.value)) return;
      if (isClosed(selected.value)) setOne(selected.value, false);
      else select(rowAt(place() + 1));
    },
    setAllFolded(closed) {
      // The roots stay open: a trace of one row says nothing.
      const folds = new Uint8Array(trace.count);
      if (closed) for (let row = 0; row < trace.count; ++row) folds[row] = Number(trace.descendants(row) > 0 && trace.parent(row) >= 0);
      setFolds(folds, closed ? { open: undefined } : {});
    },
    setLevelFolded: (closed) => setFolds((closed ? foldedLevel : unfoldedLevel)(trace, shown.value, folded.value)),
    goToError: (step) => select(nextMatch(trace.count, span.value, step, (row) => trace.failed(row))),
    goToMatch(step) {
      const matches = finder.found.value?.matches;
      if (matches) select(nextMatch(trace.count, span.value, step, (row) => matches[row] === 1));
    },
    openPanel: (open) => setParams({ panel: open ? undefined : "closed" }),
    setTab: (next) => setParams({ tab: next === "waterfall" ? undefined : next }, "push"),
    toggleGroups: () => setParams({ alike: groupsOn.value ? "apart" : undefined }),
    togglePath: () => setParams({ path: pathOn.value ? "off" : undefined }),
    setRoot: (row) => setParams({ root: row >= 0 ? trace.keyOf(row) : undefined, from: undefined, to: undefined }, "push"),
    zoomToSpan: () => window.show(trace.start(span.value), trace.end(span.value)),
  };
}

/** The place of a row; of a span that is folded away the row that stands for it. */
export function placeOf({ rows, rowOf }: TraceRows, row: number): number {
  return isGroup(row) ? rows.indexOf(row) : (rowOf[row] ?? -1);
}

function groupFrom(key: string, trace: ShownTrace): number {
  const row = key.endsWith("*") ? trace.find(key.slice(0, -1)) : -1;
  return row >= 0 ? trace.data.groups.groupOf[row]! : kNoGroup;
}

function longestOf(group: number, trace: ShownTrace): number {
  const { first, members } = trace.data.groups;
  const rows = members.subarray(first[group], first[group + 1]);
  return rows.reduce((longest, row) => (trace.duration(row) > trace.duration(longest) ? row : longest), rows[0]!);
}

function openedFrom(text: string, trace: ShownTrace): Uint8Array {
  const open = new Uint8Array(trace.data.groups.total.length);
  for (const key of text ? text.split(".") : []) {
    const group = groupFrom(`${key}*`, trace);
    if (group !== kNoGroup) open[group] = 1;
  }
  return open;
}

function openedToText(open: Uint8Array, trace: ShownTrace): string | undefined {
  const { first, members } = trace.data.groups;
  const keys: string[] = [];
  open.forEach((isOpen, group) => isOpen === 1 && keys.push(trace.keyOf(members[first[group]!]!)));
  return keys.length > 0 ? keys.join(".") : undefined;
}

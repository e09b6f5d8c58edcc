// SPDX-License-Identifier: Apache-2.0
// What the reader does with a trace: which span is selected, which are folded, whether the panel is open.
// Selection, folds and panel live in the address, so that a link shows the same picture.
import { computed, type ReadonlySignal } from "@preact/signals";
import { foldsFromText, foldsToText } from "../../model/folds";
import { unfoldTo, visibleRows } from "../../model/span_tree";
import { nextError } from "../../model/trace_facts";
import type { TraceLayout } from "../../model/trace_layout";
import { address, setParams } from "../router";

export interface TraceStore {
  readonly selected: ReadonlySignal<number>;
  readonly folded: ReadonlySignal<ReadonlySet<string>>;
  /** Indices of the nodes in sight, in order. */
  readonly rows: ReadonlySignal<readonly number[]>;
  readonly panelOpen: ReadonlySignal<boolean>;
  select(index: number): void;
  moveBy(step: number): void;
  moveToEnd(last: boolean): void;
  toggle(index: number): void;
  /** Folds the selected row; on a folded row or a leaf goes to the parent. */
  foldOrLeave(): void;
  /** Unfolds the selected row; on an open one goes to the first child. */
  unfoldOrEnter(): void;
  setFolded(closed: boolean): void;
  setAllFolded(closed: boolean): void;
  goToNextError(): void;
  openPanel(open: boolean): void;
}

export function createTraceStore(layout: TraceLayout): TraceStore {
  const { nodes } = layout.tree;
  const mostSelf = layout.indexOf.get(layout.facts.mostSelf.key) ?? 0;
  const selected = computed(() => layout.indexOf.get(address.value.params.get("span") ?? "") ?? mostSelf);
  // A computed of its own, so that moving the selection does not compute the rows again.
  const foldText = computed(() => address.value.params.get("fold") ?? "");
  const folded = computed(() => foldsFromText(foldText.value, nodes));
  const rows = computed(() => visibleRows(nodes, folded.value));
  const panelOpen = computed(() => address.value.params.get("panel") !== "closed");
  const node = () => nodes[selected.value]!;

  const write = (index: number, folds: ReadonlySet<string>): void => {
    const open = unfoldTo(nodes, folds, index);
    setParams({ span: nodes[index]!.key, fold: open === folded.value ? foldText.value || undefined : foldsToText(open, nodes) });
  };
  const select = (index: number): void => {
    if (nodes[index]) write(index, folded.value);
  };
  const place = (): number => Math.max(0, rows.value.indexOf(selected.value));
  const setOne = (index: number, closed: boolean): void => {
    const at = nodes[index];
    if (!at || at.childCount === 0) return;
    const folds = new Set(folded.value);
    if (closed) folds.add(at.key);
    else folds.delete(at.key);
    const hides = closed && selected.value > index && selected.value <= index + at.descendants;
    write(hides ? index : selected.value, folds);
  };

  return {
    selected,
    folded,
    rows,
    panelOpen,
    select,
    moveBy: (step) => select(rows.value[Math.max(0, Math.min(rows.value.length - 1, place() + step))] ?? 0),
    moveToEnd: (last) => select(last ? (rows.value.at(-1) ?? 0) : 0),
    toggle: (index) => setOne(index, !folded.value.has(nodes[index]?.key ?? "")),
    foldOrLeave() {
      if (node().childCount > 0 && !folded.value.has(node().key)) setOne(selected.value, true);
      else select(node().parent);
    },
    unfoldOrEnter() {
      if (node().childCount === 0) return;
      if (folded.value.has(node().key)) setOne(selected.value, false);
      else select(selected.value + 1);
    },
    setFolded: (closed) => setOne(selected.value, closed),
    setAllFolded(closed) {
      // The roots stay open: a trace of one row says nothing.
      const closable = nodes.filter(({ childCount, level }) => childCount > 0 && level > 1);
      let index = selected.value;
      if (closed) while (nodes[index]!.level > 2) index = nodes[index]!.parent;
      write(index, new Set(closed ? closable.map(({ key }) => key) : []));
    },
    goToNextError: () => select(nextError(nodes, selected.value)),
    openPanel: (open) => setParams({ panel: open ? undefined : "closed" }),
  };
}

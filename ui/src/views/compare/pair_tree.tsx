// SPDX-License-Identifier: Apache-2.0
// Both traces as one tree. Only the rows in sight are there; spacers hold the place of the others.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatCount, formatWithUnit, unitForTrace } from "../../base/format";
import { inSteps, rowWindow, scrollToShow } from "../../base/row_window";
import { leastShown } from "../../model/pair_shown";
import { shortTraceId } from "../../model/trace";
import type { TracePair } from "../../model/trace_pair";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { printing } from "../../widgets/printing";
import { PrintedPart, RowSpacer } from "../../widgets/row_spacer";
import { goTo } from "../router";
import { scaleOf } from "./growth_table";
import { PairRow } from "./pair_row";
import type { ShownPair } from "./shown_pair";

export interface PairTreeProps {
  readonly pair: TracePair;
  readonly shown: ShownPair;
}

const kRowHeight = 24;
const kHeadHeight = 25;
const kPage = 20;

export function PairTree({ pair, shown }: PairTreeProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const { row: chosen, folded, changesOnly } = shown;
  const rows = useMemo(() => pair.visible(folded, leastShown(pair, changesOnly)), [pair, folded, changesOnly]);
  const unit = unitForTrace(pair.length);
  const scale = useMemo(() => differenceScale(pair), [pair]);
  const words = useMemo(() => wordsOf(pair), [pair]);
  const view = useScrolling(box);
  const place = rows.indexOf(chosen);
  useTreeKeys({ pair, rows, place, shown });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || place < 0) return;
    const target = scrollToShow(place, kRowHeight, element.scrollTop, Math.max(kRowHeight, element.clientHeight - kHeadHeight));
    if (target !== element.scrollTop) element.scrollTop = target;
    view.top.value = inSteps(element.scrollTop, kRowHeight);
  }, [place]);
  useEffect(() => {
    const active = document.activeElement;
    // From a phrase of the sentence, too, the reader goes on in the tree.
    const goesOn = active === document.body || (active instanceof HTMLElement && active.matches("[role=row], .phrase"));
    if (goesOn) box.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus({ preventScroll: true });
  }, [chosen]);

  const { first, end } = rowWindow(rows.length, kRowHeight, view.top.value, view.height.value);
  const drawn = rows.subarray(first, end);
  const tabStop = drawn.includes(chosen) ? chosen : drawn[0];
  return (
    <>
      <header class="h section pair-head">
        <h2>Merged tree</h2>
        <p class="muted">{words}</p>
        <span class="spring" />
        <button class="button small" type="button" aria-pressed={changesOnly} data-testid="changes-only" onClick={shown.turnChangesOnly}>
          Changes alone <kbd>c</kbd>
        </button>
      </header>
      <div class="pair-tree" ref={box} onScroll={(event) => !printing.value && (view.top.value = inSteps(event.currentTarget.scrollTop, kRowHeight))} data-testid="pair-tree">
        <div role="treegrid" aria-label="Merged tree" aria-rowcount={rows.length + 1} aria-colcount={6}>
          <div class="pair-cols pair-columns" role="row" aria-rowindex={1}>
            <span role="columnheader">Service, operation</span>
            <span role="columnheader" class="num">A, {unit.name}</span>
            <span role="columnheader" class="num">B, {unit.name}</span>
            <span role="columnheader" class="pair-bars">A over B, common scale, 0 to {formatWithUnit(unit, pair.length)}</span>
            <span role="columnheader" class="num">A − B</span>
            <span role="columnheader" class="pair-diff">Difference</span>
          </div>
          <div role="rowgroup">
            <RowSpacer rows={first} rowHeight={kRowHeight} />
            {Array.from(drawn, (row, at) => (
              <PairRow key={row} pair={pair} row={row} rowNumber={first + at + 2} unit={unit} scale={scale} open={!folded.has(row)}
                selected={row === chosen} tabStop={row === tabStop} onSelect={() => shown.choose(row)} onToggle={() => shown.fold(row, !folded.has(row))} />
            ))}
            <RowSpacer rows={rows.length - end} rowHeight={kRowHeight} />
          </div>
        </div>
        <PrintedPart first={first} end={end} count={rows.length} />
        {rows.length === 0 && <p class="muted none">No span differs by 1 % of the longer trace. Press c to see all.</p>}
      </div>
    </>
  );
}

function wordsOf({ rows: { count, a, b } }: TracePair): string {
  let [onlyA, onlyB] = [0, 0];
  for (let row = 0; row < count; ++row) {
    if (b[row]! < 0) ++onlyA;
    if (a[row]! < 0) ++onlyB;
  }
  const alone = [onlyA > 0 && `${formatCount(onlyA)} only in A`, onlyB > 0 && `${formatCount(onlyB)} only in B`].filter(Boolean);
  return ["matched by parent path, service, name and order", ...alone].join("; ");
}

/** The difference of any row lies on it. */
function differenceScale(pair: TracePair): ReturnType<typeof scaleOf> {
  let [least, most] = [0, 0];
  for (let row = 0; row < pair.rows.count; ++row) {
    if (pair.rows.a[row]! < 0 || pair.rows.b[row]! < 0) continue;
    least = Math.min(least, pair.difference(row));
    most = Math.max(most, pair.difference(row));
  }
  return scaleOf(least, most);
}

function useScrolling(box: { readonly current: HTMLDivElement | null }): { readonly top: Signal<number>; readonly height: Signal<number> } {
  const top = useSignal(0);
  const height = useSignal(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => void (printing.value || (height.value = element.clientHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { top, height };
}

interface TreeKeys {
  readonly pair: TracePair;
  readonly rows: Uint32Array;
  /** Of the chosen row in `rows`. */
  readonly place: number;
  readonly shown: ShownPair;
}

function useTreeKeys({ pair, rows, place, shown }: TreeKeys): void {
  const { row, folded, choose, fold } = shown;
  const moveTo = (at: number): void => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at))];
    if (next !== undefined) choose(next);
  };
  const isFolder = row >= 0 && pair.rows.subtree[row]! > 1;
  const close = (): void | false => {
    if (row < 0) return false;
    if (isFolder && !folded.has(row)) return fold(row, true);
    const above = pair.parent(row);
    if (above >= 0) choose(above);
  };
  const open = (): void | false => {
    if (!isFolder) return false;
    if (folded.has(row)) fold(row, false);
    else moveTo(place + 1);
  };
  useKeys({
    j: () => moveTo(place + 1),
    k: () => moveTo(place - 1),
    ArrowDown: () => moveTo(place + 1),
    ArrowUp: () => moveTo(place - 1),
    PageDown: () => moveTo(place + kPage),
    PageUp: () => moveTo(place - kPage),
    Home: () => moveTo(0),
    End: () => moveTo(rows.length - 1),
    h: close,
    l: open,
    ArrowLeft: close,
    ArrowRight: open,
    c: shown.turnChangesOnly,
    Enter: (event) => (row < 0 || isOnControl(event) ? false : goTo(spanAddress(pair, row))),
  });
}

/** The page of the trace that has the span, A if both do. */
function spanAddress(pair: TracePair, row: number): string {
  const at = pair.rows.a[row]!;
  const [trace, span] = at >= 0 ? [pair.a, at] as const : [pair.b, pair.rows.b[row]!] as const;
  return `/trace/${shortTraceId(trace.traceId)}?span=${trace.keyOf(span)}`;
}

// SPDX-License-Identifier: Apache-2.0
// The flame graph: boxes below one another, by time or merged. A click selects the span of a box, a double click
// shows its subtree alone; the arrow keys walk from box to box.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatCount, formatShare, formatWithUnit } from "../../base/format";
import { type Flame, type FlameBox, mergedFlame, timeFlame } from "../../model/flame";
import type { ShownTrace } from "../../model/shown_trace";
import { fitCanvas, useLooks } from "../../widgets/canvas";
import { address, setParams } from "../router";
import { drawFlame, kFlameRow } from "./draw_flame";
import { readLanePalette } from "./lane_palette";
import type { TraceStore } from "./trace_store";

export function FlameView({ store }: { readonly store: TraceStore }): VNode {
  const { trace } = store;
  const root = store.rootRow.value;
  const merged = address.value.params.get("flame") === "merged";
  const [from, to] = root < 0 ? [0, trace.count] : [root, root + 1 + trace.descendants(root)];
  const flame = useMemo(() => (merged ? mergedFlame(trace, from, to) : timeFlame(trace, from, to)), [trace, merged, from, to]);
  const pick = (mode: string | undefined): void => setParams({ flame: mode }, "push");
  return (
    <div class="sheet flame" data-testid="flame-view">
      <div class="sheet-tools">
        <div class="segment" role="group" aria-label="Order">
          <button class="button" type="button" aria-pressed={!merged} onClick={() => pick(undefined)}>
            By time
          </button>
          <button class="button" type="button" aria-pressed={merged} onClick={() => pick("merged")} data-testid="flame-merged">
            Merged
          </button>
        </div>
        <span class="muted">{merged ? "Equal paths are one box as wide as their self time, the widest first" : "Each box stands when its span ran"}</span>
      </div>
      <FlameCanvas store={store} flame={flame} merged={merged} />
    </div>
  );
}

interface FlameCanvasProps {
  readonly store: TraceStore;
  readonly flame: Flame;
  readonly merged: boolean;
}

function FlameCanvas({ store, flame, merged }: FlameCanvasProps): VNode {
  const { trace } = store;
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useSignal<FlameBox | undefined>(undefined);
  const looks = useLooks(canvas);
  const selected = store.span.value;
  const scale = merged ? { start: flame.from, end: flame.to } : store.window.scale.value;
  const matches = store.finder.found.value?.matches;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element && fitCanvas(element);
    if (element && context) drawFlame(context, readLanePalette(element), { trace, flame, scale, selected, matches, width: element.clientWidth });
  }, [flame, scale.start, scale.end, selected, matches, looks]);
  const boxAt = (event: MouseEvent): FlameBox | undefined => {
    const box = canvas.current!.getBoundingClientRect();
    const level = Math.floor((event.clientY - box.top) / kFlameRow);
    const at = scale.start + ((event.clientX - box.left) / box.width) * (scale.end - scale.start);
    return flame.boxes.find((candidate) => candidate.level === level && candidate.from <= at && at < candidate.to);
  };
  const now = over.value ?? flame.boxes.find(({ row }) => row === selected);
  const walk = (event: KeyboardEvent): void => {
    const next = event.shiftKey ? undefined : neighbour(trace, flame, selected, event.key);
    if (!next) return;
    event.preventDefault();
    store.select(next.row);
  };
  return (
    <>
      <p class="flame-said" role="status">{now ? boxText(trace, now) : " "}</p>
      <div class="flame-scroll">
        <svg class="spacer" width="1" height={flame.levels * kFlameRow} aria-hidden="true" />
        <canvas ref={canvas} class="flame-canvas" tabIndex={0} role="img" data-testid="flame-canvas"
          aria-label="Flame graph; the arrow keys walk from box to box" onKeyDown={walk}
          onPointerMove={(event) => (over.value = boxAt(event))} onPointerLeave={() => (over.value = undefined)}
          onClick={(event) => { const box = boxAt(event); if (box) store.select(box.row, "push"); }}
          onDblClick={(event) => { const box = boxAt(event); if (box) store.setRoot(box.row); }} />
      </div>
    </>
  );
}

function boxText(trace: ShownTrace, { row, count, from, to, self }: FlameBox): string {
  const times = count > 1 ? `${formatCount(count)} times ` : "";
  return `${times}${trace.label(row)}, ${formatWithUnit(trace.unit, to - from)}, ${formatShare(to - from, trace.data.length)} of trace, self ${formatWithUnit(trace.unit, self)}`;
}

function neighbour(trace: ShownTrace, { boxes }: Flame, selected: number, key: string): FlameBox | undefined {
  const now = boxes.find(({ row }) => row === selected) ?? boxes[0];
  if (!now) return undefined;
  const inside = (outer: FlameBox, inner: FlameBox): boolean => inner.from >= outer.from && inner.to <= outer.to;
  if (key === "ArrowUp") {
    const above = trace.parent(now.row);
    return boxes.find(({ row }) => row === above) ?? boxes.find((box) => box.level === now.level - 1 && inside(box, now));
  }
  if (key === "ArrowDown") return boxes.find((box) => box.level === now.level + 1 && inside(now, box));
  const level = boxes.filter((box) => box.level === now.level).sort((a, b) => a.from - b.from);
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  return step === 0 ? undefined : level[level.indexOf(now) + step];
}

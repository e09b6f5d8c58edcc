// SPDX-License-Identifier: Apache-2.0
// The lanes of some rows on one canvas, which lies over them.
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { showPicture } from "../../widgets/canvas";
import { printing } from "../../widgets/printing";
import { drawLanes } from "./draw_lanes";
import { type LanePalette, readLanePalette } from "./lane_palette";
import { kLaneMargin, kRowHeight, type Lanes } from "./lane_pen";

/** Of all canvases of a waterfall: to ask for a style has the browser look at the page in the middle of a frame. */
export interface KnownPalette {
  current: { readonly looks: number; readonly colors: LanePalette } | undefined;
}

export interface LaneCanvasProps extends Lanes {
  /** Another number: the page has another theme. */
  readonly looks: number;
  readonly palette: KnownPalette;
}

export function LaneCanvas({ looks, palette, ...lanes }: LaneCanvasProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shown, first, end, scale, pathOn, usual, joined } = lanes;
  useLayoutEffect(() => {
    const element = canvas.current;
    // Its size follows from what is known; on paper it is another.
    const width = printing.value && element ? element.clientWidth - kLaneMargin : lanes.width;
    if (!element || width <= 0) return;
    if (palette.current?.looks !== looks) palette.current = { looks, colors: readLanePalette(element) };
    const { colors } = palette.current!;
    showPicture(element, width + kLaneMargin, (end - first) * kRowHeight, (context) => drawLanes(context, colors, { ...lanes, width }));
  }, [shown, first, end, scale.start, scale.end, lanes.width, pathOn, usual, joined, looks]);
  return <canvas class="wf-lanes" ref={canvas} aria-hidden="true" />;
}

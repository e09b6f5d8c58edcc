// SPDX-License-Identifier: Apache-2.0
// A canvas as sharp as the screen, and drawn again whenever its size or the theme changes.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { printing } from "./printing";
import { watchTheme } from "./theme_watch";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As the browser told it last: to ask for it anew has it lay out the page in the middle of a frame. */
const shownSizes = new WeakMap<Element, Size>();

export function sizeOf(element: Element): Size {
  const told = printing.value ? undefined : shownSizes.get(element);
  return told ?? { width: element.clientWidth, height: element.clientHeight };
}

/** Makes the canvas as large as it is shown and clears it. Undefined when it is not shown. */
export function fitCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const { width, height } = sizeOf(canvas);
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return undefined;
  const scale = devicePixelRatio || 1;
  const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== pixelsWide) canvas.width = pixelsWide;
  if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * A number that changes whenever the element has another size or the page another theme. Draw in a layout effect:
 * a printer waits for no other frame.
 */
export function useLooks(element: { readonly current: Element | null }): number {
  const changes = useSignal(0);
  useEffect(() => {
    const again = (): void => void ++changes.value;
    const sizes = new ResizeObserver(([entry]) => {
      const target = entry!.target;
      shownSizes.set(target, { width: target.clientWidth, height: target.clientHeight });
      again();
    });
    const shown = element.current;
    if (shown) sizes.observe(shown);
    const stop = watchTheme(again);
    return () => {
      sizes.disconnect();
      if (shown) shownSizes.delete(shown);
      stop();
    };
  }, []);
  return changes.value;
}

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
  fit(context, width, height);
  return context;
}

/** What is drawn on, in sight or not. */
export type Drawing = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function fit(context: Drawing, width: number, height: number): void {
  const scale = devicePixelRatio || 1;
  const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(height * scale)];
  if (context.canvas.width !== pixelsWide) context.canvas.width = pixelsWide;
  if (context.canvas.height !== pixelsHigh) context.canvas.height = pixelsHigh;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
}

/** Made when it is needed first; one for all pictures. */
let easel: OffscreenCanvasRenderingContext2D | undefined;

/**
 * Shows what `draw` draws, on a canvas of that size. Browsers without a GPU copy every canvas that is drawn on in every
 * frame, and one that shows a picture only when it is given another.
 */
export function showPicture(canvas: HTMLCanvasElement, width: number, height: number, draw: (context: Drawing) => void): void {
  easel ??= new OffscreenCanvas(1, 1).getContext("2d")!;
  fit(easel, width, height);
  draw(easel);
  ({ width: canvas.width, height: canvas.height } = easel.canvas);
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(easel.canvas.transferToImageBitmap());
}

/** A number that changes whenever the page has another theme. Draw in a layout effect: a printer waits for no other frame. */
export function useThemeChanges(): number {
  const changes = useSignal(0);
  useEffect(() => watchTheme(() => void ++changes.value), []);
  return changes.value;
}

/** A number that changes whenever the element has another size or the page another theme; for a layout effect as well. */
export function useLooks(element: { readonly current: Element | null }): number {
  const changes = useSignal(0);
  useEffect(() => {
    const sizes = new ResizeObserver(([entry]) => {
      const target = entry!.target;
      shownSizes.set(target, { width: target.clientWidth, height: target.clientHeight });
      ++changes.value;
    });
    const shown = element.current;
    if (shown) sizes.observe(shown);
    return () => {
      sizes.disconnect();
      if (shown) shownSizes.delete(shown);
    };
  }, []);
  return changes.value + useThemeChanges();
}

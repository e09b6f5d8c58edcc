// SPDX-License-Identifier: Apache-2.0
// A canvas as sharp as the screen, and drawn again whenever its size or the theme changes.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { watchTheme } from "./theme_watch";

/** Makes the canvas as large as it is shown and clears it. Undefined when it is not shown. */
export function fitCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
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
    const sizes = new ResizeObserver(again);
    if (element.current) sizes.observe(element.current);
    const stop = watchTheme(again);
    return () => {
      sizes.disconnect();
      stop();
    };
  }, []);
  return changes.value;
}

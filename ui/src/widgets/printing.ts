// SPDX-License-Identifier: Apache-2.0
// Whether the page is being printed. The root says so as well: pages are as wide as paper then, so that what is
// drawn on a canvas is drawn for it, and always light. A page hears of it just before its picture is taken.
import { signal } from "@preact/signals";

export const printing = signal(false);

export function watchPrinting(): void {
  const set = (on: boolean): void => {
    document.documentElement.toggleAttribute("data-printing", on);
    printing.value = on;
  };
  addEventListener("beforeprint", () => set(true));
  addEventListener("afterprint", () => set(false));
  const media = matchMedia("print");
  media.addEventListener("change", () => set(media.matches));
}

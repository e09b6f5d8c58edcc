// SPDX-License-Identifier: Apache-2.0
// Local time or UTC: the choice is kept in this browser.
import { signal } from "@preact/signals";
import { showUtc } from "../base/zone";

const kKey = "clew-zone";

function storedUtc(): boolean {
  try {
    return localStorage.getItem(kKey) === "utc";
  } catch {
    return false; // Storage may be forbidden.
  }
}

/** Whether times are shown in UTC. */
export const utcShown = signal(storedUtc());
showUtc(utcShown.value);

export function toggleZone(): void {
  showUtc(!utcShown.value);
  utcShown.value = !utcShown.value;
  try {
    localStorage.setItem(kKey, utcShown.value ? "utc" : "local");
  } catch {
    // The choice then lasts as long as the page.
  }
}

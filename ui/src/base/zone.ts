// SPDX-License-Identifier: Apache-2.0
// The time zone in which times are shown: the reader's, or UTC. One for the whole page.

let utc = false;

export function isUtc(): boolean {
  return utc;
}

export function showUtc(shown: boolean): void {
  utc = shown;
}

/** Minutes east of UTC at that time, in milliseconds since 1970. */
export function zoneOffset(time: number): number {
  return utc ? 0 : -new Date(time).getTimezoneOffset();
}

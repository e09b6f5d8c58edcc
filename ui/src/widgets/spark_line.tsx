// SPDX-License-Identifier: Apache-2.0
// A line the size of a word. It breaks where there is no value.
import type { VNode } from "preact";

export function SparkLine({ values }: { readonly values: readonly number[] }): VNode | null {
  const most = values.reduce((top, value) => (value > top ? value : top), 0);
  if (!(most > 0)) return null;
  const parts: string[][] = [[]];
  values.forEach((value, at) => {
    if (Number.isNaN(value)) parts.push([]);
    else parts.at(-1)!.push(`${at},${(15 - (14 * value) / most).toFixed(2)}`);
  });
  return (
    <svg class="spark" viewBox={`0 0 ${Math.max(1, values.length - 1)} 16`} preserveAspectRatio="none" aria-hidden="true">
      {parts.filter((points) => points.length > 1).map((points) => <polyline key={points[0]} points={points.join(" ")} />)}
    </svg>
  );
}

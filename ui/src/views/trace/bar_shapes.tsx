// SPDX-License-Identifier: Apache-2.0
// The shapes of one bar: pale where the span waits for its children, solid where it works itself, a red cap
// for an error, a tick for each event, and its duration beside it.
import type { VNode } from "preact";
import type { EventMark, SpanBar } from "../../model/span_bar";

export interface BarShapesProps {
  readonly bar: SpanBar;
  readonly error: boolean;
  readonly label: string;
}

export function BarShapes({ bar, error, label }: BarShapesProps): VNode {
  const whole = { x: `${bar.x}%`, width: `${bar.width}%`, y: "4", height: "14", rx: "2" };
  const allSelf = bar.self.length === 1 && bar.self[0]!.width >= bar.width;
  return (
    <>
      {allSelf ? (
        <rect class="self" {...whole} />
      ) : (
        <>
          <rect class="total" {...whole} />
          {bar.self.map(({ x, width }) => (
            <rect key={x} class="self" x={`${x}%`} width={`${width}%`} y="4" height="14" />
          ))}
          <rect class="total-edge" {...whole} />
        </>
      )}
      {error && <rect class="error-cap" x={`${bar.x}%`} width="3" y="2" height="18" />}
      {bar.events.map((mark) => (
        <Event key={mark.x} mark={mark} />
      ))}
      {bar.label === "after" ? (
        <text class="label" x={`${bar.x + bar.width}%`} dx="6" y="15">
          {label}
        </text>
      ) : (
        <text class="label" x={`${bar.x}%`} dx="-6" y="15" text-anchor="end">
          {label}
        </text>
      )}
    </>
  );
}

function Event({ mark }: { readonly mark: EventMark }): VNode {
  const x = `${mark.x}%`;
  return (
    <>
      <line class="event" x1={x} x2={x} y1="1" y2="18" />
      <circle class={mark.exception ? "event-bad" : "event-head"} cx={x} cy="2.5" r="2.5">
        <title>{mark.names.join(", ")}</title>
      </circle>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The ids of both traces. Enter shows them.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { formatClock, formatCount, formatDay, plural } from "../../base/format";
import type { PairQuery } from "../../model/compare_query";
import { parseTraceId, shortTraceId } from "../../model/trace";
import type { PairState, Side } from "./pair_state";

export interface PairFormProps {
  readonly query: PairQuery;
  readonly state: PairState;
  readonly onQuery: (changes: Partial<PairQuery>) => void;
}

export function PairForm({ query, state, onQuery }: PairFormProps): VNode {
  return (
    <div class="sets pair-form" data-testid="pair-form">
      <IdLine name="A" id={query.a} side={state.a} onId={(a) => onQuery({ a })} />
      <IdLine name="B" id={query.b} side={state.b} onId={(b) => onQuery({ b })} />
    </div>
  );
}

interface IdLineProps {
  readonly name: string;
  readonly id: string;
  readonly side: Side;
  readonly onId: (id: string) => void;
}

function IdLine({ name, id, side, onId }: IdLineProps): VNode {
  const text = useSignal(shortTraceId(id));
  const wrong = useSignal(false);
  useEffect(() => {
    text.value = shortTraceId(id);
    wrong.value = false;
  }, [id]);
  const take = (event?: Event): void => {
    event?.preventDefault();
    const typed = parseTraceId(text.value);
    wrong.value = typed === undefined && text.value.trim() !== "";
    if (typed !== undefined && typed !== id) onId(typed);
  };
  return (
    <form class="ask-line" aria-label={`Trace ${name}`} onSubmit={take}>
      <span class="tagset">{name}</span>
      <label class={wrong.value ? "field is-wrong" : "field"}>
        <span class="sr">ID of trace {name}</span>
        <input class="mono" type="text" value={text.value} placeholder="Trace ID" spellcheck={false} autocomplete="off" autocapitalize="off"
          aria-invalid={wrong.value ? "true" : undefined} data-testid={`trace-${name.toLowerCase()}`}
          onInput={(event) => (text.value = event.currentTarget.value)} onBlur={() => take()}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
        {wrong.value && <span class="err" role="alert">! 1 to 32 hexadecimal digits</span>}
      </label>
      {side.kind === "loaded" && (
        <>
          <a class="ex muted" href={`/trace/${shortTraceId(id)}`}>
            <span class="sr">Open trace {name} of </span>
            {startOf(side)}
          </a>
          <span class="num set-count">{formatCount(side.trace.count)} {plural(side.trace.count, "span")}</span>
        </>
      )}
    </form>
  );
}

function startOf({ trace }: Side & { readonly kind: "loaded" }): string {
  const time = trace.timeOf(0);
  const day = formatDay(time, new Date());
  return day === "today" ? formatClock(time) : `${day} ${formatClock(time)}`;
}

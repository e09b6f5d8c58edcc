// SPDX-License-Identifier: Apache-2.0
// How to point a service here, one way at a time.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { SendingWay } from "../../model/sending_ways";
import { listenedPorts, receivedBy, type ServerFacts } from "../../model/server_facts";
import { useKeys } from "../../widgets/keyboard";
import { ShellBox } from "../../widgets/shell_box";
import { ReceivedText } from "./received_text";

/** Keys, from 1. */
const kDigits = 9;

export interface SendingWaysProps {
  readonly ways: readonly SendingWay[];
  /** Undefined while they are not known. */
  readonly facts: ServerFacts | undefined;
}

export function SendingWays({ ways, facts }: SendingWaysProps): VNode {
  const chosen = useSignal(0);
  const way = ways[chosen.value] ?? ways[0]!;
  useKeys(Object.fromEntries(ways.slice(0, kDigits).map((_, at) => [String(at + 1), () => void (chosen.value = at)])));
  const walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    chosen.value = (chosen.value + step + ways.length) % ways.length;
    const list = event.currentTarget as HTMLElement;
    list.querySelectorAll<HTMLElement>("[role=tab]")[chosen.value]?.focus();
  };
  return (
    <>
      <div class="ways" role="tablist" aria-label="How to send" onKeyDown={walk}>
        {ways.map(({ key, title }, at) => (
          <button key={key} id={`way-${key}`} role="tab" type="button" aria-selected={at === chosen.value} aria-controls="way" tabIndex={at === chosen.value ? 0 : -1}
            data-testid={`way-${key}`} onClick={() => (chosen.value = at)}>
            {title}
            {at < kDigits && <kbd>{at + 1}</kbd>}
          </button>
        ))}
      </div>
      <div id="way" role="tabpanel" aria-labelledby={`way-${way.key}`}>
        <ShellBox text={way.text} />
        {facts && <ReceivedHere facts={facts} protocol={way.protocol} />}
      </div>
    </>
  );
}

/** Whether the way that is shown has worked. */
function ReceivedHere({ facts, protocol }: { readonly facts: ServerFacts; readonly protocol: string }): VNode | null {
  const received = receivedBy(facts, protocol);
  const listened = listenedPorts(facts).find((each) => each.protocol === protocol);
  if (!received || !listened) return null;
  return (
    <p class="fine" role="status" data-testid="received-here">
      Port {listened.port}: <ReceivedText received={received} nothing="nothing came so far" />
    </p>
  );
}

// SPDX-License-Identifier: Apache-2.0
// What came to a port, in words.
import type { VNode } from "preact";
import { type Received, receivedWords } from "../../model/server_facts";

export interface ReceivedTextProps {
  readonly received: Received;
  /** What is said while nothing came. */
  readonly nothing: string;
}

export function ReceivedText({ received, nothing }: ReceivedTextProps): VNode {
  if (received.requests === 0) return <span class="muted">{nothing}</span>;
  return (
    <>
      {received.refusedRequests > 0 && <span class="err">! </span>}
      {receivedWords(received)}
    </>
  );
}

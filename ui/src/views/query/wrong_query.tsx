// SPDX-License-Identifier: Apache-2.0
// In the place of an answer when a query is wrong: what is wrong is said below the query, in the server's words.
import type { VNode } from "preact";

export function WrongQuery(): VNode {
  return (
    <div class="message">
      <h1>The query is not understood.</h1>
      <p>The line below it says what is wrong.</p>
    </div>
  );
}

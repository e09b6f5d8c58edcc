// SPDX-License-Identifier: Apache-2.0
// A phrase of the sentence that chooses what it speaks of further down, underlined in its colour. It breaks over
// lines as text does, which a button never would.
import type { ComponentChildren, VNode } from "preact";

export interface PhraseLinkProps {
  /** A class; "" for none. */
  readonly color: string;
  readonly onChoose: () => void;
  readonly children: ComponentChildren;
}

export function PhraseLink({ color, onChoose, children }: PhraseLinkProps): VNode {
  const choose = (event: Event): void => {
    event.preventDefault();
    onChoose();
  };
  return (
    <a href="#answer" class={color ? `phrase ${color}` : "phrase"} onClick={choose} data-testid="phrase">
      {children}
    </a>
  );
}

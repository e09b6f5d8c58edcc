// SPDX-License-Identifier: Apache-2.0
// What an editor must be told of the language that is typed into it.

/** A stretch of the text that has a look of its own. */
export interface CodeMark {
  readonly from: number;
  readonly to: number;
  readonly class: string;
}

export interface Suggestion {
  readonly label: string;
  readonly detail?: string;
  /** What is inserted, else the label; `¦` is where the cursor goes. */
  readonly insert?: string;
  /** Whether more is suggested as soon as this one is taken. */
  readonly chains?: boolean;
}

export interface Suggestions {
  /** What a suggestion takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Suggestion[];
}

export interface CodeLanguage {
  marks(text: string): readonly CodeMark[];
  /** `explicit` when the reader asked for it by key. */
  suggest(text: string, cursor: number, explicit: boolean): Promise<Suggestions | undefined>;
}

/** A mistake and its place. */
export interface CodeError {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

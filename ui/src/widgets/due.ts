// SPDX-License-Identifier: Apache-2.0
// What is done again and again, but never behind the reader's back: a page that is not seen waits until it is.
import { useEffect, useRef } from "preact/hooks";

const kLookMs = 500;

/** Acts every so many seconds while the page is seen, and at once when it is seen again and late. 0: never. */
export function useEvery(seconds: number, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (seconds <= 0) return undefined;
    let due = Date.now() + seconds * 1000;
    const look = (): void => {
      if (document.hidden || Date.now() < due) return;
      due = Date.now() + seconds * 1000;
      latest.current();
    };
    const timer = setInterval(look, kLookMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [seconds]);
}

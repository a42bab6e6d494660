// What somebody is typing is kept in this tab until it is saved, so that no reload loses a reason.
import { useState } from "preact/hooks";

const PREFIX = "habeas.draft.";

export function readDraft(name: string): string | null {
  return sessionStorage.getItem(PREFIX + name);
}

export function writeDraft(name: string, text: string): void {
  if (text === "") sessionStorage.removeItem(PREFIX + name);
  else sessionStorage.setItem(PREFIX + name, text);
}

/** A text field's value that outlives a reload. `clear` once it is saved. */
export function useDraft(name: string, initial = ""): [string, (text: string) => void, () => void] {
  const [state, set] = useState({ name, text: readDraft(name) ?? initial });
  // Another finding, another draft.
  const text = state.name === name ? state.text : (readDraft(name) ?? initial);
  const write = (next: string) => {
    writeDraft(name, next);
    set({ name, text: next });
  };
  const clear = () => {
    writeDraft(name, "");
    set({ name, text: initial });
  };
  return [text, write, clear];
}

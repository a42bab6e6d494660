// What does each key do here? Bindings are registered by what is on the screen, and `?` lists them.
import { useLayoutEffect, useRef } from "preact/hooks";

export interface Binding {
  /** `j`, `Shift+x`, `Enter`, or two in a row: `g t`. */
  keys: string;
  label: string;
  /** The heading under which `?` lists it. */
  group: string;
  run: (event: KeyboardEvent) => void;
}

interface Layer {
  bindings: Binding[];
  /** Does it hide what lies below, as a dialog does? */
  isBarrier: boolean;
}

const layers: Layer[] = [];
let pending = "";
let pendingTimer = 0;

/** Single keys can be switched off, for those who speak to their computer (WCAG 2.1.4). */
const OFF = "habeas.keys";
export const keysAreOn = () => localStorage.getItem(OFF) !== "off";
export const setKeysOn = (on: boolean) => (on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "off"));

export function useKeys(bindings: Binding[], isBarrier = false): void {
  const layer = useRef<Layer>({ bindings, isBarrier });
  layer.current.bindings = bindings;
  // At once, so that no key meets the bindings of a screen that is gone.
  useLayoutEffect(() => {
    const own = layer.current;
    layers.push(own);
    return () => void layers.splice(layers.indexOf(own), 1);
  }, []);
}

/** Every binding in force, nearest first. */
export function active(): Binding[] {
  const found: Binding[] = [];
  for (const layer of [...layers].reverse()) {
    found.push(...layer.bindings);
    if (layer.isBarrier) break;
  }
  return found;
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key;
  const isLetter = key.length === 1;
  const mods = [];
  if (event.ctrlKey || event.metaKey) mods.push("Ctrl");
  if (event.altKey) mods.push("Alt");
  // A shifted sign such as `?` is its own key; a shifted letter is named with its shift.
  if (event.shiftKey && (!isLetter || /[a-z]/i.test(key))) mods.push("Shift");
  mods.push(isLetter && /[a-z]/i.test(key) ? key.toLowerCase() : key);
  return mods.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** Keys that a control which has the focus uses itself. */
function isOwn(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (event.key === "Enter" || event.key === " ") {
    return target.closest("button, a[href], summary, input, [role=option], [role=tab]") !== null && !target.dataset.keys;
  }
  if (event.key.startsWith("Arrow")) {
    return target.closest("input[type=radio], input[type=range], [role=tablist]") !== null;
  }
  return false;
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isTyping(event.target) && name !== "Escape" && !name.startsWith("Ctrl+")) return;
  if (isOwn(event)) return;
  if (isPlain && event.key.length === 1 && name !== "?" && !keysAreOn()) return;
  const bindings = active();
  const both = pending ? `${pending} ${name}` : name;
  const found = bindings.find((binding) => binding.keys === both) ?? bindings.find((binding) => binding.keys === name);
  clearTimeout(pendingTimer);
  pending = "";
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (isPlain && bindings.some((binding) => binding.keys.startsWith(`${name} `))) {
    pending = name;
    pendingTimer = setTimeout(() => (pending = ""), 1200);
  }
});

// The focus is never nowhere: when what had it goes away or can't be pressed any more, something near it takes it.

/** Where the focus goes on a screen. */
export function focusScreen(): void {
  const screen = document.getElementById("screen");
  const target = screen?.querySelector<HTMLElement>("[data-first]") ?? screen?.querySelector<HTMLElement>("h1[tabindex]") ?? screen;
  target?.focus({ preventScroll: true });
}

const CONTROLS = ":is(input, select, textarea, button, a[href]):not(:disabled)";

export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | null = null;
  let isPlanned = false;
  addEventListener("focusin", (event) => {
    last = event.target instanceof HTMLElement ? event.target : null;
  });
  const look = () => {
    isPlanned = false;
    // Somebody who clicks beside everything has let go of it; what was taken away has not.
    if (last === null || document.activeElement !== document.body) return;
    const isGone = !last.isConnected;
    if (!isGone && !last.matches(":disabled")) return;
    const heading = isGone ? null : last.closest(".panel")?.querySelector<HTMLElement>("h2");
    last = null;
    const inDialog = document.querySelector<HTMLElement>(`dialog[open] ${CONTROLS}`);
    if (inDialog) inDialog.focus();
    else if (heading) {
      // A heading takes no keys for itself, as a field would.
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    } else focusScreen();
  };
  new MutationObserver(() => {
    if (isPlanned) return;
    isPlanned = true;
    // A button that is switched off loses the focus with the next frame.
    requestAnimationFrame(() => setTimeout(look));
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

// Light, dark, or as the system has it. Kept on this machine.
const NAME = "habeas.theme";
const ORDER = ["system", "light", "dark"] as const;
export type Theme = (typeof ORDER)[number];

export function theme(): Theme {
  const held = localStorage.getItem(NAME);
  return ORDER.find((one) => one === held) ?? "system";
}

export function applyTheme(): void {
  const now = theme();
  if (now === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = now;
}

export function nextTheme(): Theme {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length] ?? "system";
  localStorage.setItem(NAME, next);
  applyTheme();
  return next;
}

// Where are we? The whole place stands in the address after `#`, so that a reload loses nothing.
import { useEffect, useState } from "preact/hooks";

export interface Route {
  /** The parts of the path: `case`, `SAR-2026-0001`, `findings`. */
  path: string[];
  /** Filters, the selected line, the open tab. Never what an item says. */
  query: URLSearchParams;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "");
  return { path: parts.map(decode), query: new URLSearchParams(query) };
}

/** A part that somebody typed may hold a stray `%`; it is then taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function href(path: (string | number)[], query: Query | URLSearchParams = {}): string {
  const text = path.map((part) => encodeURIComponent(String(part))).join("/");
  const search = queryText(query);
  return `#/${text}${search && `?${search}`}`;
}

export function queryText(query: Query | URLSearchParams): string {
  if (query instanceof URLSearchParams) return query.toString();
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) search.set(name, String(value));
  }
  return search.toString();
}

export function go(to: string): void {
  if (location.hash !== to) location.hash = to;
}

/** Changes the address without a step in the history: for the selected line, the scroll, a tab. */
export function replace(to: string): void {
  if (location.hash === to) return;
  history.replaceState(history.state, "", to);
  for (const listener of listeners) listener();
}

/** The same place with some of its query changed; empty values are taken out. */
export function withQuery(route: Route, changes: Query): string {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "" || value === false) query.delete(name);
    else query.set(name, String(value));
  }
  return href(route.path, query);
}

const listeners = new Set<() => void>();
addEventListener("hashchange", () => {
  for (const listener of listeners) listener();
});

export function useRoute(): Route {
  const [hash, set] = useState(location.hash);
  useEffect(() => {
    const listener = () => set(location.hash);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return parse(hash);
}

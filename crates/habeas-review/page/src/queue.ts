// The queue's lines, fetched page by page as they come into sight, wherever in the list that is.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask, Failure } from "./api.ts";
import type { Facets, Queue, Row, Verdict } from "./api.ts";

/** A line, with the revision at which it was seen. */
export interface Line extends Row {
  revision: number;
  /** Was it decided in this list? It may not fit the filter any more, and is still meant as a whole. */
  isDecided?: boolean;
}

export interface Lines {
  total: number;
  nFindings: number;
  nOpen: number;
  facets: Facets | null;
  failure: Failure | null;
  isLoading: boolean;
  at: (index: number) => Line | undefined;
  indexOf: (key: string) => number;
  /** Has these lines fetched, nearest known place first. */
  want: (from: number, to: number) => void;
  /** Shows what was just decided, without moving a line away under the reader's hand. */
  decided: (keys: Set<string>, verdict: Verdict, revision: number) => void;
  /** Asks for everything again; `key` stays where it is if it can. */
  refresh: (key?: string) => void;
}

interface Held {
  query: string;
  lines: Map<number, Line>;
  /** Where a page can begin: its first line's number, and the cursor to ask with. */
  cursors: Map<number, string | null>;
  total: number;
  nFindings: number;
  nOpen: number;
  facets: Facets | null;
  failure: Failure | null;
  isLoading: boolean;
  want: [number, number];
}

const fresh = (query: string): Held => ({ query, lines: new Map(), cursors: new Map([[0, null]]), total: 0, nFindings: 0, nOpen: 0, facets: null, failure: null, isLoading: true, want: [0, 60] });

/** `path` is the queue's, `query` its filter, `first` the key of the line to begin with. */
export function useLines(path: string, query: string, first: string | null): Lines {
  const [, tell] = useState(0);
  const [count, setCount] = useState(0);
  const held = useRef<Held>(fresh(query));
  const begin = useRef(first);
  const running = useRef<AbortController | null>(null);
  const draw = useCallback(() => tell((value) => value + 1), []);
  if (held.current.query !== query) held.current = { ...fresh(query), facets: held.current.facets };

  const fetchPage = useCallback(
    async (own: Held, stop: AbortSignal, at: number, limit: number, key?: string) => {
      const search = new URLSearchParams(own.query);
      search.set("limit", String(limit));
      const cursor = own.cursors.get(at);
      if (key) search.set("at", key);
      else if (cursor) search.set("cursor", cursor);
      const page = await ask<Queue>("GET", `${path}?${search}`, undefined, stop);
      // Lines that left the filter meanwhile moved the rest up; ours stay where they were.
      const start = key ? page.position : at;
      page.rows.forEach((row, i) => own.lines.set(start + i, { ...row, revision: page.revision }));
      const end = start + page.rows.length;
      if (page.next_cursor) own.cursors.set(end, page.next_cursor);
      own.total = Math.max(end + (page.total - page.position - page.rows.length), end);
      own.nFindings = page.n_findings;
      own.nOpen = page.n_open;
      own.facets = page.facets;
    },
    [path],
  );

  const run = useCallback(async () => {
    if (running.current) return;
    const stop = new AbortController();
    running.current = stop;
    const own = held.current;
    own.isLoading = true;
    try {
      if (own.lines.size === 0) {
        const key = begin.current;
        begin.current = null;
        if (key) {
          await fetchPage(own, stop.signal, 0, 100, key).catch(async (trouble: unknown) => {
            if (stop.signal.aborted || !(trouble instanceof Failure)) throw trouble;
            await fetchPage(own, stop.signal, 0, 100);
          });
        } else await fetchPage(own, stop.signal, 0, 100);
        draw();
      }
      for (;;) {
        const [from, to] = own.want;
        let missing = from;
        while (missing < Math.min(to, own.total) && own.lines.has(missing)) missing += 1;
        if (missing >= Math.min(to, own.total)) break;
        // The nearest place before it from which a page can be asked for.
        const start = [...own.cursors.keys()].filter((index) => index <= missing).reduce((a, b) => Math.max(a, b), 0);
        const before = own.lines.size;
        await fetchPage(own, stop.signal, start, missing - start >= 100 ? 500 : 100);
        draw();
        if (own.lines.size === before && own.lines.has(missing) === false) break;
      }
      own.failure = null;
    } catch (trouble) {
      if (!stop.signal.aborted) {
        if (!(trouble instanceof Failure)) throw trouble;
        own.failure = trouble;
      }
    } finally {
      own.isLoading = false;
      if (running.current === stop) running.current = null;
      draw();
    }
  }, [fetchPage, draw]);

  useEffect(() => {
    void run();
    return () => {
      running.current?.abort();
      running.current = null;
    };
  }, [run, query, count]);

  const want = useCallback(
    (from: number, to: number) => {
      held.current.want = [from, to];
      void run();
    },
    [run],
  );
  const own = held.current;
  return {
    total: own.total,
    nFindings: own.nFindings,
    nOpen: own.nOpen,
    facets: own.facets,
    failure: own.failure,
    isLoading: own.isLoading,
    at: (index) => held.current.lines.get(index),
    indexOf: (key) => {
      for (const [index, line] of held.current.lines) if (line.key === key) return index;
      return -1;
    },
    want,
    decided: (keys, verdict, revision) => {
      for (const [index, line] of held.current.lines) {
        if (!keys.has(line.key)) continue;
        held.current.lines.set(index, { ...line, verdict, n_open: verdict === "open" ? line.n_findings : 0, revision, isDecided: true });
      }
      draw();
    },
    refresh: (key) => {
      begin.current = key ?? null;
      held.current = { ...fresh(query), facets: held.current.facets, total: held.current.total };
      setCount((value) => value + 1);
    },
  };
}

/** The properties by which the queue is filtered, as they stand in the address. */
export const FILTERS = ["tier", "source", "kind", "about", "verdict", "type", "from", "to", "text", "family", "thread", "near", "person"] as const;
export const ORDERS = ["group", "sort", "order"] as const;

/** The part of an address that says which lines are shown and in which order. */
export function queueQuery(query: URLSearchParams, withOrder = true): string {
  const out = new URLSearchParams();
  for (const name of withOrder ? [...FILTERS, ...ORDERS] : FILTERS) {
    const value = query.get(name);
    if (value) out.set(name, value);
  }
  return out.toString();
}

/** The same filter as the body of a decision wants it. */
export function filterOf(query: URLSearchParams): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of FILTERS) {
    const value = query.get(name);
    if (!value) continue;
    if (["tier", "source", "kind", "verdict", "type"].includes(name)) out[name] = value.split(",");
    else out[name] = name === "person" ? Number(value) : value;
  }
  return out;
}

/** What has to be sent to decide about these lines: their findings that fit the filter. */
export interface Order {
  body: Record<string, unknown>;
  /** The revision at which they were seen. */
  expected: number;
  lines: Line[];
}

export function orders(lines: Line[], group: string, filter: Record<string, unknown>): Order[] {
  const { verdict: _, ...lasting } = filter;
  const own = (line: Line) => (line.isDecided ? lasting : filter);
  if (group === "family" || group === "thread" || group === "near") {
    // One request a line; a line that is alone has no key of a group.
    return lines.map((line) => ({ body: { filter: line[group] ? { ...own(line), [group]: line[group] } : { ...own(line), item: [line.item] } }, expected: line.revision, lines: [line] }));
  }
  // Lines that were seen at the same time go together, so that a decision of one's own is no conflict.
  const together = new Map<string, Line[]>();
  for (const line of lines) {
    const name = `${line.revision} ${line.isDecided ?? false}`;
    together.set(name, [...(together.get(name) ?? []), line]);
  }
  return [...together.values()].map((list) => {
    const first = list[0] as Line;
    const body = group === "finding" ? { targets: list.map((line) => ({ item: line.item, place: line.place })) } : { filter: { ...own(first), item: list.map((line) => line.item) } };
    return { body, expected: first.revision, lines: list };
  });
}

// What the item says, page by page: more is fetched before and after as it is asked for.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ask, Failure, useGet } from "../../api.ts";
import type { Mark, PassageOf, Passages } from "../../api.ts";

export const LIMIT = 100;

export const firstPath = (base: string, around: number) => `${base}/passages?limit=${LIMIT}${around > 0 ? `&around=${around}` : ""}`;

export interface Text {
  passages: PassageOf[];
  revision: number;
  total: number;
  isCurrent: boolean;
  failure: Failure | null;
  hasBefore: boolean;
  hasAfter: boolean;
  before: () => void;
  after: () => void;
  reload: () => void;
}

/** `nChanges` counts what this tab decided: marks are asked for again then. */
export function useText(base: string, around: number, nChanges: number): Text {
  const first = useGet<Passages>(firstPath(base, around));
  const [more, setMore] = useState<{ cursor: string; isBefore: boolean; data: Passages }[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const seen = useRef(nChanges);

  const fetchMore = useCallback(
    async (cursor: string, isBefore: boolean) => {
      try {
        const data = await ask<Passages>("GET", `${base}/passages?limit=${LIMIT}&cursor=${encodeURIComponent(cursor)}`);
        setMore((held) => [...held.filter((one) => one.cursor !== cursor), { cursor, isBefore, data }]);
      } catch (trouble) {
        if (!(trouble instanceof Failure)) throw trouble;
        setFailure(trouble);
      }
    },
    [base],
  );
  const reload = useCallback(() => {
    first.reload();
    for (const one of more) void fetchMore(one.cursor, one.isBefore);
  }, [first.reload, more, fetchMore]);
  useEffect(() => {
    if (seen.current !== nChanges) {
      seen.current = nChanges;
      reload();
    }
  }, [nChanges, reload]);

  const parts = [...more.map((one) => one.data), ...(first.data ? [first.data] : [])];
  const passages = useMemo(() => {
    const byNumber = new Map<number, PassageOf>();
    for (const part of parts) for (const passage of part.passages) byNumber.set(passage.number, passage);
    return [...byNumber.values()].sort((a, b) => a.number - b.number);
  }, [first.data, more]);
  const edge = (isBefore: boolean) => {
    const own = more.filter((one) => one.isBefore === isBefore);
    const last = own.at(-1)?.data ?? first.data;
    return (isBefore ? last?.previous_cursor : last?.next_cursor) ?? null;
  };
  const previous = edge(true);
  const next = edge(false);
  return {
    passages,
    revision: parts.length ? Math.max(...parts.map((part) => part.revision)) : 0,
    total: first.data?.total ?? 0,
    isCurrent: first.data?.is_current ?? true,
    failure: failure ?? first.failure,
    hasBefore: previous !== null,
    hasAfter: next !== null,
    before: () => previous !== null && void fetchMore(previous, true),
    after: () => next !== null && void fetchMore(next, false),
    reload,
  };
}

/** A mention, with where it stands. */
export interface Mention extends Mark {
  id: string;
  passage: PassageOf;
}

export function mentionsOf(passages: PassageOf[]): Mention[] {
  return passages.filter((passage) => passage.fate !== "left_out").flatMap((passage) => passage.marks.map((mark) => ({ ...mark, passage, id: `${passage.number}.${mark.start}` })));
}

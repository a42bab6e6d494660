// How the page talks to the server: a token held by this tab, answers by the contract, failures in words.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Conflict, ErrorCode, Problem, Session, SessionOut } from "./api-types.ts";

export type * from "./api-types.ts";

const TOKEN = "habeas.token";

/** Why something was not done, and what to do. */
export class Failure extends Error {
  code: ErrorCode | "silent";
  hint: string | null;
  revision: number | null;
  conflicts: Conflict[];
  constructor(problem: Omit<Problem, "code"> & { code: ErrorCode | "silent" }) {
    super(problem.message);
    this.code = problem.code;
    this.hint = problem.hint;
    this.revision = problem.revision;
    this.conflicts = problem.conflicts;
  }
}

const silent = () =>
  new Failure({ code: "silent", message: "Habeas does not answer.", hint: "Is `habeas review` still running in its terminal? What you typed is kept here.", revision: null, conflicts: [] });

/** Told when the session is lost, so that the page can ask for a new link. */
let onLost: () => void = () => {};
export const whenLost = (tell: () => void) => void (onLost = tell);

export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

/** Swaps the one-time key of a link for a token. */
export async function enter(key: string): Promise<Session> {
  const out = await ask<SessionOut>("POST", "/session", { key });
  sessionStorage.setItem(TOKEN, out.token);
  return out.session;
}

export function forget(): void {
  sessionStorage.removeItem(TOKEN);
}

export async function ask<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await call(method, path, body, signal);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A picture or an archive. */
export async function bytes(path: string, signal?: AbortSignal): Promise<Blob> {
  return (await call("GET", path, undefined, signal)).blob();
}

async function call(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) });
  } catch (trouble) {
    if (signal?.aborted) throw trouble;
    throw silent();
  }
  if (response.ok) return response;
  let problem: Problem;
  try {
    problem = (await response.json()) as Problem;
  } catch {
    problem = { code: "failed", message: `Habeas answered ${response.status} without saying why.`, hint: null, revision: null, conflicts: [] };
  }
  const failure = new Failure({ ...problem, conflicts: problem.conflicts ?? [] });
  if (failure.code === "session" && path !== "/session") onLost();
  throw failure;
}

export interface Got<T> {
  data: T | null;
  failure: Failure | null;
  isLoading: boolean;
  /** Asks again, keeping what is on the screen until the answer is there. */
  reload: () => void;
}

/** The last answer to each question, so that going back shows something at once. */
const kept = new Map<string, unknown>();
const KEPT = 60;

function keep(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(old);
  }
}

/** Something changed: what is kept about that case is old. What is kept of items is shown until the new answer is there. */
export function drop(prefix: string, withItems = false): void {
  for (const path of [...kept.keys()]) if (path.startsWith(prefix) && (withItems || !path.includes("/items/"))) kept.delete(path);
}

/** Asks for a path, again whenever it changes; `null` asks nothing. */
export function useGet<T>(path: string | null): Got<T> {
  const [, tell] = useState(0);
  const [count, again] = useState(0);
  const own = useRef<{ path: string | null; data: T | null; failure: Failure | null; isLoading: boolean }>({ path: null, data: null, failure: null, isLoading: true });
  if (own.current.path !== path) {
    own.current = { path, data: path === null ? null : ((kept.get(path) as T | undefined) ?? null), failure: null, isLoading: path !== null };
  }
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    own.current.isLoading = true;
    ask<T>("GET", path, undefined, stop.signal)
      .then((data) => {
        keep(path, data);
        if (!stop.signal.aborted) own.current = { path, data, failure: null, isLoading: false };
      })
      .catch((trouble: unknown) => {
        if (stop.signal.aborted) return;
        if (!(trouble instanceof Failure)) throw trouble;
        own.current = { ...own.current, failure: trouble, isLoading: false };
      })
      .finally(() => {
        if (!stop.signal.aborted) tell((value) => value + 1);
      });
    return () => stop.abort();
  }, [path, count]);
  const reload = useCallback(() => again((value) => value + 1), []);
  // After a lost session everything is asked for once more.
  useEffect(() => {
    addEventListener("habeas:entered", reload);
    return () => removeEventListener("habeas:entered", reload);
  }, []);
  return { data: own.current.data, failure: own.current.failure, isLoading: own.current.isLoading, reload };
}

/** A picture by its path, shown through a blob: the token never stands in an address. */
export function usePicture(path: string | null): { url: string | null; failure: Failure | null } {
  const [state, set] = useState<{ path: string | null; url: string | null; failure: Failure | null }>({ path: null, url: null, failure: null });
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    let url: string | null = null;
    bytes(path, stop.signal)
      .then((blob) => {
        if (stop.signal.aborted) return;
        url = URL.createObjectURL(blob);
        set({ path, url, failure: null });
      })
      .catch((trouble: unknown) => {
        if (!stop.signal.aborted && trouble instanceof Failure) set({ path, url: null, failure: trouble });
      });
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [path]);
  return state.path === path ? state : { url: null, failure: null };
}

/** Fetches what will most likely be looked at next. */
export async function prefetch<T>(path: string): Promise<T | null> {
  const held = kept.get(path) as T | undefined;
  if (held !== undefined) return held;
  try {
    const data = await ask<T>("GET", path);
    keep(path, data);
    return data;
  } catch {
    // It is asked for again, and its failure told, when it is looked at.
    return null;
  }
}

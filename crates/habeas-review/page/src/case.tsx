// What the screens of one request share: deciding, undoing, jobs, and what happens when two people decide at once.
import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useCallback, useContext, useEffect, useMemo, useState } from "preact/hooks";
import { ask, drop, Failure, useGet } from "./api.ts";
import type { CaseOut, Conflict, Job, JobRef, Revision } from "./api.ts";
import { say } from "./ui/say.tsx";
import { Dialog } from "./ui/parts.tsx";
import { moment, placeOf } from "./words.ts";

export interface Change {
  /** Below `/cases/{case}`: `/decisions`, `/items/…/marks`. */
  path: string;
  /** All but `expected`. */
  body: Record<string, unknown>;
  /** The revision of what the reviewer was looking at. */
  expected: number;
  /** What to say once it is done: `Disclosed`. */
  done: string;
}

interface Shared {
  id: string;
  about: CaseOut | null;
  failure: Failure | null;
  reload: () => void;
  /** Sends a change. Returns what was recorded, or null if nothing was (the reviewer was told why). */
  change: (change: Change) => Promise<Revision | null>;
  undo: () => Promise<void>;
  canUndo: boolean;
  /** Counts changes of this tab, so that screens ask again. */
  nChanges: number;
  /** Counts what was taken back: lists that show what was decided ask again then. */
  nUndone: number;
  job: Job | null;
  /** Starts a job and follows it to its end. */
  start: (path: string, body?: Record<string, unknown>) => Promise<Job | null>;
  follow: (job: number) => Promise<Job | null>;
}

const Context = createContext<Shared | null>(null);

export function useCase(): Shared {
  const shared = useContext(Context);
  if (!shared) throw new Error("this screen belongs into a case");
  return shared;
}

interface Step {
  first: number;
  last: number;
  words: string;
}

const stepsName = (id: string) => `habeas.undo.${id}`;
function readSteps(id: string): Step[] {
  try {
    return JSON.parse(sessionStorage.getItem(stepsName(id)) ?? "[]") as Step[];
  } catch {
    return [];
  }
}

interface Clash {
  change: Change;
  failure: Failure;
  settle: (out: Revision | null) => void;
}

export function CaseProvider({ id, children }: { id: string; children: ComponentChildren }) {
  const base = `/cases/${encodeURIComponent(id)}`;
  const { data, failure, reload } = useGet<CaseOut>(base);
  const [steps, setSteps] = useState(() => readSteps(id));
  const [nChanges, setChanges] = useState(0);
  const [nUndone, setUndone] = useState(0);
  const [clash, setClash] = useState<Clash | null>(null);
  const [job, setJob] = useState<Job | null>(null);

  const keepSteps = useCallback(
    (next: Step[]) => {
      sessionStorage.setItem(stepsName(id), JSON.stringify(next.slice(-50)));
      setSteps(next);
    },
    [id],
  );

  const changed = useCallback(() => {
    drop(base);
    drop("/cases");
    setChanges((value) => value + 1);
    reload();
  }, [base, reload]);

  const follow = useCallback(
    async (number: number): Promise<Job | null> => {
      for (;;) {
        let now: Job;
        try {
          now = await ask<Job>("GET", `/jobs/${number}`);
        } catch (trouble) {
          if (trouble instanceof Failure) tell(trouble);
          setJob(null);
          return null;
        }
        setJob(now);
        if (now.state !== "running") {
          setTimeout(() => setJob((shown) => (shown?.job === now.job ? null : shown)), 1500);
          if (now.state === "failed" && now.error) tell(new Failure(now.error));
          changed();
          return now;
        }
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    },
    [changed],
  );

  const recorded = useCallback(
    (out: Revision, words: string, canBeTakenBack: boolean) => {
      const { first, last } = out;
      if (!canBeTakenBack) say(words);
      else if (first !== null && last !== null && out.n_recorded > 0) {
        const step = { first, last, words };
        keepSteps([...readSteps(id), step]);
        say(words, { action: { label: "Undo (z)", run: () => void undoStep(step) } });
      } else say(`${words} (nothing to change)`);
      changed();
      if (out.job !== null) void follow(out.job);
    },
    [changed, follow, id, keepSteps],
  );

  const undoStep = async (step: Step) => {
    try {
      const out = await ask<Revision>("POST", `${base}/undo`, { expected: step.last, first: step.first, last: step.last });
      keepSteps(readSteps(id).filter((one) => one.first !== step.first));
      setUndone((value) => value + 1);
      const again = { first: out.first ?? 0, last: out.last ?? 0, words: step.words };
      if (out.n_recorded > 0) say(`Taken back: ${step.words}`, { action: { label: "Do it again", run: () => void undoStep(again) } });
      changed();
    } catch (trouble) {
      if (!(trouble instanceof Failure)) throw trouble;
      if (trouble.code === "changed") {
        keepSteps(readSteps(id).filter((one) => one.first !== step.first));
        const other = trouble.conflicts[0];
        say(`Not taken back: ${other ? `${other.by} decided about it after you (${other.words})` : "somebody decided about it after you"}. Decide again where you want another outcome.`, { kind: "trouble" });
      } else tell(trouble);
    }
  };

  const send = async (change: Change, expected: number): Promise<Revision | null> => {
    try {
      const out = await ask<Revision>("POST", base + change.path, { ...change.body, expected });
      // An answer about an identifier is changed by the opposite answer; what happened, happened.
      recorded(out, change.done, /^\/(decisions|undo|people\/policies|items\/[^/]+\/marks)$/.test(change.path));
      return out;
    } catch (trouble) {
      if (!(trouble instanceof Failure)) throw trouble;
      if (trouble.code === "changed" && trouble.conflicts.length > 0) return new Promise((settle) => setClash({ change, failure: trouble, settle }));
      tell(trouble);
      if (trouble.code === "closed" || trouble.code === "changed") changed();
      return null;
    }
  };

  const shared: Shared = {
    id,
    about: data,
    failure,
    reload,
    nChanges,
    nUndone,
    change: (change) => send(change, change.expected),
    undo: async () => {
      const last = readSteps(id).at(-1);
      if (last) await undoStep(last);
      else say("Nothing of this tab is left to take back. The record of the case lists every decision.");
    },
    canUndo: steps.length > 0,
    job,
    follow,
    start: async (path, body) => {
      try {
        const { job: number } = await ask<JobRef>("POST", base + path, body ?? {});
        return await follow(number);
      } catch (trouble) {
        if (!(trouble instanceof Failure)) throw trouble;
        tell(trouble);
        if (trouble.code === "closed" || trouble.code === "changed") changed();
        return null;
      }
    },
  };

  return (
    <Context.Provider value={shared}>
      {children}
      {clash && (
        <ClashDialog
          clash={clash}
          onKeep={() => {
            clash.settle(null);
            setClash(null);
            changed();
          }}
          onOverrule={() => {
            setClash(null);
            void send(clash.change, clash.failure.revision ?? clash.change.expected).then(clash.settle);
          }}
        />
      )}
    </Context.Provider>
  );
}

/** Says what happened and what to do; what was typed is kept by whoever asked. */
export function tell(failure: Failure): void {
  if (failure.code === "session") return;
  say(`${sentenceOf(failure.message)}${failure.hint ? ` ${sentenceOf(failure.hint)}` : ""}`, { kind: "trouble" });
}

const sentenceOf = (text: string) => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

function ClashDialog({ clash, onKeep, onOverrule }: { clash: Clash; onKeep: () => void; onOverrule: () => void }) {
  const shown = clash.failure.conflicts.slice(0, 20);
  const more = clash.failure.conflicts.length - shown.length;
  return (
    <Dialog
      title="Somebody else decided meanwhile"
      onClose={onKeep}
      footer={
        <>
          <button type="button" class="danger" onClick={onOverrule}>
            Overrule with mine
          </button>
          <button type="button" class="first" onClick={onKeep} autofocus>
            Keep theirs
          </button>
        </>
      }
    >
      <p>Nothing of yours was recorded yet. This is what stands in the record since you looked:</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">When</th>
            <th scope="col">Decided</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one: Conflict) => (
            <tr key={one.seq}>
              <td>{one.by}</td>
              <td class="n">{moment(one.at)}</td>
              <td>{one.words}</td>
              <td>{one.place ? placeOf(one.place) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>And {more} more.</p>}
      <p>
        You wanted: <b>{clash.change.done}</b>. If you overrule, theirs stays in the record and yours counts.
      </p>
    </Dialog>
  );
}

/** A pause before the screen asks again, while somebody goes on deciding. */
export function useLater(run: () => void, when: unknown): void {
  useEffect(() => {
    const timer = setTimeout(run, 250);
    return () => clearTimeout(timer);
  }, [when]);
}

export const usePath = (path: string) => {
  const { id } = useCase();
  return useMemo(() => `/cases/${encodeURIComponent(id)}${path}`, [id, path]);
};

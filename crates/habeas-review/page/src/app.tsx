// The frame around every screen: the bar, the steps of a request, keys that work everywhere.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, enter, Failure, forget, hasToken, whenLost } from "./api.ts";
import type { CaseCard, Session } from "./api.ts";
import { CaseProvider, useCase } from "./case.tsx";
import { daysInWords, urgency } from "./charts/deadline.tsx";
import { focusScreen } from "./focus.ts";
import { useKeys } from "./keys.ts";
import { go, href, useRoute } from "./route.ts";
import type { Route } from "./route.ts";
import { Entry, keyIn, Lost } from "./session.tsx";
import { nextTheme, theme } from "./theme.ts";
import { Help } from "./ui/help.tsx";
import { Problem } from "./ui/problem.tsx";
import { Key, Loading, Tag, Text, Dialog } from "./ui/parts.tsx";
import { Messages, say } from "./ui/say.tsx";
import { n } from "./words.ts";
import { Today } from "./screens/today.tsx";
import { New } from "./screens/new.tsx";
import { Estate } from "./screens/estate.tsx";
import { Evidence } from "./screens/evidence.tsx";
import { Overview } from "./screens/overview.tsx";
import { Findings } from "./screens/findings.tsx";
import { Item } from "./screens/item.tsx";
import { Who } from "./screens/who.tsx";
import { People } from "./screens/people.tsx";
import { Person } from "./screens/person.tsx";
import { Gates } from "./screens/gates.tsx";
import { Release } from "./screens/release.tsx";
import { BundleScreen } from "./screens/bundle.tsx";
import { Ledger } from "./screens/ledger.tsx";

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [isLost, setLost] = useState(false);
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    whenLost(() => setLost(true));
    void begin();
    async function begin() {
      const key = /^#k=/.test(location.hash) ? keyIn(location.hash) : null;
      try {
        if (key) {
          // The key leaves the address before anything else happens.
          history.replaceState(null, "", "#/");
          const own = await enter(key);
          if (own.case) history.replaceState(null, "", href(["case", own.case]));
          setSession(own);
        } else if (hasToken()) setSession(await ask<Session>("GET", "/session"));
      } catch (trouble) {
        if (!(trouble instanceof Failure)) throw trouble;
        if (trouble.code === "session") forget();
        setProblem(trouble);
      }
      setReady(true);
    }
  }, []);

  if (!isReady) return null;
  if (!session) return <Entry problem={problem} onEntered={(own) => { setSession(own); setProblem(null); }} />;
  return (
    <>
      <Frame session={session} onSession={setSession} />
      <Messages />
      {isLost && <Lost onEntered={(own) => { setSession(own); setLost(false); dispatchEvent(new Event("habeas:entered")); }} />}
    </>
  );
}

function Frame({ session, onSession }: { session: Session; onSession: (session: Session) => void }) {
  const route = useRoute();
  const [place, id] = route.path;
  const [helpIsOpen, setHelp] = useState(false);
  const [nameIsOpen, setName] = useState(false);
  const [, setTheme] = useState(theme());

  useKeys([
    { keys: "?", label: "Show the keys of this screen", group: "Everywhere", run: () => setHelp(true) },
    { keys: "g t", label: "Go to Today", group: "Everywhere", run: () => go(href([])) },
    { keys: "g e", label: "Go to the estate", group: "Everywhere", run: () => go(href(["estate"])) },
    { keys: "g v", label: "Go to the evidence", group: "Everywhere", run: () => go(href(["evidence"])) },
  ]);

  const tab = (to: string, words: string, isHere: boolean) => (
    <a class="tab" href={to} {...(isHere ? { "aria-current": "page" as const } : {})}>
      {words}
    </a>
  );
  const inCase = place === "case" && id !== undefined;
  return (
    <>
      <a class="skip" href="#screen" onClick={(event) => { event.preventDefault(); document.getElementById("screen")?.focus(); }}>
        Skip to the screen
      </a>
      <div class={`frame${inCase ? "" : " plain"}`}>
        <header class="bar">
          <a class="mark" href={href([])}>
            <img src="icon.svg" alt="" width="20" height="20" />
            Habeas
          </a>
          <nav aria-label="Main" class="row">
            {tab(href([]), "Today", !place)}
            {tab(href(["estate"]), "Estate", place === "estate")}
            {inCase && tab(href(["case", id]), id, true)}
          </nav>
          <div class="who">
            <span class="clip">{session.controller}</span>
            {tab(href(["evidence"]), "Evidence", place === "evidence")}
            <button type="button" class="quiet" onClick={() => setName(true)} title="Who reviews in this tab">
              {session.by}
            </button>
            <button type="button" class="quiet" onClick={() => { const next = nextTheme(); setTheme(next); say(`Colours: ${next === "system" ? "as the system has them" : next}`); }} aria-label={`Colours: ${theme()}. Change`} title="Light, dark, or as the system has it">
              {theme() === "dark" ? "☾" : theme() === "light" ? "☀" : "◐"}
            </button>
            <button type="button" class="quiet" onClick={() => setHelp(true)} aria-label="Keys of this screen">
              <Key>?</Key>
            </button>
          </div>
        </header>
        {inCase ? (
          <CaseProvider id={id} key={id}>
            <Steps here={route.path[2] ?? ""} />
            <CaseScreen route={route} />
          </CaseProvider>
        ) : (
          <Screen route={route}>
            {!place && <Today />}
            {place === "new" && <New />}
            {place === "estate" && <Estate route={route} />}
            {place === "evidence" && <Evidence />}
            {place && !["new", "estate", "evidence"].includes(place) && <Nowhere />}
          </Screen>
        )}
      </div>
      {helpIsOpen && <Help onClose={() => setHelp(false)} />}
      {nameIsOpen && <NameDialog session={session} onClose={() => setName(false)} onSession={onSession} />}
    </>
  );
}

const NAMES: Record<string, string> = { "": "Overview", findings: "Findings", item: "Item", who: "The person", people: "Other people", gates: "Gates and exemptions", release: "Release", bundle: "Bundle", record: "Record" };

function CaseScreen({ route }: { route: Route }) {
  const { failure, about } = useCase();
  const [, , screen = "", key] = route.path;
  const isFilled = screen === "findings" || screen === "item" || screen === "people";
  let shown: ComponentChildren;
  if (!about && failure) shown = <Problem failure={failure} what="this request" />;
  else if (!about) shown = <Loading what="the request" />;
  else if (screen === "") shown = <Overview />;
  else if (screen === "findings") shown = <Findings route={route} />;
  else if (screen === "item" && key) shown = <Item key={key} item={key} route={route} />;
  else if (screen === "who") shown = <Who route={route} />;
  else if (screen === "people" && key) shown = <Person number={Number(key)} />;
  else if (screen === "people") shown = <People route={route} />;
  else if (screen === "gates") shown = <Gates route={route} />;
  else if (screen === "release") shown = <Release />;
  else if (screen === "bundle") shown = <BundleScreen route={route} />;
  else if (screen === "record") shown = <Ledger route={route} />;
  else shown = <Nowhere />;
  return (
    <Screen route={route} filled={isFilled && !(screen === "people" && key)} name={NAMES[screen]}>
      {shown}
    </Screen>
  );
}

/** The screen itself. A new one takes the focus to its heading, and its name to the tab. */
function Screen({ route, filled = false, name, children }: { route: Route; filled?: boolean; name?: string | undefined; children: ComponentChildren }) {
  const where = route.path.join("/");
  const words = name ?? { "": "Today", new: "New request", estate: "Estate", evidence: "Evidence" }[route.path[0] ?? ""] ?? "Habeas";
  useEffect(() => {
    document.title = `${words}${route.path[1] && route.path[0] === "case" ? `, ${route.path[1]}` : ""} · Habeas`;
    const screen = document.getElementById("screen");
    screen?.scrollTo(0, 0);
    focusScreen();
  }, [where]);
  return (
    <main id="screen" tabIndex={-1} class={filled ? "filled" : ""}>
      {children}
    </main>
  );
}

function Nowhere() {
  return (
    <div class="empty">
      <h1 tabIndex={-1}>There is nothing here</h1>
      <p>
        The address is of no screen. <a href={href([])}>Go to Today</a>
      </p>
    </div>
  );
}

/** What has to be done, in order, each with what is open. */
function Steps({ here }: { here: string }) {
  const { id, about, job, undo, canUndo } = useCase();
  const card = about?.card ?? null;
  const to = (...path: string[]) => href(["case", id, ...path]);
  useKeys([
    { keys: "g o", label: "Go to the overview", group: "This request", run: () => go(to()) },
    { keys: "g f", label: "Go to the findings", group: "This request", run: () => go(to("findings")) },
    { keys: "g w", label: "Go to the person", group: "This request", run: () => go(to("who")) },
    { keys: "g p", label: "Go to other people", group: "This request", run: () => go(to("people")) },
    { keys: "g g", label: "Go to gates and exemptions", group: "This request", run: () => go(to("gates")) },
    { keys: "g r", label: "Go to the release", group: "This request", run: () => go(to("release")) },
    { keys: "g b", label: "Go to the bundle", group: "This request", run: () => go(to("bundle")) },
    { keys: "g l", label: "Go to the record", group: "This request", run: () => go(to("record")) },
    { keys: "z", label: "Take back what you decided last", group: "This request", run: () => void undo() },
  ]);
  const gates = card?.blocks.filter((block) => block.screen === "gates" && block.is_blocking).length ?? 0;
  const step = (path: string, words: string, state: string, kind: "" | "open" | "done") => (
    <li>
      <a href={path === "" ? to() : to(path)} {...(here === path || (here === "item" && path === "findings") ? { "aria-current": "page" as const } : {})}>
        <span>{words}</span>
        {state && <span class={`state ${kind}`}>{state}</span>}
      </a>
    </li>
  );
  return (
    <nav class="steps" aria-label="This request">
      <div class="case">
        <b class="clip" title={card?.person.join(", ")}>
          {card?.person[0] ?? id}
        </b>
        {card && (
          <span class="row">
            {card.is_closed ? <Tag>closed</Tag> : <Tag kind={urgency(card.clock.days_left)}>{daysInWords(card.clock.days_left)}</Tag>}
          </span>
        )}
      </div>
      <ol>
        {step("", "Overview", "", "")}
        {step("who", "The person", card?.n_proposals ? `${n(card.n_proposals)} to answer` : "", "open")}
        {step("findings", "Findings", card ? (card.progress.n_open ? `${n(card.progress.n_open)} open` : "decided") : "", card?.progress.n_open ? "open" : "done")}
        {step("people", "Other people", card ? (card.n_in_doubt ? `${n(card.n_in_doubt)} in doubt` : n(card.n_people)) : "", card?.n_in_doubt ? "open" : "")}
        {step("gates", "Gates", card ? (gates ? `${gates} open` : "settled") : "", gates ? "open" : "done")}
        {step("release", "Release", "", "")}
        {step("bundle", "Bundle", card && card.bundle !== "none" ? card.bundle : "", card?.bundle === "stale" ? "open" : "done")}
        {step("record", "Record", card ? n(card.revision) : "", "")}
      </ol>
      <div class="steps-foot">
        <button type="button" class="quiet" disabled={!canUndo} onClick={() => void undo()}>
          Undo <Key>z</Key>
        </button>
        {job && (
          <p class="hint" role="status">
            {job.state === "running" ? `${job.words}${job.total ? `: ${n(job.done)} of ${n(job.total)}` : " …"}` : job.state === "done" ? "Done." : "Failed."}
          </p>
        )}
      </div>
    </nav>
  );
}

function NameDialog({ session, onClose, onSession }: { session: Session; onClose: () => void; onSession: (session: Session) => void }) {
  const [by, setBy] = useState(session.by);
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      onSession(await ask<Session>("PUT", "/session", { by }));
      onClose();
    } catch (trouble) {
      if (trouble instanceof Failure) say(`${trouble.message} ${trouble.hint ?? ""}`, { kind: "trouble" });
    }
  };
  const link = async () => {
    const { url } = await ask<{ url: string }>("POST", "/session/link");
    await navigator.clipboard?.writeText(url).catch(() => {});
    say(`A link for another tab, good once and for 5 minutes: ${url}`);
  };
  return (
    <Dialog title="Who reviews in this tab" onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <Text label="Name" value={by} onValue={setBy} hint="It stands beside each decision in the record of the case." required autoFocus />
        <div class="row">
          <button class="first" type="submit">
            Save
          </button>
          <button type="button" onClick={() => void link()}>
            A link for another tab
          </button>
          <button type="button" onClick={() => { void ask("DELETE", "/session").catch(() => {}).then(() => { forget(); location.reload(); }); }}>
            End this session
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export const screenPath = (card: Pick<CaseCard, "case">, screen: string): string => {
  const inCase: Record<string, string> = { who: "who", identifiers: "who", queue: "findings", item: "findings", people: "people", gates: "gates", release: "release" };
  if (screen === "exceptions") return href(["estate"], { tab: "exceptions" });
  if (screen === "scan" || screen === "where") return href(["estate"]);
  if (screen === "evidence") return href(["case", card.case, "record"]);
  if (screen === "new") return href(["new"]);
  const path = inCase[screen];
  return path ? href(["case", card.case, path]) : href(["case", card.case]);
};

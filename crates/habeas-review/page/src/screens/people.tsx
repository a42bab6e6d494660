// Everybody else in what would be given: who they are, in which role, where; a policy for one or many, once.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ask, Failure, useGet } from "../api.ts";
import type { People as PeopleOut, PersonOf } from "../api.ts";
import { tell, useCase, usePath } from "../case.tsx";
import { useKeys } from "../keys.ts";
import { go, href, replace, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { List } from "../ui/list.tsx";
import { Check, Empty, Key, Loading, Panel, Segments, Select, Tag } from "../ui/parts.tsx";
import { PolicyForm } from "../ui/policy.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, n, plain, sentence, SHOW_GROUNDS } from "../words.ts";

export function People({ route }: { route: Route }) {
  const { id, change, start, job, nChanges } = useCase();
  const { query } = route;
  const search = new URLSearchParams();
  for (const name of ["text", "role", "fate", "doubts"]) if (query.get(name)) search.set(name, query.get(name) ?? "");
  const path = usePath(`/people?limit=500${search.size ? `&${search}` : ""}`);
  const { data, failure, reload, isLoading } = useGet<PeopleOut>(path);
  const [more, setMore] = useState<{ path: string; rows: PersonOf[]; cursor: string | null } | null>(null);
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<Set<number>>(new Set());
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (nChanges > 0) {
      setMore(null);
      reload();
    }
  }, [nChanges]);
  const held = more?.path === path ? more : null;
  const rows = useMemo(() => [...(data?.rows ?? []), ...(held?.rows ?? [])], [data, held]);
  const cursor = held ? held.cursor : (data?.next_cursor ?? null);
  const index = Math.min(at, Math.max(0, rows.length - 1));
  const current = rows[index];
  const fetching = useRef(false);
  const onSight = (_from: number, to: number) => {
    if (to < rows.length - 20 || !cursor || fetching.current) return;
    fetching.current = true;
    ask<PeopleOut>("GET", `${path}&cursor=${encodeURIComponent(cursor)}`)
      .then((next) => setMore({ path, rows: [...(held?.rows ?? []), ...next.rows], cursor: next.next_cursor }))
      .catch((trouble: unknown) => trouble instanceof Failure && tell(trouble))
      .finally(() => (fetching.current = false));
  };
  const move = (by: number) => setAt(Math.max(0, Math.min(rows.length - 1, index + by)));
  const choose = (person: PersonOf | undefined) => {
    if (!person) return;
    const next = new Set(chosen);
    if (!next.delete(person.number)) next.add(person.number);
    setChosen(next);
  };
  const open = (i: number) => {
    const person = rows[i];
    if (person) go(href(["case", id, "people", person.number]));
  };
  useKeys([
    { keys: "j", label: "Next person", group: "Other people", run: () => move(1) },
    { keys: "k", label: "Person before", group: "Other people", run: () => move(-1) },
    { keys: "ArrowDown", label: "Next person", group: "Other people", run: () => move(1) },
    { keys: "ArrowUp", label: "Person before", group: "Other people", run: () => move(-1) },
    { keys: "Enter", label: "Everywhere they are named", group: "Other people", run: () => open(index) },
    { keys: "x", label: "Select the person, or not", group: "Other people", run: () => choose(current) },
    { keys: "/", label: "Search names", group: "Other people", run: () => box.current?.focus() },
    { keys: "p", label: "Go to the policy", group: "Other people", run: () => document.querySelector<HTMLElement>(".policy-side input")?.focus() },
    { keys: "Escape", label: "Select nobody", group: "Other people", run: () => setChosen(new Set()) },
  ]);
  const set = (changes: Record<string, string | null>) => {
    setAt(0);
    replace(withQuery(route, changes));
  };
  const who = chosen.size > 0 ? rows.filter((person) => chosen.has(person.number)) : current ? [current] : [];
  const proposals = new Set(who.map((person) => person.proposed));
  const proposed = proposals.size === 1 ? ([...proposals][0] ?? null) : null;
  if (failure && !data) return <Problem failure={failure} what="the other people" onAgain={reload} />;
  return (
    <>
      <div class="title compact">
        <div>
          <h1 tabIndex={-1}>Other people</h1>
          <p class="note n" role="status">
            {data ? `${count(data.total, "person", "people")} in what would be given, ${n(data.n_in_doubt)} mentions in doubt` : "Reading …"}
          </p>
        </div>
        <div class="aside">
          <button type="button" disabled={job?.state === "running"} onClick={() => void start("/people/look")}>
            {data?.is_listed === false ? "List them" : "Look again"}
          </button>
        </div>
      </div>
      {data && !data.is_current && data.is_listed && <p class="notice warn">Decisions were added since people were listed. Look again to see who is named now.</p>}
      <div class="people-grid">
        <div class="queue-main">
          <div class="row filter-row">
            <input ref={box} type="search" aria-label="Search names" placeholder="Name or number  ( / )" value={query.get("text") ?? ""} onInput={(event) => set({ text: event.currentTarget.value })} onKeyDown={(event) => { if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); document.querySelector<HTMLElement>("[data-first]")?.focus(); } }} />
            <Segments
              label="Role"
              value={query.get("role") ?? ""}
              onValue={(role) => set({ role })}
              choices={[
                { value: "", label: "All" },
                { value: "private", label: "Private" },
                { value: "staff", label: "Staff" },
                { value: "professional", label: "Health" },
              ]}
            />
            <Select label="Fate" isUnseen value={query.get("fate") ?? ""} onValue={(fate) => set({ fate })} choices={[{ value: "", label: "Any fate" }, { value: "taken_out", label: "Taken out" }, { value: "shown", label: "Shown" }, { value: "mixed", label: "Mixed" }, { value: "nobody", label: "Nobody" }]} />
            <Check label="Only in doubt" checked={query.get("doubts") === "true"} onChecked={(on) => set({ doubts: on ? "true" : null })} />
          </div>
          {!data ? (
            <Loading what="the other people" />
          ) : rows.length === 0 && !isLoading ? (
            <Empty title={data.is_listed ? "Nobody fits" : "Nobody was listed yet"}>
              {!data.is_listed && (
                <>
                  <p>Listing them reads everything that would be given, and takes a while.</p>
                  <button type="button" class="first" onClick={() => void start("/people/look")}>
                    List them
                  </button>
                </>
              )}
            </Empty>
          ) : (
            <List<PersonOf>
              label="Other people"
              total={held ? rows.length + (cursor ? 1 : 0) : Math.max(rows.length, data.total)}
              height={48}
              at={(i) => rows[i]}
              onSight={onSight}
              current={index}
              onCurrent={setAt}
              onOpen={open}
              isChosen={(person) => chosen.has(person.number)}
              draw={(person) => (
                <div class="cells person">
                  <span aria-hidden="true" class={`pick${chosen.has(person.number) ? " on" : ""}`} onClick={(event) => { event.stopPropagation(); choose(person); }}>
                    {chosen.has(person.number) ? "✓" : ""}
                  </span>
                  <span class="n sub">{n(person.number)}</span>
                  <span class="what">
                    <span class="clip title-line">{person.written[0]}</span>
                    <span class="clip sub">{person.written.slice(1).join(", ") || person.doubts.join(", ") || "written one way"}</span>
                  </span>
                  <span class="badges">
                    {person.roles.map((role) => (
                      <Tag key={role} kind={role}>
                        {plain(role)}
                      </Tag>
                    ))}
                    {person.n_in_doubt > 0 && <Tag kind="unknown">? in doubt</Tag>}
                  </span>
                  <span class="n sub">
                    {count(person.n_places, "place")}, {count(person.n_items, "item")}
                  </span>
                  <span class="verdict">
                    <Tag kind={person.fate === "shown" || person.fate === "nobody" ? "good" : person.fate === "mixed" ? "warn" : "other"}>{plain(person.fate)}</Tag>
                  </span>
                </div>
              )}
            />
          )}
        </div>
        <div class="policy-side stack">
          {who.length > 0 && (
            <Panel title={who.length === 1 ? (who[0]?.written[0] ?? "") : `${count(who.length, "person", "people")} selected`} aside={who.length === 1 ? <a href={href(["case", id, "people", who[0]?.number ?? 0])}>Where <Key>Enter</Key></a> : undefined}>
              <div class="stack">
                {who.length === 1 && who[0] && <PersonFacts person={who[0]} />}
                <PolicyForm
                  key={`${who.map((person) => person.number).join()}`}
                  name={`people.${who.length === 1 ? who[0]?.number : "many"}`}
                  proposed={proposed}
                  initial={proposed ? "show" : "take_out"}
                  withLabel
                  submit={who.length === 1 ? "Decide everywhere" : `Decide for ${count(who.length, "person", "people")}`}
                  onSubmit={async (body) => {
                    const out = await change({ path: "/people/policies", body: { numbers: who.map((person) => person.number), ...body }, expected: data?.revision ?? 0, done: `${{ show: "Shown", take_out: "Taken out", nobody: "Nobody", default: "As configured" }[body.treatment]}: ${who.length === 1 ? who[0]?.written[0] : count(who.length, "person", "people")}` });
                    if (out) setChosen(new Set());
                    return out !== null;
                  }}
                />
              </div>
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

export function PersonFacts({ person }: { person: PersonOf }) {
  return (
    <dl class="facts">
      <dt>Written</dt>
      <dd class="wrap">{person.written.join("; ")}</dd>
      <dt>Role</dt>
      <dd>{person.roles.map((role) => sentence(plain(role))).join(", ")}</dd>
      <dt>Now</dt>
      <dd>{sentence(person.fate_words)}</dd>
      {person.proposed && (
        <>
          <dt>Proposed</dt>
          <dd>{SHOW_GROUNDS[person.proposed]}</dd>
        </>
      )}
      {person.doubts.length > 0 && (
        <>
          <dt>In doubt</dt>
          <dd>{person.doubts.map(sentence).join("; ")}</dd>
        </>
      )}
    </dl>
  );
}

// One other person: everywhere they are named in what would be given, and the policy for them.
import { useEffect, useState } from "preact/hooks";
import { ask, Failure, useGet } from "../api.ts";
import type { Events, People as PeopleOut, PersonOf, PlaceOf, Places } from "../api.ts";
import { tell, useCase, usePath } from "../case.tsx";
import { go, href } from "../route.ts";
import { useKeys } from "../keys.ts";
import { Empty, Key, Loading, Panel, Tag, Title } from "../ui/parts.tsx";
import { EventDialog } from "../ui/event.tsx";
import { PolicyForm } from "../ui/policy.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, moment, n, plain, sentence } from "../words.ts";
import { PersonFacts } from "./people.tsx";

export function Person({ number }: { number: number }) {
  const { id, change, start, nChanges } = useCase();
  const [person, setPerson] = useState<PersonOf | null>(null);
  const [revision, setRevision] = useState(0);
  const listPath = usePath("/people");
  const base = usePath(`/people/${number}/places`);
  const events = useGet<Events>(usePath("/events"));
  const thirdParty = events.data?.kinds.find((kind) => kind.event === "third_party" && kind.is_possible) ?? null;
  const [asks, setAsks] = useState(false);
  const places = useGet<Places>(base);
  const [more, setMore] = useState<{ rows: PlaceOf[]; cursor: string | null } | null>(null);
  useEffect(() => {
    let isOver = false;
    // The contract has no question for one person: the list is paged until they are there.
    void (async () => {
      let cursor: string | null = null;
      do {
        const page: PeopleOut = await ask<PeopleOut>("GET", `${listPath}?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
        const found = page.rows.find((one) => one.number === number);
        if (isOver) return;
        if (found) {
          setPerson(found);
          setRevision(page.revision);
          return;
        }
        cursor = page.next_cursor;
      } while (cursor);
    })().catch((trouble: unknown) => trouble instanceof Failure && tell(trouble));
    if (nChanges > 0) {
      events.reload();
      setMore(null);
      places.reload();
    }
    return () => void (isOver = true);
  }, [number, nChanges, listPath]);
  useKeys([{ keys: "Escape", label: "Back to the list", group: "Other people", run: () => go(href(["case", id, "people"])) }]);
  const rows = [...(places.data?.rows ?? []), ...(more?.rows ?? [])];
  const cursor = more ? more.cursor : (places.data?.next_cursor ?? null);
  const fetchMore = async () => {
    try {
      const next = await ask<Places>("GET", `${base}?cursor=${encodeURIComponent(cursor ?? "")}`);
      setMore({ rows: [...(more?.rows ?? []), ...next.rows], cursor: next.next_cursor });
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
  };
  const back = (one: PlaceOf) =>
    change({ path: "/people/policies", body: { numbers: [number], treatment: "default", item: one.item, place: one.place, reason: "" }, expected: Math.max(revision, places.data?.revision ?? 0), done: "As configured at that place" });
  return (
    <>
      <Title
        note={`Person ${n(number)} of what would be given`}
        aside={
          <a class="button" href={href(["case", id, "people"])}>
            List <Key>Esc</Key>
          </a>
        }
      >
        {person?.written[0] ?? "Somebody else"}
      </Title>
      <div class="columns">
        <Panel title={`Where they are named${places.data ? `: ${count(places.data.total, "place")}` : ""}`}>
          {places.failure?.code === "blocked" ? (
            <Empty title="Nobody has looked since this page was started">
              <p>Looking reads everything that would be given.</p>
              <button type="button" class="first" onClick={() => void start("/people/look").then(() => places.reload())}>
                Look now
              </button>
            </Empty>
          ) : (
            places.failure && <Problem failure={places.failure} what="where they are named" onAgain={places.reload} />
          )}
          {!places.data && !places.failure && <Loading what="where they are named" />}
          {rows.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th scope="col">Item</th>
                  <th scope="col">What</th>
                  <th scope="col">Fate</th>
                  <th scope="col">
                    <span class="unseen">Change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((one) => (
                  <tr key={one.item + one.place_words}>
                    <td class="wrap">
                      <a href={href(["case", id, "item", one.item], { place: `${one.place.kind} ${one.place.number}` })}>{one.at?.path ?? one.item.slice(0, 8)}</a>
                      <span class="sub">
                        {one.at?.source_title} · {one.place_words}
                      </span>
                    </td>
                    <td>
                      {one.kinds.map(plain).join(", ")}
                      {one.n > 1 && ` (${n(one.n)})`}
                      {one.doubt && <span class="sub">{sentence(one.doubt)}</span>}
                    </td>
                    <td>
                      <Tag kind={one.fate === "shown" ? "good" : one.fate === "mixed" ? "warn" : "other"}>{plain(one.fate)}</Tag> {one.grounds.join(", ")}
                    </td>
                    <td>
                      {person?.decisions.some((decision) => decision.item === one.item) && (
                        <button type="button" class="link" onClick={() => void back(one)}>
                          as configured
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {cursor && (
            <button type="button" onClick={() => void fetchMore()}>
              Show more
            </button>
          )}
        </Panel>
        <div class="stack">
          {person && (
            <Panel title="Who, and what happens">
              <div class="stack">
                <PersonFacts person={person} />
                {person.same_words.length > 0 && (
                  <p class="hint">
                    Most likely the same: {person.same_words.map((other) => <a key={other} href={href(["case", id, "people", other])}>person {n(other)} </a>)}
                  </p>
                )}
                <PolicyForm
                  name={`people.${number}`}
                  proposed={person.proposed}
                  initial={person.proposed ? "show" : "take_out"}
                  withLabel
                  submit="Decide everywhere"
                  onSubmit={async (body) => (await change({ path: "/people/policies", body: { numbers: [number], ...body }, expected: revision, done: `${{ show: "Shown", take_out: "Taken out", nobody: "Nobody", default: "As configured" }[body.treatment]}: ${person.written[0]}` })) !== null}
                />
              </div>
            </Panel>
          )}
          {thirdParty && (
            <Panel title="Why they are shown, or not">
              <p class="hint">Who they are to the requester, whether they agreed, and what was weighed (DPA 2018 Sch. 2 paras. 16 and 17).</p>
              <div>
                <button type="button" onClick={() => setAsks(true)}>
                  Record it …
                </button>
              </div>
              {asks && <EventDialog kind={thirdParty} name={`${id}.${number}`} items={[]} known={{ person: String(number) }} onClose={() => setAsks(false)} onSend={async (fields, reason) => (await change({ path: "/events", body: { event: thirdParty.event, fields, reason }, expected: events.data?.revision ?? 0, done: "Recorded why" })) !== null} />}
            </Panel>
          )}
          {person && person.decisions.length > 0 && (
            <Panel title="Decided">
              <ol class="plain history">
                {[...person.decisions].reverse().map((one) => (
                  <li key={one.seq}>
                    <b>{sentence(one.words)}</b>
                    {one.place_words ? ` at ${one.place_words}` : one.item ? " in one item" : " everywhere"}
                    <span class="sub">
                      {one.by}, {moment(one.at)}
                      {one.reason && `: ${one.reason}`}
                    </span>
                  </li>
                ))}
              </ol>
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

// What has to be settled before anything leaves: identity, health data, other people; and what is kept back, on which ground.
import { useEffect, useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { EventKind, Events, Gate, Gates as GatesOut, Row } from "../api.ts";
import { useCase, usePath } from "../case.tsx";
import { href } from "../route.ts";
import type { Route } from "../route.ts";
import { EventDialog } from "../ui/event.tsx";
import { Loading, Panel, Tag, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { useExemptions } from "../ui/verdict.tsx";
import { count, date, moment, n, sentence } from "../words.ts";

/** Where a gate is settled that no event settles. */
const ELSEWHERE: Record<string, [string, string]> = {
  search: ["", "Go to the overview and search"],
  undecided: ["findings", "Go to the findings"],
  people: ["people", "Go to other people"],
  third_party: ["people", "Go to other people"],
  contents: ["release", "Go to the release"],
  bundle: ["release", "Go to the release"],
  verify: ["release", "Go to the release"],
};

interface Asked {
  kind: EventKind;
  items: string[];
  known: Record<string, string | boolean>;
}

export function Gates(_: { route: Route }) {
  const { id, change, nChanges } = useCase();
  const gates = useGet<GatesOut>(usePath("/gates"));
  const events = useGet<Events>(usePath("/events"));
  const exemptions = useExemptions();
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    if (nChanges > 0) {
      gates.reload();
      events.reload();
    }
  }, [nChanges]);
  const kinds = events.data?.kinds ?? [];
  const all = gates.data?.gates ?? [];
  const open = all.filter((gate) => gate.state === "open");
  const rest = all.filter((gate) => gate.state !== "open");
  const inGates = new Set(open.flatMap((gate) => gate.events));
  const answer = kinds.find((kind) => kind.event === "exemption" && kind.is_possible);
  const ask = (kind: EventKind, items: string[] = [], known: Asked["known"] = {}) => setAsked({ kind, items, known });
  return (
    <>
      <Title note="Nothing leaves while a gate is open. What settles one is recorded with who said so and when.">Gates and exemptions</Title>
      {gates.failure && <Problem failure={gates.failure} what="the gates" onAgain={gates.reload} />}
      {!gates.data && !gates.failure && <Loading what="what would be given" />}
      {gates.data && (
        <div class="columns">
          <div class="stack">
            {open.length === 0 && <p class="notice good">Every gate is settled.</p>}
            {open.map((gate) => (
              <GateView key={gate.code} id={id} gate={gate} kinds={kinds} onAsk={(kind) => ask(kind, gate.items)} />
            ))}
            <Withheld rows={gates.data.withheld} id={id} onAnswer={answer ? (row) => ask(answer, [], { code: /^[A-Z][A-Z/-]*/.exec(row.decision?.reason ?? "")?.[0] ?? "", item: row.item, place: `${row.place.kind} ${row.place.number}`, applies: true, is_told: true }) : null} />
            {rest.length > 0 && (
              <Panel title={`Settled: ${n(rest.length)}`}>
                <ul class="checks">
                  {rest.map((gate) => (
                    <li key={gate.code} class="ok">
                      <span class="check-mark" aria-hidden="true">
                        ✓
                      </span>
                      <span class="grow">
                        <b>{sentence(gate.title)}</b>
                        <span class="sub">
                          {gate.state === "does_not_apply" ? "Does not apply" : <Words>{gate.words}</Words>}
                          {gate.by && ` · ${gate.by}, ${moment(gate.at)}${gate.reason ? `: ${gate.reason}` : ""}`}
                          {gate.expires && ` · holds until ${date(gate.expires)}`}
                        </span>
                      </span>
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
          </div>
          <div class="stack">
            <Panel title="Record what happened">
              <ul class="events">
                {kinds.filter((kind) => kind.is_possible && !inGates.has(kind.event)).map((kind) => (
                  <li key={kind.event}>
                    <button type="button" class="link" onClick={() => ask(kind)}>
                      {kind.title}
                    </button>
                    <span class="sub">{sentence(kind.words)}</span>
                  </li>
                ))}
              </ul>
            </Panel>
            <Panel title="What happened">
              {events.data?.recorded.length === 0 && <p class="muted">Nothing but the request was recorded.</p>}
              <ol class="plain history">
                {[...(events.data?.recorded ?? [])].sort((a, b) => b.seq - a.seq).map((one) => (
                  <li key={one.seq}>
                    <b>{sentence(one.words)}</b>
                    <span class="sub">
                      {one.by}, {moment(one.at)}
                      {one.reason && `: ${one.reason}`}
                    </span>
                  </li>
                ))}
              </ol>
            </Panel>
            <Panel title="Catalogue of exemptions">
              <p class="hint">Case by case, never by habit, and only as far as it reaches. The person is told the reason unless that would defeat it.</p>
              {exemptions.map((one) => (
                <details key={one.code}>
                  <summary>
                    <b>{one.code}</b> {one.title}
                  </summary>
                  <p>{one.question}</p>
                  <p class="hint">
                    {one.provision} <Tag>{{ may: "may be kept back", must: "must be kept back", give: "is to be given", reason: "no exemption, a reason" }[one.effect]}</Tag>
                  </p>
                </details>
              ))}
            </Panel>
          </div>
        </div>
      )}
      {asked && (
        <EventDialog
          kind={asked.kind}
          name={id}
          items={asked.items}
          known={asked.known}
          onClose={() => setAsked(null)}
          onSend={async (fields, reason) => (await change({ path: "/events", body: { event: asked.kind.event, fields, reason }, expected: events.data?.revision ?? 0, done: `Recorded: ${asked.kind.title}` })) !== null}
        />
      )}
    </>
  );
}

function Withheld({ rows, id, onAnswer }: { rows: Row[]; id: string; onAnswer: ((row: Row) => void) | null }) {
  return (
    <Panel title={`Kept back: ${count(rows.length, "finding")}`}>
      {rows.length === 0 ? (
        <p class="muted">Nothing is kept back on an exemption.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Item</th>
              <th scope="col">Ground and reason</th>
              <th scope="col">Who</th>
              <th scope="col">
                <span class="unseen">Its question</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <td class="wrap">
                  <a href={href(["case", id, "item", row.item])}>{row.title ?? row.at.path}</a>
                  <span class="sub">{row.place_words}</span>
                </td>
                <td>{row.decision?.reason}</td>
                <td class="nowrap">
                  {row.decision?.by}
                  <span class="sub n">{moment(row.decision?.at)}</span>
                </td>
                <td>
                  {onAnswer && (
                    <button type="button" onClick={() => onAnswer(row)}>
                      Answer its question …
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** What settles it outright, before what only asks for more. */
const firstOf = (kinds: EventKind[]) => kinds.find((kind) => kind.is_possible && !kind.event.endsWith("_asked")) ?? kinds[0];

function GateView({ id, gate, kinds, onAsk }: { id: string; gate: Gate; kinds: EventKind[]; onAsk: (kind: EventKind) => void }) {
  const settling = gate.events.map((name) => kinds.find((kind) => kind.event === name)).filter((kind) => kind !== undefined);
  const elsewhere = ELSEWHERE[gate.code];
  return (
    <Panel title={sentence(gate.title)} class={`gate ${gate.state}`} aside={<Tag kind="bad">open</Tag>}>
      <div class="stack">
        <p>
          <Words>{gate.words}</Words>
          {gate.expires && <span class="sub">The last opinion holds until {date(gate.expires)}.</span>}
        </p>
        {(gate.question || gate.provision) && (
          <div class="notice">
            {gate.question && <p>{gate.question}</p>}
            {gate.provision && <p class="hint">{gate.provision}</p>}
          </div>
        )}
        {gate.items.length > 0 && (
          <details>
            <summary>{count(gate.n_items, "item")} that it is about</summary>
            <ul class="plain ids">
              {gate.items.map((item) => (
                <li key={item}>
                  <a class="mono" href={href(["case", id, "item", item])}>
                    {item.slice(0, 12)}
                  </a>
                </li>
              ))}
              {gate.n_items > gate.items.length && <li class="muted">and {n(gate.n_items - gate.items.length)} more, once these are settled</li>}
            </ul>
          </details>
        )}
        <div class="row">
          {settling.map((kind) => (
            <button type="button" key={kind.event} class={kind === firstOf(settling) ? "first" : ""} disabled={!kind.is_possible} title={kind.why_not ?? kind.words} onClick={() => onAsk(kind)}>
              {kind.title} …
            </button>
          ))}
          {elsewhere && (
            <a class={settling.length ? "button" : "button first"} href={elsewhere[0] ? href(["case", id, elsewhere[0]]) : href(["case", id])}>
              {elsewhere[1]}
            </a>
          )}
        </div>
      </div>
    </Panel>
  );
}

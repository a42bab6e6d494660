// What has to be settled before anything leaves: identity, health data, other people; and what is kept back, on which ground.
import { useEffect, useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { EventKind, Events, Gate, Gates as GatesOut } from "../api.ts";
import { useCase, usePath } from "../case.tsx";
import { href } from "../route.ts";
import type { Route } from "../route.ts";
import { EventDialog } from "../ui/event.tsx";
import { Loading, Panel, Tag, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { useExemptions } from "../ui/verdict.tsx";
import { count, date, moment, n, sentence } from "../words.ts";

export function Gates(_: { route: Route }) {
  const { id, change, nChanges } = useCase();
  const gates = useGet<GatesOut>(usePath("/gates"));
  const events = useGet<Events>(usePath("/events"));
  const exemptions = useExemptions();
  const [asked, setAsked] = useState<{ kind: EventKind; items: string[] } | null>(null);
  useEffect(() => {
    if (nChanges > 0) {
      gates.reload();
      events.reload();
    }
  }, [nChanges]);
  const kinds = events.data?.kinds ?? [];
  const all = gates.data?.gates ?? [];
  const order = { open: 0, settled: 1, does_not_apply: 2 };
  const inGates = new Set(all.flatMap((gate) => gate.events));
  return (
    <>
      <Title note="Nothing leaves while a gate is open. What settles one is recorded with who said so and when.">Gates and exemptions</Title>
      {gates.failure && <Problem failure={gates.failure} what="the gates" onAgain={gates.reload} />}
      {!gates.data && !gates.failure && <Loading what="the gates" />}
      {gates.data && (
        <div class="columns">
          <div class="stack">
            {[...all].sort((a, b) => order[a.state] - order[b.state]).map((gate) => (
              <GateView key={gate.code} id={id} gate={gate} kinds={kinds} onAsk={(kind) => setAsked({ kind, items: gate.items })} />
            ))}
            <Panel title={`Kept back: ${count(gates.data.withheld.length, "line")}`}>
              {gates.data.withheld.length === 0 ? (
                <p class="muted">Nothing is kept back on an exemption.</p>
              ) : (
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Item</th>
                      <th scope="col">Ground and reason</th>
                      <th scope="col">Who</th>
                    </tr>
                  </thead>
                  <tbody>
                    {gates.data.withheld.map((row) => (
                      <tr key={row.key}>
                        <td>
                          <a href={href(["case", id, "item", row.item])}>{row.title ?? row.at.path}</a>
                          <span class="sub">{row.place_words}</span>
                        </td>
                        <td>{row.decision?.reason}</td>
                        <td class="nowrap">
                          {row.decision?.by}
                          <span class="sub n">{moment(row.decision?.at)}</span>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Panel>
          </div>
          <div class="stack">
            <Panel title="Record something else">
              <ul class="events">
                {kinds.filter((kind) => !inGates.has(kind.event)).map((kind) => (
                  <li key={kind.event}>
                    <button type="button" disabled={!kind.is_possible} onClick={() => setAsked({ kind, items: [] })}>
                      {kind.title}
                    </button>
                    <span class="sub">{kind.is_possible ? kind.words : sentence(kind.why_not ?? "")}</span>
                  </li>
                ))}
              </ul>
            </Panel>
            <Panel title="What happened">
              {events.data?.recorded.length === 0 && <p class="muted">Nothing but the request was recorded.</p>}
              <ol class="plain history">
                {[...(events.data?.recorded ?? [])].sort((a, b) => b.seq - a.seq).map((one) => (
                  <li key={one.seq}>
                    <b><Words>{one.words}</Words></b>
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
          onClose={() => setAsked(null)}
          onSend={async (fields, reason) => (await change({ path: "/events", body: { event: asked.kind.event, fields, reason }, expected: events.data?.revision ?? 0, done: `Recorded: ${asked.kind.title}` })) !== null}
        />
      )}
    </>
  );
}

function GateView({ id, gate, kinds, onAsk }: { id: string; gate: Gate; kinds: EventKind[]; onAsk: (kind: EventKind) => void }) {
  const settling = gate.events.map((name) => kinds.find((kind) => kind.event === name)).filter((kind) => kind !== undefined);
  return (
    <Panel title={gate.title} class={`gate ${gate.state}`} aside={<Tag kind={gate.state === "open" ? "bad" : gate.state === "settled" ? "good" : ""}>{{ open: "open", settled: "settled", does_not_apply: "does not apply" }[gate.state]}</Tag>}>
      <div class="stack">
        <p>
          <Words>{gate.words}</Words>
          {gate.by && <span class="sub">{`${gate.by}, ${moment(gate.at)}${gate.reason ? `: ${gate.reason}` : ""}`}</span>}
          {gate.expires && <span class="sub">Holds until {date(gate.expires)}.</span>}
        </p>
        {gate.state === "open" && gate.question && (
          <div class="notice">
            <p>{gate.question}</p>
            {gate.provision && <p class="hint">{gate.provision}</p>}
          </div>
        )}
        {gate.items.length > 0 && (
          <details>
            <summary>{count(gate.n_items, "item")} that it is about</summary>
            <ul class="plain">
              {gate.items.map((item) => (
                <li key={item}>
                  <a class="mono" href={href(["case", id, "item", item])}>
                    {item.slice(0, 12)}
                  </a>
                </li>
              ))}
              {gate.n_items > gate.items.length && <li class="muted">and {n(gate.n_items - gate.items.length)} more</li>}
            </ul>
          </details>
        )}
        {gate.state !== "does_not_apply" && settling.length > 0 && (
          <div class="row">
            {settling.map((kind) => (
              <button type="button" key={kind.event} class={gate.state === "open" && kind === settling[0] ? "first" : ""} disabled={!kind.is_possible} title={kind.why_not ?? kind.words} onClick={() => onAsk(kind)}>
                {kind.title} …
              </button>
            ))}
          </div>
        )}
      </div>
    </Panel>
  );
}

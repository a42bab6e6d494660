// Who is the person? What the request states, and numbers found beside theirs, each with its chain of evidence.
import { useEffect, useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { EventKind, Events, Kind, ProposalOf, Proposals } from "../api.ts";
import { useCase, usePath } from "../case.tsx";
import { useDraft } from "../draft.ts";
import { useKeys } from "../keys.ts";
import { href, replace, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { EventDialog } from "../ui/event.tsx";
import { Empty, Key, Loading, Panel, Segments, Select, Tag, Text, Title } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, date, n, plain, sentence } from "../words.ts";

const LATER = "habeas.later";
const keyOf = (one: Pick<ProposalOf, "kind" | "value">) => `${one.kind} ${one.value}`;

export function Who({ route }: { route: Route }) {
  const { id, about, change, nChanges } = useCase();
  const { data, failure, reload } = useGet<Proposals>(usePath("/proposals"));
  const [later, setLater] = useState<string[]>(() => JSON.parse(sessionStorage.getItem(`${LATER}.${id}`) ?? "[]") as string[]);
  const [at, setAt] = useState(0);
  const [reason, setReason, clearReason] = useDraft(`proposal.${id}`);
  const which = route.query.get("show") ?? "open";
  useEffect(() => {
    if (nChanges > 0) reload();
  }, [nChanges]);
  const all = data?.proposals ?? [];
  const open = all.filter((one) => one.answer === null);
  const shown = which === "answered" ? all.filter((one) => one.answer !== null) : [...open.filter((one) => !later.includes(keyOf(one))), ...open.filter((one) => later.includes(keyOf(one)))];
  const current = shown[Math.min(at, shown.length - 1)];

  const answer = async (one: ProposalOf, said: "accept" | "reject") => {
    const out = await change({ path: "/proposals", body: { answers: [{ kind: one.kind, value: one.value, answer: said }], reason: reason.trim() }, expected: data?.revision ?? 0, done: `${said === "accept" ? "Accepted" : "Rejected"} ${one.written}: searching again` });
    if (out) clearReason();
  };
  const postpone = (one: ProposalOf) => {
    const next = [...later.filter((key) => key !== keyOf(one)), keyOf(one)];
    sessionStorage.setItem(`${LATER}.${id}`, JSON.stringify(next));
    setLater(next);
  };
  const move = (by: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, at + by));
    setAt(next);
    document.querySelectorAll<HTMLElement>(".proposal")[next]?.focus();
  };
  useKeys([
    { keys: "j", label: "Next identifier", group: "Found identifiers", run: () => move(1) },
    { keys: "k", label: "Identifier before", group: "Found identifiers", run: () => move(-1) },
    { keys: "a", label: "It is theirs: search again with it", group: "Found identifiers", run: () => current && void answer(current, "accept") },
    { keys: "r", label: "It is not theirs: never follow it", group: "Found identifiers", run: () => current && void answer(current, "reject") },
    { keys: "l", label: "Later", group: "Found identifiers", run: () => current && postpone(current) },
  ]);
  if (!about) return null;
  return (
    <>
      <Title note={about.born ? `Born ${date(about.born)}` : undefined}>{about.names.map((one) => one.value).join(", also ")}</Title>
      <div class="columns">
        <Panel
          title="Found beside theirs"
          aside={
            <Segments
              label="Which"
              value={which}
              onValue={(value) => replace(withQuery(route, { show: value === "open" ? null : value }))}
              choices={[
                { value: "open", label: "To answer", note: n(open.length) },
                { value: "answered", label: "Answered", note: n(all.length - open.length) },
              ]}
            />
          }
        >
          {failure && <Problem failure={failure} what="the identifiers" onAgain={reload} />}
          {!data && !failure && <Loading what="the identifiers" />}
          {data && shown.length === 0 && <Empty title={which === "open" ? "Nothing waits for an answer" : "Nothing was answered yet"}>{which === "open" && <p>Every number that stands beside the person’s own was answered, or none was found.</p>}</Empty>}
          <div class="stack">
            {shown.map((one, index) => (
              <article key={keyOf(one)} class={`proposal${one === current ? " current" : ""}`} tabIndex={0} aria-label={`${plain(one.kind)} ${one.written}`} onFocusIn={() => setAt(index)}>
                <div class="spread">
                  <h3>
                    {sentence(plain(one.kind))} <span class="mono">{one.written}</span>
                  </h3>
                  <span class="row">
                    {later.includes(keyOf(one)) && one.answer === null && <Tag>later</Tag>}
                    {one.answer ? <Tag kind={one.answer === "accept" ? "good" : "bad"}>{one.answer === "accept" ? "accepted" : "rejected"}</Tag> : <Tag kind={one.n_others > 0 ? "warn" : "good"}>{one.n_others > 0 ? `${count(one.n_others, "other person", "other people")} too` : "nobody else has it"}</Tag>}
                  </span>
                </div>
                <ol class="chain">
                  {one.chain.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ol>
                <p class="hint">
                  {sentence(one.followed_words)}. Seen beside theirs {count(one.n_seen, "time")}, in {count(one.n_passages, "passage")}; alone it brings {count(one.n_added, "finding")}.{" "}
                  <a href={href(["case", id, "item", one.item], { place: `${one.place.kind} ${one.place.number}` })}>Look at {one.place_words}</a>
                </p>
                <div class="row">
                  {one.answer !== "accept" && (
                    <button type="button" class={one.n_others === 0 && one.answer === null ? "first" : ""} onClick={() => void answer(one, "accept")}>
                      It is theirs {one === current && <Key>a</Key>}
                    </button>
                  )}
                  {one.answer !== "reject" && (
                    <button type="button" onClick={() => void answer(one, "reject")}>
                      Not theirs {one === current && <Key>r</Key>}
                    </button>
                  )}
                  {one.answer === null && !later.includes(keyOf(one)) && (
                    <button type="button" onClick={() => postpone(one)}>
                      Later {one === current && <Key>l</Key>}
                    </button>
                  )}
                </div>
              </article>
            ))}
          </div>
          {shown.length > 0 && which === "open" && <Text label="Reason for the next answer (for the record)" value={reason} onValue={setReason} />}
        </Panel>
        <div class="stack">
          <Panel title="What is searched for">
            <table>
              <thead class="unseen">
                <tr>
                  <th scope="col">Kind</th>
                  <th scope="col">Value</th>
                </tr>
              </thead>
              <tbody>
                {about.names.map((one) => (
                  <tr key={one.value + one.kind}>
                    <td class="muted">{{ current: "name", former: "former name", known_as: "known as" }[one.kind]}</td>
                    <td>
                      {one.value}
                      {(one.from || one.to) && (
                        <span class="sub">
                          {one.from && `from ${date(one.from)} `}
                          {one.to && `until ${date(one.to)}`}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
                {about.identifiers.map((one) => (
                  <tr key={one.kind + one.value}>
                    <td class="muted">{plain(one.kind)}</td>
                    <td class="wrap">
                      {one.value} {one.origin === "accepted" && <Tag kind="good">accepted</Tag>}
                      {(one.by || one.from || one.to) && (
                        <span class="sub">
                          {one.from && `from ${date(one.from)} `}
                          {one.to && `until ${date(one.to)} `}
                          {one.by && `by ${one.by}`}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {about.notes && <p class="hint">{about.notes}</p>}
          </Panel>
          <WhoAsks />
          <AddIdentifier />
          {data?.ask && (
            <Panel title="If you ask them one thing">
              <p>{data.ask}</p>
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

const EVENTS = ["identity_asked", "identity_noted", "authority_asked", "authority_noted", "guardian_noted", "competence_noted"];

/** Is it known who asks, and may they? */
function WhoAsks() {
  const { id, about, change, nChanges } = useCase();
  const events = useGet<Events>(usePath("/events"));
  const [asked, setAsked] = useState<EventKind | null>(null);
  useEffect(() => {
    if (nChanges > 0) events.reload();
  }, [nChanges]);
  const kinds = (events.data?.kinds ?? []).filter((kind) => EVENTS.includes(kind.event) && kind.is_possible);
  const identity = about?.card.identity ?? "none";
  return (
    <Panel title="Who asks" aside={<Tag kind={identity === "satisfied" ? "good" : identity === "asked" ? "warn" : ""}>{{ none: "not asked for proof", asked: "proof asked for", satisfied: "known" }[identity]}</Tag>}>
      <ul class="events">
        {kinds.map((kind) => (
          <li key={kind.event}>
            <button type="button" class="link" onClick={() => setAsked(kind)}>
              {kind.title}
            </button>
          </li>
        ))}
      </ul>
      {asked && <EventDialog kind={asked} name={id} items={[]} onClose={() => setAsked(null)} onSend={async (fields, reason) => (await change({ path: "/events", body: { event: asked.event, fields, reason }, expected: events.data?.revision ?? 0, done: `Recorded: ${asked.title}` })) !== null} />}
    </Panel>
  );
}

const KINDS: Kind[] = ["email", "phone", "address", "postcode", "reference", "nhs_number", "nino", "passport", "handle", "device", "ip", "vehicle", "bank_account", "iban", "card"];

function AddIdentifier() {
  const { id, about, change } = useCase();
  const [kind, setKind] = useState<string>("email");
  const [value, setValue, clearValue] = useDraft(`identifier.${id}`);
  const [reason, setReason, clearReason] = useDraft(`identifier.why.${id}`);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (value.trim() === "") return;
    const out = await change({ path: "/identifiers", body: { kind, value: value.trim(), reason: reason.trim() }, expected: about?.card.revision ?? 0, done: "Added: searching again" });
    if (out) {
      clearValue();
      clearReason();
    }
  };
  return (
    <Panel title="Add what you learnt">
      <form class="stack" onSubmit={submit}>
        <Select label="Kind" value={kind} onValue={setKind} choices={KINDS.map((one) => ({ value: one, label: sentence(plain(one)) }))} />
        <Text label="Value" value={value} onValue={setValue} spellcheck={false} />
        <Text label="How you know" value={reason} onValue={setReason} />
        <div>
          <button type="submit" disabled={value.trim() === ""}>
            Add and search again
          </button>
        </div>
      </form>
    </Panel>
  );
}

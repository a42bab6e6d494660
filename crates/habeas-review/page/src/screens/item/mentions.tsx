// Everybody the item names: what happens at each mention, and how to change it here, in the item, or everywhere.
import { useState } from "preact/hooks";
import { useCase } from "../../case.tsx";
import { useKeys } from "../../keys.ts";
import { href } from "../../route.ts";
import { Dialog, Key, Segments, Tag } from "../../ui/parts.tsx";
import { PolicyForm } from "../../ui/policy.tsx";
import type { PolicyBody } from "../../ui/policy.tsx";
import { count, n, plain, sentence, WHO } from "../../words.ts";
import { fateWords } from "./paper.tsx";
import type { Mention } from "./passages.ts";

interface Props {
  item: string;
  mentions: Mention[];
  revision: number;
  current: Mention | null;
  onCurrent: (id: string) => void;
  onAdd: (mention: Mention | null) => void;
}

type Reach = "here" | "item" | "everywhere";
const REACH: Record<Reach, string> = { here: "at this place", item: "in this item", everywhere: "everywhere" };

export function Mentions({ item, mentions, revision, current, onCurrent, onAdd }: Props) {
  const { id, change, start } = useCase();
  const [dialog, setDialog] = useState<PolicyBody["treatment"] | null>(null);
  const [reach, setReach] = useState<Reach>("here");

  const set = async (mention: Mention, to: Reach, body: PolicyBody): Promise<boolean> => {
    if (mention.person === null) return false;
    const where = to === "everywhere" ? {} : to === "item" ? { item } : { item, place: mention.passage.place };
    const { role_label, ...rest } = body;
    const out = await change({ path: "/people/policies", body: { numbers: [mention.person], ...rest, ...(to === "everywhere" ? { role_label } : {}), ...where }, expected: revision, done: `${{ show: "Shown", take_out: "Taken out", nobody: "Nobody", default: "As configured" }[body.treatment]} ${REACH[to]}: ${mention.label ?? "this person"}` });
    return out !== null;
  };
  const quick = (treatment: "take_out" | "nobody" | "default") => {
    if (!current || current.who === "subject") return;
    if (current.person === null && current.manual === null) setDialog(treatment);
    else void set(current, "here", { treatment, ground: null, role_label: null, reason: "" });
  };
  const undoMark = () => {
    if (current && current.manual !== null) void change({ path: "/undo", body: { first: current.manual, last: current.manual }, expected: revision, done: "Mark taken back" });
  };
  useKeys([
    { keys: "t", label: "Accept: take out the mention at this place", group: "The mention", run: () => (current?.who === "subject" ? onAdd(current) : quick("take_out")) },
    { keys: "h", label: "Show the mention, on a ground", group: "The mention", run: () => current && current.who !== "subject" && setDialog("show") },
    { keys: "y", label: "The mention is nobody", group: "The mention", run: () => quick("nobody") },
    { keys: "u", label: "The mention as configured, or take back a mark made by hand", group: "The mention", run: () => (current?.manual != null ? undoMark() : quick("default")) },
  ]);

  const groups = new Map<string, Mention[]>();
  for (const mention of mentions) {
    if (mention.who === "subject") continue;
    const key = mention.person === null ? `w ${mention.label ?? mention.passage.text.slice(mention.start, mention.end)}` : `p ${mention.person}`;
    groups.set(key, [...(groups.get(key) ?? []), mention]);
  }
  const nSubject = mentions.filter((mention) => mention.who === "subject").length;
  return (
    <div class="stack">
      {current ? (
        <section class="mention" aria-label="The current mention">
          <p>
            <mark class={`hit ${current.who} ${current.fate}`} data-letter={WHO[current.who]?.letter}>
              {current.passage.text.slice(current.start, current.end)}
            </mark>
          </p>
          <dl class="facts">
            <dt>Whose</dt>
            <dd>
              {WHO[current.who]?.title}
              {current.label && <>: {current.person !== null ? <a href={href(["case", id, "people", current.person])}>{current.label}</a> : current.label}</>}
            </dd>
            <dt>What</dt>
            <dd>
              {sentence(plain(current.kind))} <span class="muted">({current.rule})</span>
            </dd>
            <dt>Fate</dt>
            <dd>
              {sentence(fateWords(current))}
              {current.ground && (
                <>
                  {" "}
                  <Tag>{current.ground}</Tag>
                </>
              )}
            </dd>
            {current.doubt && (
              <>
                <dt>In doubt</dt>
                <dd>{sentence(current.doubt)}</dd>
              </>
            )}
          </dl>
          {current.manual !== null ? (
            <button type="button" onClick={undoMark}>
              Take the mark back <Key>u</Key>
            </button>
          ) : current.who === "subject" ? (
            <button type="button" onClick={() => onAdd(current)}>
              Take out these words … <Key>t</Key>
            </button>
          ) : current.person === null ? (
            <div class="notice">
              <p>Other people were not listed since the last search, so this mention has no person yet.</p>
              <div>
                <button type="button" onClick={() => void start("/people/look")}>
                  List other people
                </button>
              </div>
            </div>
          ) : (
            <div class="row">
              <button type="button" aria-pressed={current.fate === "taken_out" && current.decided === "place"} onClick={() => quick("take_out")}>
                Take out <Key>t</Key>
              </button>
              <button type="button" aria-pressed={current.fate === "shown"} onClick={() => setDialog("show")}>
                Show … <Key>h</Key>
              </button>
              <button type="button" aria-pressed={current.fate === "nobody"} onClick={() => quick("nobody")}>
                Nobody <Key>y</Key>
              </button>
              <button type="button" disabled={current.decided === "default"} onClick={() => quick("default")}>
                As configured <Key>u</Key>
              </button>
              <button type="button" class="link" onClick={() => setDialog("take_out")}>
                in the item, or everywhere …
              </button>
            </div>
          )}
        </section>
      ) : (
        <p class="hint">
          <Key>n</Key> and <Key>p</Key> go from mention to mention. Select words in the text and press <Key>r</Key> to take out more.
        </p>
      )}
      <section>
        <h3>Named here</h3>
        {groups.size === 0 && <p class="muted">Nobody else{nSubject > 0 ? `; the person ${count(nSubject, "time")}` : ""}.</p>}
        <ul class="relatives">
          {[...groups].map(([key, list]) => {
            const first = list[0];
            if (!first) return null;
            const fates = new Set(list.map((mention) => mention.fate));
            return (
              <li key={key} {...(current && list.includes(current) ? { "aria-current": "true" as const } : {})}>
                <span class="grow">
                  <button type="button" class="link" onClick={() => onCurrent(first.id)}>
                    {first.label ?? first.passage.text.slice(first.start, first.end)}
                  </button>
                  <span class="sub">
                    {WHO[first.who]?.title} · {count(list.length, "mention")}
                    {list.some((mention) => mention.doubt) && " · in doubt"}
                  </span>
                </span>
                <Tag kind={fates.size > 1 ? "" : first.fate === "taken_out" ? "other" : "good"}>{fates.size > 1 ? "mixed" : plain(first.fate)}</Tag>
              </li>
            );
          })}
        </ul>
        {nSubject > 0 && groups.size > 0 && <p class="hint">The person is named {count(nSubject, "time")}.</p>}
      </section>
      {dialog && current && (
        <Dialog title={`${current.label ?? current.passage.text.slice(current.start, current.end)}`} onClose={() => setDialog(null)}>
          {current.person === null ? (
            <>
              <p>Other people were not listed since the last search, so nothing can be decided about this one yet. Listing them reads what would be given.</p>
              <div>
                <button type="button" class="first" onClick={() => void start("/people/look").then(() => setDialog(null))}>
                  List other people
                </button>
              </div>
            </>
          ) : (
            <>
              <Segments label="Where" value={reach} onValue={(value) => setReach(value as Reach)} choices={[{ value: "here", label: `Here (${current.passage.place_words})` }, { value: "item", label: "In this item" }, { value: "everywhere", label: "Everywhere" }]} />
              <PolicyForm
                key={dialog}
                name={`${item}.${current.id}`}
                proposed={current.who === "professional" ? "professional" : current.who === "staff" ? "staff" : null}
                withLabel={reach === "everywhere"}
                initial={dialog}
                submit={`Decide ${REACH[reach]}`}
                onSubmit={async (body) => {
                  const isDone = await set(current, reach, body);
                  if (isDone) setDialog(null);
                  return isDone;
                }}
              />
            </>
          )}
        </Dialog>
      )}
      {mentions.length > 400 && <p class="hint">{n(mentions.length)} mentions in what is shown.</p>}
    </div>
  );
}

// The last steps: what stands between the case and its answer, making the bundle, and the record of its delivery.
import { useEffect, useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { DeliveryIn, Job, Release as ReleaseOut } from "../api.ts";
import { screenPath } from "../app.tsx";
import { useCase, usePath } from "../case.tsx";
import { useDraft } from "../draft.ts";
import { useKeys } from "../keys.ts";
import { go, href } from "../route.ts";
import { Check, Key, Loading, Meter, Panel, Select, Tag, Text, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { moment, n, sentence } from "../words.ts";
import { download } from "./bundle.tsx";

/** Gates that look at the bundle itself. */
const AFTER = new Set(["bundle", "verify", "four_eyes", "fourEyes", "four-eyes"]);
/** What has to be done stands first. */
const RANK = { blocked: 0, look: 1, ok: 2 };
const MARKS = { ok: ["✓", "done"], blocked: ["✕", "has to be done"], look: ["!", "worth a look"] } as const;

export function Release() {
  const { id, about, start, job, nChanges } = useCase();
  const { data, failure, reload } = useGet<ReleaseOut>(usePath("/release"));
  const [day, setDay] = useState("");
  const [out, setOut] = useDraft(`bundle.out.${id}`);
  const [packs, setPacks] = useState(true);
  const [last, setLast] = useState<Job | null>(null);
  useEffect(() => {
    if (nChanges > 0) reload();
  }, [nChanges]);
  // What can only be so once the bundle is there does not keep it from being made.
  const before = data?.checks.filter((check) => check.state === "blocked" && !AFTER.has(check.code)) ?? [];
  const isRunning = job?.state === "running" && job.kind === "bundle";
  const make = async () => {
    if (!data || isRunning) return;
    setLast(null);
    const done = await start("/bundle", { expected: data.revision, ...(day ? { day } : {}), ...(out.trim() ? { out: out.trim() } : {}), replaces: data.bundle.state !== "none", packs });
    setLast(done);
    reload();
    if (done?.state === "done") go(href(["case", id, "bundle"]));
  };
  useKeys([{ keys: "m", label: "Make the bundle", group: "Release", run: () => void make() }]);
  if (!about) return null;
  return (
    <>
      <Title note="The bundle is attacked before it gets its name: what was taken out is searched for in every file.">Release</Title>
      {failure && <Problem failure={failure} what="the checklist" onAgain={reload} />}
      {!data && !failure && <Loading what="the checklist" />}
      {data && (
        <div class="columns">
          <div class="stack">
            <Panel title="Checklist" aside={data.is_ready ? <Tag kind="good">ready</Tag> : <Tag kind="bad">not ready</Tag>}>
              <ul class="checks">
                {[...data.checks].sort((a, b) => RANK[a.state] - RANK[b.state]).map((check) => (
                  <li key={check.code} class={check.state}>
                    <span class="check-mark" aria-hidden="true">
                      {MARKS[check.state][0]}
                    </span>
                    <span class="grow">
                      <b>{sentence(check.title)}</b>
                      <span class="unseen">: {MARKS[check.state][1]}</span>
                      {(check.state !== "ok" || check.message !== "settled") && <span class="sub"><Words>{check.message}</Words></span>}
                    </span>
                    {check.state !== "ok" && (
                      <a class="button" href={check.code.startsWith("four") ? href(["case", id, "gates"]) : AFTER.has(check.code) ? "#make" : screenPath(about.card, check.screen)} onClick={(event) => { if (event.currentTarget.hash === "#make") { event.preventDefault(); document.getElementById("make")?.focus(); } }}>
                        {check.state === "blocked" ? "Do it" : "Look"}
                        <span class="unseen">: {check.title}</span>
                      </a>
                    )}
                  </li>
                ))}
              </ul>
            </Panel>
            <Panel title={data.bundle.state === "none" ? "Make the bundle" : "Make it again"}>
              <form
                class="stack"
                onSubmit={(event) => {
                  event.preventDefault();
                  void make();
                }}
              >
                {last?.error && <Problem failure={Object.assign(new Error(last.error.message), { code: last.error.code, hint: last.error.hint, revision: null, conflicts: [] })} title="The bundle was not made." />}
                <div class="grid-2">
                  <Text label="Date of the letter" type="date" value={day} onValue={setDay} hint="Today, if left empty." />
                  <Text label="Folder" value={out} onValue={setOut} spellcheck={false} placeholder={data.bundle.dir ?? "the case’s own"} hint="The case’s own, if left empty." />
                </div>
                <Check label="Also pack it into one archive for download" checked={packs} onChecked={setPacks} />
                {data.bundle.state !== "none" && <p class="hint">The one that is there is replaced. Its digest stays in the record.</p>}
                <div class="row">
                  <button type="submit" id="make" class="first" disabled={isRunning || about.card.is_closed}>
                    {isRunning ? "Making it …" : "Make the bundle"} <Key>m</Key>
                  </button>
                  {before.length > 0 && <span class="hint">{before.some((check) => check.code === "undecided") ? "It can be made once every finding is decided." : "It can be made to be looked at; it leaves once the checklist is done."}</span>}
                </div>
                {isRunning && job && (
                  <div role="status">
                    <p>{sentence(job.words)}{job.total !== null && `: ${n(job.done)} of ${n(job.total)}`}</p>
                    {job.total !== null && <Meter value={job.done} of={job.total} label={`${job.done} of ${job.total}`} />}
                  </div>
                )}
              </form>
            </Panel>
          </div>
          <div class="stack">
            <Panel title="Bundle" aside={<Tag kind={data.bundle.state === "made" ? "good" : data.bundle.state === "stale" ? "warn" : ""}>{{ none: "not made", made: "made", stale: "older than the last decision" }[data.bundle.state]}</Tag>}>
              {data.bundle.state === "none" ? (
                <p class="muted">Not made yet.</p>
              ) : (
                <div class="stack">
                  <dl class="facts">
                    <dt>Made</dt>
                    <dd>
                      {moment(data.bundle.made_at)} by {data.bundle.by}
                    </dd>
                    <dt>Folder</dt>
                    <dd class="mono wrap">{data.bundle.dir}</dd>
                    <dt>Manifest</dt>
                    <dd class="mono wrap">{data.bundle.manifest_sha256}</dd>
                  </dl>
                  {data.bundle.state === "stale" && <p class="notice warn">Decisions were added since: make it again before it goes.</p>}
                  <div class="row">
                    <a class="button first" href={href(["case", id, "bundle"])}>
                      Read it through
                    </a>
                    <button type="button" disabled={!data.bundle.is_packed} onClick={() => void download(id)} title={data.bundle.is_packed ? undefined : "It was not packed: make it again with the archive"}>
                      Download
                    </button>
                  </div>
                </div>
              )}
            </Panel>
            <Deliver data={data} />
          </div>
        </div>
      )}
    </>
  );
}

const CHANNELS: Record<DeliveryIn["channel"], string> = { portal: "Portal", email: "E-mail", post: "Post", in_person: "In person", other: "Other" };

function Deliver({ data }: { data: ReleaseOut }) {
  const { id, change } = useCase();
  const [channel, setChannel] = useState<string>("portal");
  const [recipient, setRecipient, clearRecipient] = useDraft(`delivery.to.${id}`);
  const [passphrase, setPassphrase, clearPassphrase] = useDraft(`delivery.pass.${id}`);
  const [note, setNote, clearNote] = useDraft(`delivery.note.${id}`);
  const submit = async (event: Event) => {
    event.preventDefault();
    const done = await change({ path: "/deliveries", body: { channel, recipient: recipient.trim(), ...(passphrase.trim() ? { passphrase_by: passphrase.trim() } : {}), note: note.trim() }, expected: data.revision, done: "Delivery recorded" });
    if (done) {
      clearRecipient();
      clearPassphrase();
      clearNote();
    }
  };
  return (
    <Panel title="Delivery">
      {data.deliveries.length > 0 && (
        <ol class="plain history">
          {data.deliveries.map((one) => (
            <li key={one.seq}>
              <b><Words>{one.words}</Words></b>
              <span class="sub">
                {one.by}, {moment(one.at)}
                {one.manifest_sha256 && <span class="mono"> {one.manifest_sha256.slice(0, 12)}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
      {data.bundle.state === "none" ? (
        <p class="muted">Once the bundle is made, record how it left.</p>
      ) : (
        <form class="stack" onSubmit={submit}>
          <Select label="How it goes" value={channel} onValue={setChannel} choices={Object.entries(CHANNELS).map(([value, label]) => ({ value, label }))} />
          <Text label="To whom and where, typed again" value={recipient} onValue={setRecipient} hint="Typed, not copied, so that a wrong address is noticed." />
          <Text label="Passphrase went by" value={passphrase} onValue={setPassphrase} placeholder="telephone" hint="Another way than the bundle itself." />
          <Text label="Note" value={note} onValue={setNote} />
          <div class="row">
            <button type="submit" disabled={recipient.trim() === "" || !data.is_ready}>
              Record the delivery
            </button>
            {!data.is_ready && <span class="hint">It leaves once the checklist is done.</span>}
          </div>
        </form>
      )}
    </Panel>
  );
}

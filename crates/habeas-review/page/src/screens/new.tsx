// A new request: paste the letter, look at what was read from it and at the clock, open the case.
import { useEffect, useState } from "preact/hooks";
import { ask, drop, Failure } from "../api.ts";
import type { CaseCard, RequestPreview } from "../api.ts";
import { tell } from "../case.tsx";
import { daysInWords, urgency } from "../charts/deadline.tsx";
import { useDraft } from "../draft.ts";
import { go, href } from "../route.ts";
import { Area, Panel, Select, Tag, Text, Title } from "../ui/parts.tsx";
import { say } from "../ui/say.tsx";
import { date, sentence } from "../words.ts";

const LISTS = [
  ["names", "Name", "As they sign; one a line."],
  ["former", "Former names", "One a line."],
  ["emails", "E-mail addresses", "One a line."],
  ["phones", "Telephone numbers", "One a line; a span of time may follow, such as [2019-01-01..]."],
  ["addresses", "Postal addresses", "One a line."],
  ["references", "References", "Patient or customer numbers; one a line."],
] as const;
const SINGLES = ["born", "received", "channel", "right", "reference", "notes"] as const;

export function New() {
  const [text, setText, clearText] = useDraft("new.text");
  const [draft, setDraft, clearDraft] = useDraft("new.fields", "{}");
  const [preview, setPreview] = useState<RequestPreview | null>(null);
  const [isBusy, setBusy] = useState(false);
  const fields = JSON.parse(draft) as Record<string, string>;
  const set = (name: string, value: string) => setDraft(JSON.stringify({ ...fields, [name]: value }));
  const sent = toSend(fields);
  const has = Object.keys(sent).length > 0;

  useEffect(() => {
    if (!has) return setPreview(null);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      ask<RequestPreview>("POST", "/requests/preview", { fields: sent }, stop.signal)
        .then(setPreview)
        .catch((trouble: unknown) => {
          if (!stop.signal.aborted && trouble instanceof Failure && trouble.code !== "session") setPreview((held) => ({ fields: {}, case: null, clock: held?.clock as RequestPreview["clock"], duplicates: [], problem: `${trouble.message}${trouble.hint ? `: ${trouble.hint}` : ""}` }));
        });
    }, 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [draft]);

  const propose = async () => {
    try {
      const out = await ask<RequestPreview>("POST", "/requests/preview", { text });
      const read: Record<string, string> = {};
      for (const [name, value] of Object.entries(out.fields)) {
        if (Array.isArray(value)) read[name] = value.map(String).join("\n");
        else if (value !== null && value !== undefined && String(value) !== "") read[name] = String(value);
      }
      setDraft(JSON.stringify({ ...fields, ...read }));
      say("Read from the text: look at each field.");
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
  };
  const open = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    try {
      const card = await ask<CaseCard>("POST", "/cases", { fields: sent });
      clearText();
      clearDraft();
      drop("/cases");
      say(`Opened ${card.case}`);
      go(href(["case", card.case]));
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
    setBusy(false);
  };
  return (
    <>
      <Title note="Its clock starts on the day it came in, whoever it came to.">New request</Title>
      <div class="columns">
        <form class="stack" onSubmit={open}>
          <Panel title="Letter or mail">
            <Area label="Paste what they wrote" value={text} onValue={setText} rows={5} hint="Names, addresses and numbers are proposed from it. It stays on this machine." />
            <div class="row">
              <button type="button" disabled={text.trim() === ""} onClick={() => void propose()}>
                Propose fields
              </button>
            </div>
          </Panel>
          <Panel title="The person">
            <div class="grid-2">
              {LISTS.map(([name, label, hint]) => (
                <Area key={name} label={label} hint={hint} rows={2} value={fields[name] ?? ""} onValue={(value) => set(name, value)} />
              ))}
              <Text label="Date of birth" type="date" value={fields.born ?? ""} onValue={(value) => set("born", value)} />
            </div>
          </Panel>
          <Panel title="The request">
            <div class="grid-2">
              <Text label="Received" type="date" value={fields.received ?? ""} onValue={(value) => set("received", value)} hint="The day it reached anybody of the organisation." />
              <Select label="Channel" value={fields.channel ?? ""} onValue={(value) => set("channel", value)} choices={[{ value: "", label: "Not said" }, ...["email", "post", "telephone", "in-person", "web", "other"].map((value) => ({ value, label: sentence(value.replace("-", " ")) }))]} />
              <Text label="Reference" value={fields.reference ?? ""} onValue={(value) => set("reference", value)} hint="The case’s name; without one it is numbered." />
            </div>
            <Area label="Notes" value={fields.notes ?? ""} onValue={(value) => set("notes", value)} rows={2} />
          </Panel>
          <div class="row">
            <button type="submit" class="first" disabled={!has || !preview || preview.problem !== null}>
              Open the request
            </button>
            <span class="hint">{preview?.problem ? sentence(preview.problem) : has ? "" : "A name is enough to begin with."}</span>
          </div>
        </form>
        <div class="stack">
          <Panel title="What would be opened">
            {preview?.clock ? (
              <>
                <p>
                  <b>{preview.case ?? "A new case"}</b> <Tag kind={urgency(preview.clock.days_left)}>{daysInWords(preview.clock.days_left)}</Tag>
                </p>
                <ul class="plain">
                  {preview.clock.readings.map((reading) => (
                    <li key={reading.reading}>
                      <b class="n">{date(reading.last_day)}</b> {reading.title}
                    </li>
                  ))}
                </ul>
                {preview.duplicates.map((line) => (
                  <p class="notice warn" key={line}>
                    {sentence(line)}
                  </p>
                ))}
              </>
            ) : (
              <p class="muted">Fill in a name and the day it was received.</p>
            )}
            {preview?.problem && (
              <p class="notice bad" role="alert">
                {sentence(preview.problem)}
              </p>
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}

function toSend(fields: Record<string, string>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name] of LISTS) {
    const lines = (fields[name] ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
    if (lines.length) out[name] = lines;
  }
  for (const name of SINGLES) if (fields[name]?.trim()) out[name] = fields[name].trim();
  return out;
}

// A form for something that happened to the case, made of the fields that the server names.
import { useState } from "preact/hooks";
import type { EventField, EventKind } from "../api.ts";
import { readDraft, writeDraft } from "../draft.ts";
import { Area, Check, Dialog, Select, Text } from "./parts.tsx";
import { useExemptions } from "./verdict.tsx";
import { count, sentence } from "../words.ts";

type Values = Record<string, string | boolean>;

interface Props {
  kind: EventKind;
  /** Under which drafts are kept. */
  name: string;
  /** Items that the form is about, if it asks for items. */
  items: string[];
  /** What is known already. */
  known?: Values;
  onClose: () => void;
  onSend: (fields: Record<string, unknown>, reason: string) => Promise<boolean>;
}

export function EventDialog({ kind, name, items, known = {}, onClose, onSend }: Props) {
  const draft = `event.${name}.${kind.event}.${JSON.stringify(known)}`;
  const [values, setValues] = useState<Values>(() => ({ ...known, ...(JSON.parse(readDraft(draft) ?? "{}") as Values) }));
  const [isBusy, setBusy] = useState(false);
  const set = (changes: Values) => {
    const next = { ...values, ...changes };
    writeDraft(draft, JSON.stringify(next));
    setValues(next);
  };
  const read = kind.fields.map((field) => [field, valueOf(field, values, items)] as const);
  const missing = read.filter(([field, value]) => field.is_required && value === undefined).map(([field]) => field);
  const hasReason = kind.fields.some((field) => field.name === "reason");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (missing.length || isBusy) return;
    setBusy(true);
    const fields: Record<string, unknown> = {};
    for (const [field, value] of read) if (value !== undefined) fields[field.name] = value;
    if (await onSend(fields, hasReason ? "" : String(values["reason "] ?? "").trim())) {
      writeDraft(draft, "");
      onClose();
    }
    setBusy(false);
  };
  return (
    <Dialog title={kind.title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{sentence(kind.words)}.</p>
        {kind.fields.map((field) => (
          <FieldOf key={field.name} field={field} values={values} onValues={set} nItems={items.length} />
        ))}
        {!hasReason && <Area label="Reason (for the record)" value={String(values["reason "] ?? "")} onValue={(text) => set({ "reason ": text })} rows={2} />}
        <div class="row">
          <button type="submit" class="first" disabled={missing.length > 0}>
            Record it
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
        </div>
        {missing.length > 0 && <p class="hint">Still to fill in: {missing.map((field) => field.title.toLowerCase()).join("; ")}.</p>}
      </form>
    </Dialog>
  );
}

/** What a field holds, as the server reads it; nothing while it is not filled in. */
function valueOf(field: EventField, values: Values, items: string[]): unknown {
  const held = values[field.name];
  const text = typeof held === "string" ? held.trim() : "";
  if (field.type === "bool") return held === true;
  if (field.type === "items") {
    const named = text === "" ? items : text.split(/[\s,]+/);
    return named.length || !field.is_required ? named : undefined;
  }
  if (field.type === "number") return /^\d+$/.test(text) ? Number(text) : undefined;
  if (field.type === "place") {
    const found = /^(row|line|page|message|header|cell|body) (\d+)$/.exec(text);
    return found ? { kind: found[1], number: Number(found[2]), sheet: null } : undefined;
  }
  if (field.type === "consent") {
    const day = String(values[`${field.name}.on`] ?? "");
    const words = String(values[`${field.name}.words`] ?? "").trim();
    if (text === "given") return day && words ? { given: { on: day, to: words } } : undefined;
    if (text === "refused") return day ? { refused: { on: day } } : undefined;
    if (text === "no_reply") return day ? { no_reply: { asked: day } } : undefined;
    if (text === "not_asked") return words ? { not_asked: { why: words } } : undefined;
    return undefined;
  }
  return text === "" ? undefined : text;
}

const CONSENT = { given: "They agreed", refused: "They refused", no_reply: "They were asked and have not answered", not_asked: "They were not asked" };
const CHOICES: Record<string, string> = { not_met: "Not met: it may be given", met: "Met: it has to be kept back" };

function FieldOf({ field, values, onValues, nItems }: { field: EventField; values: Values; onValues: (changes: Values) => void; nItems: number }) {
  const exemptions = useExemptions();
  const held = values[field.name];
  const value = String(held ?? "");
  const label = sentence(field.title) + (field.is_required || field.type === "bool" ? "" : " (if known)");
  const set = (next: string | boolean) => onValues({ [field.name]: next });
  if (field.type === "bool") return <Check label={label} checked={held === true} onChecked={set} />;
  if (field.name === "code") {
    const chosen = exemptions.find((one) => one.code === value);
    return <Select label={label} value={value} onValue={set} choices={[{ value: "", label: "Choose …" }, ...exemptions.map((one) => ({ value: one.code, label: `${one.code}: ${one.title}` }))]} hint={chosen?.question} />;
  }
  if (field.type === "choice") return <Select label={label} value={value} onValue={set} choices={[{ value: "", label: "Choose …" }, ...field.choices.map((choice) => ({ value: choice, label: CHOICES[choice] ?? sentence(choice.replaceAll("_", " ")) }))]} />;
  if (field.type === "items") return <Text label={label} value={value} onValue={set} placeholder={nItems > 0 ? `all ${nItems} that are named` : ""} hint={nItems > 0 ? `Left empty: ${count(nItems, "item")} of the gate. Or ids with spaces between.` : "Ids of items, with spaces between."} spellcheck={false} />;
  if (field.type === "place") return <Text label={label} value={value} onValue={set} placeholder="row 12" spellcheck={false} />;
  if (field.type === "item") return <Text label={label} value={value} onValue={set} placeholder="its id" spellcheck={false} />;
  if (field.type === "consent") {
    const hasDay = value === "given" || value === "refused" || value === "no_reply";
    const hasWords = value === "given" || value === "not_asked";
    return (
      <>
        <Select label={label} value={value} onValue={set} choices={[{ value: "", label: "Choose …" }, ...Object.entries(CONSENT).map(([choice, words]) => ({ value: choice, label: words }))]} />
        {hasDay && <Text label={value === "no_reply" ? "When they were asked" : "When"} type="date" value={String(values[`${field.name}.on`] ?? "")} onValue={(next) => onValues({ [`${field.name}.on`]: next })} />}
        {hasWords && <Text label={value === "given" ? "To what exactly, and how they said so" : "Why not"} value={String(values[`${field.name}.words`] ?? "")} onValue={(next) => onValues({ [`${field.name}.words`]: next })} />}
      </>
    );
  }
  return <Text label={label} type={field.type === "date" ? "date" : field.type === "number" ? "number" : "text"} value={value} onValue={set} required={field.is_required} />;
}

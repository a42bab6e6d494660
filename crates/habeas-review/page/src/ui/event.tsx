// A form for something that happened to the case, made of the fields that the server names.
import { useState } from "preact/hooks";
import type { EventField, EventKind } from "../api.ts";
import { readDraft, writeDraft } from "../draft.ts";
import { Area, Check, Dialog, Select, Text } from "./parts.tsx";
import { sentence } from "../words.ts";

type Values = Record<string, string | boolean>;

export function EventDialog({ kind, name, items, onClose, onSend }: { kind: EventKind; name: string; items: string[]; onClose: () => void; onSend: (fields: Record<string, unknown>, reason: string) => Promise<boolean> }) {
  const draft = `event.${name}.${kind.event}`;
  const [values, setValues] = useState<Values>(() => JSON.parse(readDraft(draft) ?? "{}") as Values);
  const [isBusy, setBusy] = useState(false);
  const set = (field: string, value: string | boolean) => {
    const next = { ...values, [field]: value };
    writeDraft(draft, JSON.stringify(next));
    setValues(next);
  };
  const missing = kind.fields.filter((field) => field.is_required && field.type !== "bool" && field.type !== "items" && !values[field.name]);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (missing.length || isBusy) return;
    setBusy(true);
    const fields: Record<string, unknown> = {};
    for (const field of kind.fields) {
      const value = values[field.name];
      if (field.type === "items") fields[field.name] = value === "all" || value === undefined ? items : String(value).split(/[\s,]+/).filter(Boolean);
      else if (field.type === "bool") fields[field.name] = value === true;
      else if (value !== undefined && value !== "") fields[field.name] = value;
    }
    if (await onSend(fields, String(values["reason "] ?? "").trim())) {
      writeDraft(draft, "");
      onClose();
    }
    setBusy(false);
  };
  return (
    <Dialog title={kind.title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{kind.words}</p>
        {kind.fields.map((field) => (
          <FieldOf key={field.name} field={field} value={values[field.name]} onValue={(value) => set(field.name, value)} nItems={items.length} />
        ))}
        <Area label="Reason (for the record)" value={String(values["reason "] ?? "")} onValue={(text) => set("reason ", text)} rows={2} />
        <div class="row">
          <button type="submit" class="first" disabled={missing.length > 0 || isBusy}>
            Record it
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
          {missing[0] && <span class="hint">Missing: {missing.map((field) => field.title).join(", ")}</span>}
        </div>
      </form>
    </Dialog>
  );
}

function FieldOf({ field, value, onValue, nItems }: { field: EventField; value: string | boolean | undefined; onValue: (value: string | boolean) => void; nItems: number }) {
  const label = sentence(field.title) + (field.is_required || field.type === "bool" ? "" : " (if known)");
  if (field.type === "bool") return <Check label={label} checked={value === true} onChecked={onValue} />;
  if (field.type === "choice") return <Select label={label} value={String(value ?? "")} onValue={onValue} choices={[{ value: "", label: "Choose …" }, ...field.choices.map((choice) => ({ value: choice, label: sentence(choice.replaceAll("_", " ")) }))]} />;
  if (field.type === "items") return <Text label={label} value={String(value ?? "")} onValue={onValue} placeholder={nItems > 0 ? `all ${nItems} of the gate` : "all"} hint="Ids of items, with spaces between; left empty it means all of them." spellcheck={false} />;
  return <Text label={label} type={field.type === "date" ? "date" : "text"} value={String(value ?? "")} onValue={onValue} required={field.is_required} />;
}

// Take out more words: those that were selected, or those that are typed; they go wherever they stand in the item.
import { useMemo, useState } from "preact/hooks";
import type { PassageOf } from "../../api.ts";
import { useCase } from "../../case.tsx";
import { useDraft } from "../../draft.ts";
import { Area, Dialog, Segments, Select, Text } from "../../ui/parts.tsx";
import { count } from "../../words.ts";

const KINDS = [
  ["name", "a name"],
  ["email", "an e-mail address"],
  ["phone", "a telephone number"],
  ["address", "an address"],
  ["date", "a date"],
  ["reference", "a reference"],
  ["organisation", "an organisation"],
] as const;

export function Add({ item, words: selected, passages, revision, onClose }: { item: string; words: string; passages: PassageOf[]; revision: number; onClose: () => void }) {
  const { change } = useCase();
  const [words, setWords] = useState(selected);
  const [ground, setGround] = useState("TP");
  const [kind, setKind] = useState("name");
  const [reason, setReason, clear] = useDraft(`mark.${item}`);
  const [isBusy, setBusy] = useState(false);
  const places = useMemo(() => placesOf(passages, words.trim()), [passages, words]);
  const first = places[0];
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!first || isBusy) return;
    setBusy(true);
    const out = await change({ path: `/items/${item}/marks`, body: { type: "text", passage: first.passage, start: first.start, end: first.start + words.trim().length, ground, kind, reason: reason.trim() }, expected: revision, done: "Words taken out of this item" });
    setBusy(false);
    if (out) {
      clear();
      onClose();
    }
  };
  return (
    <Dialog title="Take out words" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Text label="Words" value={words} onValue={setWords} spellcheck={false} autoFocus hint={words.trim() === "" ? "As they stand in the item, with the same letters." : first ? `They stand here ${count(places.length, "time")}, and are taken out of this item wherever they stand in it.` : "They do not stand in what is shown of the item."} />
        <Segments
          label="Ground"
          value={ground}
          onValue={setGround}
          choices={[
            { value: "TP", label: "TP: another person" },
            { value: "NPD", label: "NPD: not about them" },
          ]}
        />
        <Select label="What it is" value={kind} onValue={setKind} choices={KINDS.map(([value, label]) => ({ value, label }))} />
        <Area label="Reason (for the record)" value={reason} onValue={setReason} rows={2} />
        <div class="row">
          <button type="submit" class="first" disabled={!first}>
            Take out
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function placesOf(passages: PassageOf[], words: string): { passage: number; start: number }[] {
  if (words === "") return [];
  const found = [];
  for (const passage of passages) {
    for (let at = passage.text.indexOf(words); at >= 0; at = passage.text.indexOf(words, at + words.length)) found.push({ passage: passage.number, start: at });
  }
  return found;
}

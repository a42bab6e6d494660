// What happens with somebody else: shown on a ground, taken out, nobody at all, or as the configuration says.
import { useState } from "preact/hooks";
import { useDraft } from "../draft.ts";
import { Area, Segments, Select, Text } from "./parts.tsx";
import { SHOW_GROUNDS } from "../words.ts";

export interface PolicyBody extends Record<string, unknown> {
  treatment: "show" | "take_out" | "nobody" | "default";
  ground: string | null;
  role_label: string | null;
  reason: string;
}

interface Props {
  /** Under which drafts are kept. */
  name: string;
  proposed: string | null;
  withLabel: boolean;
  submit: string;
  disabled?: boolean;
  onSubmit: (body: PolicyBody) => Promise<boolean>;
  initial?: PolicyBody["treatment"];
}

/** Grounds that need words: who was asked, what was weighed. */
export const needsReason = (ground: string) => ground === "consent" || ground === "reasonable";

export function PolicyForm({ name, proposed, withLabel, submit, disabled = false, onSubmit, initial = "take_out" }: Props) {
  const [treatment, setTreatment] = useState<PolicyBody["treatment"]>(initial);
  const [ground, setGround] = useState(proposed ?? "");
  const [label, setLabel, clearLabel] = useDraft(`policy.label.${name}`);
  const [reason, setReason, clearReason] = useDraft(`policy.${name}`);
  const [isBusy, setBusy] = useState(false);
  const shows = treatment === "show";
  const isEnough = !shows || (ground !== "" && (!needsReason(ground) || reason.trim() !== ""));
  const send = async (event: Event) => {
    event.preventDefault();
    if (!isEnough || isBusy) return;
    setBusy(true);
    if (await onSubmit({ treatment, ground: shows ? ground : null, role_label: withLabel && label.trim() ? label.trim().toLowerCase() : null, reason: reason.trim() })) {
      clearReason();
      clearLabel();
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={send}>
      <Segments
        label="What happens with them"
        value={treatment}
        onValue={(value) => setTreatment(value as PolicyBody["treatment"])}
        choices={[
          { value: "take_out", label: "Take out" },
          { value: "show", label: "Show" },
          { value: "nobody", label: "Nobody" },
          { value: "default", label: "As configured" },
        ]}
      />
      {shows && (
        <Select
          label="On which ground"
          value={ground}
          onValue={setGround}
          choices={[{ value: "", label: "Choose …" }, ...Object.entries(SHOW_GROUNDS).map(([value, words]) => ({ value, label: words + (value === proposed ? " (proposed)" : "") }))]}
          hint={needsReason(ground) ? "Say below who was asked and when, or what was weighed." : undefined}
        />
      )}
      {treatment === "nobody" && <p class="hint">An ordinary word, a product, a place: it stays readable everywhere.</p>}
      {withLabel && treatment === "take_out" && <Text label="Word for the label" value={label} onValue={setLabel} placeholder="colleague" maxLength={20} hint="Stands at each place instead of the name; one or two words in lower case, or nothing." />}
      <Area label={shows && needsReason(ground) ? "Reason" : "Reason (for the record)"} value={reason} onValue={setReason} rows={2} />
      <div class="row">
        <button type="submit" class="first" disabled={!isEnough || disabled}>
          {submit}
        </button>
        {!isEnough && <span class="hint">{ground === "" ? "Choose the ground." : "This ground needs a reason."}</span>}
      </div>
    </form>
  );
}

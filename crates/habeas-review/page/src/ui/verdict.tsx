// Why is something kept back, or decided so? The exemption and the words for the record.
import { useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { ExemptionOf } from "../api.ts";
import { useDraft } from "../draft.ts";
import { Area, Dialog, Select } from "./parts.tsx";

/** Exemptions that keep something back, or tell why it is not in the bundle. */
export function useExemptions(): ExemptionOf[] {
  return useGet<ExemptionOf[]>("/exemptions").data ?? [];
}

/** Fields for a reason that begins with an exemption's code. */
export function useReason(name: string) {
  const [code, setCode, clearCode] = useDraft(`${name}.code`);
  const [words, setWords, clearWords] = useDraft(`${name}.words`);
  return {
    code,
    words,
    setCode,
    setWords,
    clear: () => {
      clearCode();
      clearWords();
    },
    text: code ? `${code}: ${words.trim()}` : words.trim(),
    isEnough: code !== "" && words.trim() !== "",
  };
}

export function ReasonFields({ reason, isNeeded }: { reason: ReturnType<typeof useReason>; isNeeded: boolean }) {
  const exemptions = useExemptions().filter((one) => one.effect !== "give");
  const chosen = exemptions.find((one) => one.code === reason.code);
  return (
    <>
      {isNeeded && (
        <Select
          label="Exemption"
          value={reason.code}
          onValue={reason.setCode}
          choices={[{ value: "", label: "Choose …" }, ...exemptions.map((one) => ({ value: one.code, label: `${one.code}: ${one.title}` }))]}
        />
      )}
      {isNeeded && chosen && (
        <div class="notice">
          <p>{chosen.question}</p>
          <p class="hint">
            {chosen.provision}
            {chosen.may_stay_untold && ". Naming it in the letter may defeat it: the letter then does not."}
          </p>
        </div>
      )}
      <Area label={isNeeded ? "Why it holds here" : "Reason (for the record)"} value={reason.words} onValue={reason.setWords} rows={isNeeded ? 3 : 2} hint={isNeeded ? "Specific to this item; it stands in the record and the schedule." : undefined} />
    </>
  );
}

/** Asks for what keeping back needs. */
export function Withhold({ name, what, onClose, onDecide }: { name: string; what: string; onClose: () => void; onDecide: (reason: string) => Promise<boolean> }) {
  const reason = useReason(name);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!reason.isEnough || isBusy) return;
    setBusy(true);
    if (await onDecide(reason.text)) {
      reason.clear();
      onClose();
    }
    setBusy(false);
  };
  return (
    <Dialog title={`Keep back ${what}`} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <ReasonFields reason={reason} isNeeded />
        <div class="row">
          <button type="submit" class="first" disabled={!reason.isEnough}>
            Withhold
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
          {!reason.isEnough && <span class="hint">Choose the exemption and say why it holds.</span>}
        </div>
      </form>
    </Dialog>
  );
}

// The decision on this item: one key each, with a reason where one is needed.
import { useState } from "preact/hooks";
import type { FindingOf, ItemOut, Verdict } from "../../api.ts";
import { useCase } from "../../case.tsx";
import { useDraft } from "../../draft.ts";
import { useKeys } from "../../keys.ts";
import { Area, Check, Key, Tag } from "../../ui/parts.tsx";
import { Withhold } from "../../ui/verdict.tsx";
import { count, DECIDED, moment, n, VERDICTS } from "../../words.ts";

const ADVANCE = "habeas.advance";

interface Props {
  item: ItemOut;
  /** The finding that is looked at, where one place is. */
  finding: FindingOf | null;
  onlyHere: boolean;
  onOnlyHere: (on: boolean) => void;
  onNext: () => void;
}

export function Decide({ item, finding, onlyHere, onOnlyHere, onNext }: Props) {
  const { change, about } = useCase();
  const [reason, setReason, clearReason] = useDraft(`reason.${item.item}`);
  const [withFamily, setFamily] = useState(false);
  const [asksWhy, setAsks] = useState(false);
  const [advances, setAdvances] = useState(localStorage.getItem(ADVANCE) !== "off");
  const [isBusy, setBusy] = useState(false);
  const isClosed = about?.card.is_closed ?? false;
  const findings = onlyHere && finding ? [finding] : item.findings;
  const verdicts = new Set(findings.map((one) => one.verdict));
  const now = verdicts.size === 1 ? [...verdicts][0] : null;
  const suggestions = new Set(findings.map((one) => one.suggested));
  const suggested = suggestions.size === 1 ? [...suggestions][0] : null;
  const nFamily = item.family.filter((one) => one.relation !== "self" && one.n_findings > 0).length;
  const last = findings.map((one) => one.decision).filter((one) => one !== null).sort((a, b) => b.seq - a.seq)[0];

  const decide = async (verdict: Verdict, words: string): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    const target = onlyHere && finding ? { item: item.item, place: finding.place } : { item: item.item };
    const out = await change({ path: "/decisions", body: { targets: [target], with_family: withFamily, verdict, reason: words }, expected: item.revision, done: `${DECIDED[verdict]}: ${item.title ?? item.at[0]?.path ?? "this item"}` });
    setBusy(false);
    if (!out) return false;
    clearReason();
    if (advances && verdict !== "open") onNext();
    return true;
  };
  const press = (verdict: Verdict) => (verdict === "withhold" ? setAsks(true) : void decide(verdict, reason.trim()));
  const keys: [Verdict, string][] = [["disclose", "d"], ["withhold", "w"], ["incidental", "i"], ["not_subject", "s"], ["open", "o"]];
  useKeys(keys.map(([verdict, key]) => ({ keys: key, label: `${VERDICTS[verdict] ?? verdict}${verdict === "open" ? " again" : ""}`, group: "Decide", run: () => press(verdict) })));

  return (
    <section class="panel decide" aria-label="Decision">
      <div class="spread">
        <h2>Decision</h2>
        {now ? <Tag kind={now}>{VERDICTS[now]}</Tag> : <Tag kind="open">{n(findings.filter((one) => one.verdict === "open").length)} of {n(findings.length)} open</Tag>}
      </div>
      {last && (
        <p class="hint">
          {last.by}, {moment(last.at)}
          {last.reason && `: ${last.reason}`}
        </p>
      )}
      {isClosed ? (
        <p class="notice warn">This case is closed: nothing can be decided until it is opened again under Gates.</p>
      ) : (
        <>
          <div class="verdicts" role="group" aria-label="Decide">
            {keys.filter(([verdict]) => verdict !== "open" || now !== "open").map(([verdict, key]) => (
              <button type="button" key={verdict} class={suggested === verdict && now === "open" ? "first" : ""} aria-pressed={now === verdict} onClick={() => press(verdict)} title={suggested === verdict ? "Habeas suggests it" : undefined}>
                {verdict === "open" ? "Open again" : VERDICTS[verdict]} <Key>{key}</Key>
              </button>
            ))}
          </div>
          <Area label="Reason (for the record)" value={reason} onValue={setReason} rows={1} />
          {item.findings.length > 1 && finding && <Check label={`Only ${finding.place_words}, not all ${n(item.findings.length)} places`} checked={onlyHere} onChecked={onOnlyHere} />}
          {nFamily > 0 && <Check label={`With the other ${count(nFamily, "item")} of its family`} checked={withFamily} onChecked={setFamily} />}
          <Check
            label="Then go on to the next"
            checked={advances}
            onChecked={(on) => {
              localStorage.setItem(ADVANCE, on ? "on" : "off");
              setAdvances(on);
            }}
          />
          {item.at.length > 1 && <p class="hint">{count(item.at.length - 1, "copy", "copies")} with the same bytes {item.at.length === 2 ? "is" : "are"} decided with it.</p>}
        </>
      )}
      {asksWhy && <Withhold name={item.item} what={item.title ?? "this item"} onClose={() => setAsks(false)} onDecide={(words) => decide("withhold", words)} />}
    </section>
  );
}

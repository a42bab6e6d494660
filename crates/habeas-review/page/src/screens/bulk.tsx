// Decide about many at once, after seeing what would change.
import { useEffect, useMemo, useState } from "preact/hooks";
import { ask, Failure } from "../api.ts";
import type { DecidePreview, Verdict } from "../api.ts";
import { useCase } from "../case.tsx";
import { orders } from "../queue.ts";
import type { Line } from "../queue.ts";
import { ReasonFields, useReason } from "../ui/verdict.tsx";
import { Dialog, Segments } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, DECIDED, n, sentence, VERDICTS } from "../words.ts";

interface Props {
  chosen: Line[];
  /** Lines that fit the filter, and the filter itself. */
  total: number;
  filter: Record<string, unknown>;
  /** What a line is: only items and findings can be sent together. */
  group: string;
  onClose: () => void;
  onDone: () => void;
}

export function Bulk({ chosen, total, filter, group, onClose, onDone }: Props) {
  const { id, change } = useCase();
  const [scope, setScope] = useState(chosen.length > 0 ? "chosen" : "all");
  const [verdict, setVerdict] = useState<string>("suggested");
  const reason = useReason("bulk");
  const [preview, setPreview] = useState<DecidePreview | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const asked = useMemo(() => (scope === "all" ? [{ filter }] : orders(chosen, group, filter).map((order) => order.body)), [scope, chosen, group, filter]);
  const to = verdict === "suggested" ? null : (verdict as Verdict);

  useEffect(() => {
    const stop = new AbortController();
    setPreview(null);
    const path = `/cases/${encodeURIComponent(id)}/decisions/preview`;
    // A reason is not part of the preview, but withholding needs one to be asked about.
    Promise.all(asked.map((body) => ask<DecidePreview>("POST", path, { ...body, verdict: to, reason: to === "withhold" ? "TP: preview" : "", expected: 0 }, stop.signal)))
      .then((all) => {
        setFailure(null);
        setPreview(all.reduce(add));
      })
      .catch((trouble: unknown) => {
        if (!stop.signal.aborted && trouble instanceof Failure) setFailure(trouble);
      });
    return () => stop.abort();
  }, [asked, verdict, id]);

  const isReady = preview !== null && preview.n_findings > 0 && (to !== "withhold" || reason.isEnough);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!preview || !isReady || isBusy) return;
    setBusy(true);
    const words = `${to ? DECIDED[to] : "Decided as suggested"}: ${count(preview.n_findings, "finding")}`;
    let isDone = true;
    for (const body of asked) {
      const out = await change({ path: "/decisions", body: { ...body, verdict: to, reason: to === "withhold" ? reason.text : reason.words.trim() }, expected: preview.revision, done: words });
      if (!out) isDone = false;
    }
    setBusy(false);
    if (isDone) {
      reason.clear();
      onDone();
    }
  };
  return (
    <Dialog title="Decide about many" onClose={onClose} wide>
      <form class="stack" onSubmit={submit}>
        <div class="row">
          <Segments
            label="Which"
            value={scope}
            onValue={setScope}
            choices={[...(chosen.length ? [{ value: "chosen", label: "Selected", note: n(chosen.length) }] : []), { value: "all", label: "Everything that fits the filter", note: n(total) }]}
          />
        </div>
        <Segments
          label="Decision"
          value={verdict}
          onValue={setVerdict}
          choices={[{ value: "suggested", label: "As Habeas suggests" }, ...Object.entries(VERDICTS).map(([value, label]) => ({ value, label: value === "open" ? "Open again" : label }))]}
        />
        <ReasonFields reason={reason} isNeeded={to === "withhold"} />
        {failure && <Problem failure={failure} what="what would change" />}
        <section class="preview" aria-live="polite" aria-label="What changes">
          {!preview && !failure && <p class="muted">Counting what would change …</p>}
          {preview && (
            <>
              <p>
                <b>{preview.n_findings === 0 ? "Nothing changes." : `${count(preview.n_findings, "finding")} in ${count(preview.n_items, "item")} change.`}</b>
                {preview.n_unchanged > 0 && ` ${count(preview.n_unchanged, "finding")} stay as they are.`}
              </p>
              {preview.n_overruled > 0 && (
                <p class="notice warn">
                  {count(preview.n_overruled, "finding")} of them had another decision. It stays in the record, and this one counts.
                </p>
              )}
              {preview.changes.length > 0 && (
                <table class="narrow">
                  <thead>
                    <tr>
                      <th scope="col">Now</th>
                      <th scope="col">Then</th>
                      <th scope="col" class="num">
                        Findings
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {preview.changes.map((one) => (
                      <tr key={one.from + one.to}>
                        <td>{VERDICTS[one.from]}</td>
                        <td>{VERDICTS[one.to]}</td>
                        <td class="num">{n(one.n)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
              {preview.sample.length > 0 && (
                <details>
                  <summary>The first {n(preview.sample.length)} of them</summary>
                  <ul class="plain">
                    {preview.sample.map((row) => (
                      <li key={row.key}>
                        {sentence(row.tier)}: {row.title ?? row.at.path} <span class="muted">({row.place_words})</span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          )}
        </section>
        <div class="row">
          <button type="submit" class="first" disabled={!isReady}>
            {preview && preview.n_findings > 0 ? `Change ${count(preview.n_findings, "finding")}` : "Change"}
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
          {to === "withhold" && !reason.isEnough && <span class="hint">Choose the exemption and say why it holds.</span>}
        </div>
      </form>
    </Dialog>
  );
}

function add(a: DecidePreview, b: DecidePreview): DecidePreview {
  const steps = new Map<string, DecidePreview["changes"][number]>();
  for (const one of [...a.changes, ...b.changes]) {
    const key = `${one.from} ${one.to}`;
    const held = steps.get(key);
    steps.set(key, held ? { ...held, n: held.n + one.n } : one);
  }
  return { ...a, revision: Math.max(a.revision, b.revision), n_findings: a.n_findings + b.n_findings, n_items: a.n_items + b.n_items, n_unchanged: a.n_unchanged + b.n_unchanged, n_overruled: a.n_overruled + b.n_overruled, changes: [...steps.values()], sample: [...a.sample, ...b.sample].slice(0, 10) };
}

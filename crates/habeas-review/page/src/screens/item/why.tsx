// Why was it found, what speaks against it, and what would change it?
import type { EvidenceOf, FindingOf } from "../../api.ts";
import { Tag } from "../../ui/parts.tsx";
import { n, plain, sentence } from "../../words.ts";

export function Why({ findings, at, onAt }: { findings: FindingOf[]; at: number; onAt: (index: number) => void }) {
  const finding = findings[at];
  if (!finding) return <p class="muted">Nothing of it is a finding.</p>;
  return (
    <div class="stack">
      {findings.length > 1 && (
        <label class="inline-select">
          <span>Place</span>
          <select value={String(at)} onChange={(event) => onAt(Number(event.currentTarget.value))}>
            {findings.map((one, index) => (
              <option key={index} value={String(index)}>
                {one.place_words} ({one.tier}, {plain(one.verdict)})
              </option>
            ))}
          </select>
        </label>
      )}
      <p>
        <Tag kind={finding.tier}>{finding.tier}</Tag> {sentence(finding.why)}
      </p>
      <table class="evidence">
        <caption class="unseen">What speaks for and against it, in bits</caption>
        <tbody>
          {[...finding.speaks_for, ...finding.against].map((one) => (
            <Line key={one.rule} one={one} />
          ))}
        </tbody>
      </table>
      {finding.would_change.length > 0 && (
        <div>
          <h3>What would change it</h3>
          <ul class="plain">
            {finding.would_change.map((one) => (
              <li key={one}>{sentence(one)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Line({ one }: { one: EvidenceOf }) {
  const isFor = one.bits >= 0;
  return (
    <tr>
      <td class={`num ${isFor ? "for" : "against"}`}>
        {isFor ? "+" : "−"}
        {n(Math.round(Math.abs(one.bits) * 10) / 10)}
      </td>
      <td>{one.rule === "prior" ? "before anything was looked at" : one.rule}</td>
      <td class="muted">{one.kind ? plain(one.kind) : ""}</td>
    </tr>
  );
}

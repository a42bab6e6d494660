// One line of the queue: how sure, what and where, what belongs with it, why, when, and what was decided.
import type { Line } from "../../queue.ts";
import { Tag } from "../../ui/parts.tsx";
import { count, date, n, VERDICTS } from "../../words.ts";

export function LineView({ line, group, isChosen, onChoose }: { line: Line; group: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <div class="cells">
      <span aria-hidden="true" class={`pick${isChosen ? " on" : ""}`} onClick={(event) => { event.stopPropagation(); onChoose(); }}>
        {isChosen ? "✓" : ""}
      </span>
      <span>
        <Tag kind={line.tier}>{line.tier}</Tag>
      </span>
      <span class="what">
        <span class="clip title-line">
          {line.title ?? line.at.path}
          {line.about === "incidental" && <Tag>copied in</Tag>}
        </span>
        <span class="clip sub">
          {line.at.source_title} · {line.at.path} · {line.n_findings > 1 && group !== "finding" ? count(line.n_findings, "finding") : line.place_words}
        </span>
      </span>
      <span class="badges">
        {line.n_copies > 0 && <Tag title="Further places with the same bytes: decided with it">+{n(line.n_copies)} {line.n_copies === 1 ? "copy" : "copies"}</Tag>}
        {line.family && line.n_family > 1 && <Tag>family of {n(line.n_family)}</Tag>}
        {line.thread && line.n_thread > 1 && <Tag>thread of {n(line.n_thread)}</Tag>}
        {line.near && line.n_near > 1 && <Tag>{n(line.n_near)} alike</Tag>}
      </span>
      <span class="clip sub">{line.why}</span>
      <span class="n sub">{line.dated ? date(line.dated) : "no date"}</span>
      <span class="verdict">
        {line.verdict ? <Tag kind={line.verdict}>{VERDICTS[line.verdict]}</Tag> : <Tag kind="open">{n(line.n_open)} of {n(line.n_findings)} open</Tag>}
      </span>
    </div>
  );
}

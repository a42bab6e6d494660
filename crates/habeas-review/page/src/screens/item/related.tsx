// What belongs with it: its family, its thread, items nearly alike, copies; two can be read side by side.
import type { ItemOut, Relative } from "../../api.ts";
import { Tag } from "../../ui/parts.tsx";
import { count, date, n, VERDICTS } from "../../words.ts";

interface Props {
  item: ItemOut;
  to: (item: string) => string;
  compared: string | null;
  onCompare: (item: string | null) => void;
}

const WORDS: Record<string, string> = { self: "this one", parent: "what it is attached to", attachment: "attached", sibling: "attached beside it", earlier: "earlier", later: "later", near: "nearly alike" };

export function Related({ item, to, compared, onCompare }: Props) {
  const others = item.family.length + item.thread.length + item.near.length;
  return (
    <div class="stack">
      {others === 0 && item.at.length < 2 && <p class="muted">Nothing belongs with it: no attachment, no thread, nothing alike, no copy.</p>}
      <Group title="Family" note="What it was attached to or packed in; decided together if you say so." list={item.family} {...{ item, to, compared, onCompare }} />
      <Group title="Thread" note="Messages that answer each other, in order." list={item.thread} {...{ item, to, compared, onCompare }} />
      <Group title="Nearly alike" note="By equal runs of five words." list={item.near} {...{ item, to, compared, onCompare }} />
      {item.at.length > 1 && (
        <section>
          <h3>{count(item.at.length, "place")} with the same bytes</h3>
          <ul class="plain">
            {item.at.map((at) => (
              <li key={at.source + at.path} class="wrap">
                {at.source_title}: {at.path}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Group({ title, note, list, item, to, compared, onCompare }: Props & { title: string; note: string; list: Relative[] }) {
  if (list.length === 0) return null;
  return (
    <section>
      <h3>
        {title} <span class="muted n">{n(list.length)}</span>
      </h3>
      <p class="hint">{note}</p>
      <ul class="relatives">
        {list.map((one) => {
          const isSelf = one.item === item.item;
          return (
            <li key={one.item + one.relation} {...(isSelf ? { "aria-current": "true" as const } : {})}>
              <span class="grow">
                {isSelf ? <b>{one.title ?? one.at.path}</b> : <a href={to(one.item)}>{one.title ?? one.at.path}</a>}
                <span class="sub">
                  {WORDS[one.relation]} · {one.type_words}
                  {one.dated && ` · ${date(one.dated)}`}
                  {one.likeness !== null && ` · ${Math.round(one.likeness * 100)} % alike`}
                </span>
              </span>
              {one.verdict ? <Tag kind={one.verdict}>{VERDICTS[one.verdict]}</Tag> : one.n_findings > 0 ? <Tag kind="open">differs</Tag> : <Tag>no finding</Tag>}
              {!isSelf && (
                <button type="button" aria-pressed={compared === one.item} onClick={() => onCompare(compared === one.item ? null : one.item)} aria-label={`Read side by side with ${one.title ?? one.at.path}`}>
                  ◫
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

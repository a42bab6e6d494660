// The mentions of a page, drawn over its picture: a colour, a line and a letter for each role, a name for each mark.
import type { PageMarks } from "../../api.ts";
import { n, plain, WHO } from "../../words.ts";
import { fateWords } from "./paper.tsx";
import type { Mention } from "./passages.ts";

type Areas = PageMarks["placed"][number]["areas"];

/** Where each mention stands on the picture, by the mention's id. */
export function placesOf(marks: PageMarks | null): Map<string, Areas> {
  return new Map((marks?.placed ?? []).map((one) => [`${one.passage}.${one.start}`, one.areas]));
}

const percent = (value: number) => `${value * 100}%`;

export function Spots({ mentions, places, current, onCurrent }: { mentions: Mention[]; places: Map<string, Areas>; current: string | null; onCurrent: (id: string) => void }) {
  return (
    <>
      {mentions.flatMap((mention) => {
        const who = WHO[mention.who];
        const words = mention.passage.text.slice(mention.start, mention.end);
        return (places.get(mention.id) ?? []).map((area, line) => {
          const look = { left: percent(area.x), top: percent(area.y), width: percent(area.width), height: percent(area.height) };
          const name = `spot ${mention.who} ${mention.fate}${mention.manual !== null ? " by-hand" : ""}${mention.id === current ? " now" : ""}`;
          // The first line of a mention is its button; those that follow only belong to it.
          return line === 0 ? (
            <button type="button" key={mention.id} class={name} style={look} data-hit={mention.id} data-letter={who?.letter} aria-pressed={mention.id === current} aria-label={`${words}: ${who?.title ?? mention.who}, ${plain(mention.kind)}, ${fateWords(mention)}`} onClick={() => onCurrent(mention.id)} />
          ) : (
            <span key={`${mention.id}.${line}`} class={name} style={look} data-letter={who?.letter} aria-hidden="true" onClick={() => onCurrent(mention.id)} />
          );
        });
      })}
    </>
  );
}

/** What of a page is marked in its text, and not on its picture. */
export function Missing({ mentions, places, marks, onText }: { mentions: Mention[]; places: Map<string, Areas>; marks: PageMarks; onText: (hit: string | null) => void }) {
  const missing = mentions.filter((mention) => !places.has(mention.id));
  const isPart = marks.passages.some((passage) => passage.fate === "left_out");
  if (missing.length === 0 && !isPart) return null;
  return (
    <p class="notice warn missing" role="note">
      <span>
        {missing.length > 0 && `${n(missing.length)} of ${n(mentions.length)} ${mentions.length === 1 ? "mark" : "marks"} ${missing.length === 1 ? "is" : "are"} not on this picture: ${marks.note ?? "they stand in a note, in a form, or where nobody sees them"}. `}
        {isPart && "A part of this page belongs to other people’s records: it is not given, and not marked here. "}
        <button type="button" class="link" onClick={() => onText(missing[0]?.id ?? null)}>
          See the text
        </button>
      </span>
    </p>
  );
}

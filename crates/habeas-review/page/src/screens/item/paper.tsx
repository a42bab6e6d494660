// The item's text as its reader saw it, with every mention marked by colour, line and letter. Text nodes only.
import { Component } from "preact";
import { useState } from "preact/hooks";
import type { PassageOf } from "../../api.ts";
import { pieces } from "../../marks.ts";
import { count, plain, sentence, WHO } from "../../words.ts";
import type { Mention, Text } from "./passages.ts";

export interface Selected {
  passage: PassageOf;
  start: number;
  end: number;
  words: string;
}

interface Props {
  text: Text;
  /** Show it with everything taken out, as it would be given. */
  asGiven: boolean;
  current: string | null;
  onCurrent: (id: string) => void;
  onSelect?: (selected: Selected | null) => void;
  label: string;
}

const HIDDEN: Record<string, string> = { sheet: "on a hidden sheet", row: "in a hidden row or column", deleted: "deleted, with changes tracked", invisible: "invisible, covered or off the page", cache: "kept in a cache" };
const PARTS: Record<string, string> = { header: "head", quoted: "quoted", properties: "properties", comment: "comment" };

export function Paper({ text, asGiven, current, onCurrent, onSelect, label }: Props) {
  const runs = runsOf(text.passages);
  const read = () => onSelect?.(selectedIn(text.passages));
  return (
    <article class={`paper${asGiven ? " given" : ""}`} aria-label={label} tabIndex={0} onMouseUp={read} onKeyUp={read}>
      {text.hasBefore && (
        <button type="button" onClick={text.before}>
          Show what stands before
        </button>
      )}
      {runs.map((run) =>
        run.isLeftOut ? (
          <LeftOut key={run.passages[0]?.number} passages={run.passages} />
        ) : (
          run.passages.map((passage) => <PassageView key={passage.number} passage={passage} asGiven={asGiven} current={current?.startsWith(`${passage.number}.`) ? current : null} onCurrent={onCurrent} />)
        ),
      )}
      {text.hasAfter && (
        <button type="button" onClick={text.after}>
          Show what comes after
        </button>
      )}
    </article>
  );
}

interface Run {
  isLeftOut: boolean;
  passages: PassageOf[];
}

/** Records of others in a row are one line until somebody wants to see them. */
function runsOf(passages: PassageOf[]): Run[] {
  const runs: Run[] = [];
  for (const passage of passages) {
    const isLeftOut = passage.fate === "left_out" && !passage.is_about;
    const last = runs.at(-1);
    if (last && last.isLeftOut === isLeftOut) last.passages.push(passage);
    else runs.push({ isLeftOut, passages: [passage] });
  }
  return runs;
}

function LeftOut({ passages }: { passages: PassageOf[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="left-out">
      <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "▾" : "▸"} {count(passages.length, "record")} of other people, not given
      </button>
      {isOpen && passages.map((passage) => <PassageView key={passage.number} passage={passage} asGiven={false} current={null} onCurrent={() => {}} />)}
    </div>
  );
}

interface ViewProps {
  passage: PassageOf;
  asGiven: boolean;
  current: string | null;
  onCurrent: (id: string) => void;
}

type Piece = { from: number; to: number; mark?: PassageOf["marks"][number]; isCaption?: boolean };

/** A passage is drawn again only if something of it changed: an item may have hundreds. */
class PassageView extends Component<ViewProps> {
  override shouldComponentUpdate(next: ViewProps): boolean {
    const own = this.props;
    return own.passage !== next.passage || own.asGiven !== next.asGiven || own.current !== next.current;
  }

  render({ passage, asGiven, current, onCurrent }: ViewProps) {
    const marks: Piece[] = [...passage.marks.map((mark) => ({ from: mark.start, to: mark.end, mark })), ...passage.fields.filter((field) => field.meaning === "caption").map((field) => ({ from: field.start, to: field.end, isCaption: true }))];
    const notes = [PARTS[passage.part], passage.hidden ? HIDDEN[passage.hidden] : "", passage.fate === "withheld" ? "withheld" : ""].filter(Boolean);
    return (
      <section class={`passage ${passage.part}${passage.is_about ? " about" : ""}${passage.hidden ? " hidden-part" : ""}`} aria-label={`${passage.place_words}${notes.length ? `, ${notes.join(", ")}` : ""}`} data-passage={passage.number}>
        <p class="place">
          {passage.place_words}
          {notes.length > 0 && ` · ${notes.join(" · ")}`}
        </p>
        <div class="text">
          {pieces(passage.text, marks).map((piece) => {
            const mark = piece.marks.findLast((one) => one.mark)?.mark;
            const isCaption = piece.marks.some((one) => one.isCaption);
            if (!mark) {
              return (
                <span key={piece.from} data-at={piece.from} class={isCaption ? "caption" : undefined}>
                  {piece.text}
                </span>
              );
            }
            if (asGiven && mark.fate === "taken_out") {
              return piece.from === mark.start ? (
                <span key={piece.from} class="label">
                  [{mark.ground ?? "TP"}]
                </span>
              ) : null;
            }
            const id = `${passage.number}.${mark.start}`;
            const who = WHO[mark.who];
            return (
              <mark
                key={piece.from}
                data-at={piece.from}
                data-hit={piece.from === mark.start ? id : undefined}
                data-letter={piece.from === mark.start ? who?.letter : undefined}
                class={`hit ${mark.who} ${mark.fate}${mark.manual !== null ? " by-hand" : ""}${id === current ? " now" : ""}`}
                aria-description={`${who?.title ?? mark.who}, ${plain(mark.kind)}, ${fateWords(mark)}`}
                onClick={() => onCurrent(id)}
              >
                {piece.text}
              </mark>
            );
          })}
        </div>
      </section>
    );
  }
}

export function fateWords(mark: Pick<Mention, "fate" | "ground_words" | "decided" | "who">): string {
  const how = { place: "decided here", item: "decided for this item", person: "decided for the person", manual: "marked by hand", sweep: "the same words are taken out elsewhere", default: "" }[mark.decided];
  const what = { shown: "stays readable", taken_out: "is taken out", nobody: "is nobody, stays readable", kept: mark.who === "subject" ? "theirs, stays readable" : "stays readable" }[mark.fate];
  return [what, mark.ground_words, how].filter(Boolean).join(", ");
}

/** Which words are selected, if they stand in one passage. */
function selectedIn(passages: PassageOf[]): Selected | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  if (!start || !end || start.passage !== end.passage || end.at <= start.at) return null;
  const passage = passages.find((one) => one.number === start.passage);
  if (!passage) return null;
  let [from, to] = [start.at, end.at];
  while (from < to && /\s/.test(passage.text.charAt(from))) from += 1;
  while (to > from && /\s/.test(passage.text.charAt(to - 1))) to -= 1;
  return to > from ? { passage, start: from, end: to, words: passage.text.slice(from, to) } : null;
}

function offsetOf(node: Node, offset: number): { passage: number; at: number } | null {
  const element = node instanceof Element ? node : node.parentElement;
  const piece = element?.closest<HTMLElement>("[data-at]");
  const passage = element?.closest<HTMLElement>("[data-passage]");
  if (!passage) return null;
  const number = Number(passage.dataset.passage);
  if (piece) return { passage: number, at: Number(piece.dataset.at) + (node.nodeType === Node.TEXT_NODE ? offset : offset > 0 ? (piece.textContent?.length ?? 0) : 0) };
  // Between two pieces: where the next one begins, or the end of the last.
  const children = element instanceof Element ? [...element.querySelectorAll<HTMLElement>("[data-at]")] : [];
  const child = element instanceof Element && element.childNodes[offset] instanceof HTMLElement ? (element.childNodes[offset] as HTMLElement) : null;
  if (child?.dataset.at !== undefined) return { passage: number, at: Number(child.dataset.at) };
  const last = children.at(-1);
  return last ? { passage: number, at: Number(last.dataset.at) + (last.textContent?.length ?? 0) } : null;
}

export function Legend({ mentions }: { mentions: Mention[] }) {
  const counts = new Map<string, number>();
  for (const mention of mentions) counts.set(mention.who, (counts.get(mention.who) ?? 0) + 1);
  return (
    <ul class="legend" aria-label="Whose a mention is">
      {Object.entries(WHO).map(([who, { title, letter }]) => (
        <li key={who} class={counts.has(who) ? "" : "none"}>
          <mark class={`hit ${who}`} data-letter={letter} aria-hidden="true">
            {sentence(title)}
          </mark>
          <span class="unseen">{title}</span> <span class="n">{counts.get(who) ?? 0}</span>
        </li>
      ))}
    </ul>
  );
}

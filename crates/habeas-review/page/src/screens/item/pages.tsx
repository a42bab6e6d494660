// Pages as pictures, drawn from what the isolated reader recorded, with their mentions; boxes by mouse or by arrow keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { useGet, usePicture } from "../../api.ts";
import type { Box, Failure, ManualOf, PageMarks, Pages } from "../../api.ts";
import { useCase, usePath } from "../../case.tsx";
import { useDraft } from "../../draft.ts";
import { useKeys } from "../../keys.ts";
import { Area, Dialog, Key, Loading, Segments } from "../../ui/parts.tsx";
import { Problem } from "../../ui/problem.tsx";
import { n } from "../../words.ts";
import type { Mention } from "./passages.ts";
import { Missing, placesOf, Spots } from "./spots.tsx";

interface Props {
  item: string;
  revision: number;
  marks: ManualOf[];
  page: number;
  onPage: (page: number) => void;
  /** Where the mentions of the page stand; not there yet, or why not. */
  placed: PageMarks | null;
  trouble: Failure | null;
  mentions: Mention[];
  current: string | null;
  onCurrent: (id: string) => void;
  onText: (hit: string | null) => void;
  /** The item cannot be read again now. */
  onGone: () => void;
}

const ZOOMS = [1, 1.5, 2];
/** How far a pointer moves before that is a box, and no click. */
const DRAG = 4;

const STEP = 0.01;
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
const percent = (value: number) => `${value * 100}%`;

export function PagesView({ item, revision, marks, page, onPage, placed, trouble, mentions, current, onCurrent, onText, onGone }: Props) {
  const { change } = useCase();
  const base = usePath(`/items/${item}/pages`);
  const { data, failure, reload } = useGet<Pages>(base);
  const [zoom, setZoom] = useState(1);
  const places = placesOf(placed);
  const picture = usePicture(data && data.pages.length > 0 ? `${base}/${page}?dpi=${zoom === 1 ? 110 : 200}` : null);
  const [box, setBox] = useState<Box | null>(null);
  const [asks, setAsks] = useState<"box" | "picture" | null>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; y: number; left: number; top: number; isBox: boolean } | null>(null);
  const total = data?.pages.length ?? 0;

  useEffect(() => setBox(null), [page, item]);
  // Wherever the focus is, Escape drops the box first, and only then leads back to the list.
  const isDrawing = box !== null && asks === null;
  useEffect(() => {
    if (!isDrawing) return;
    const drop = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setBox(null);
      sheet.current?.focus();
    };
    addEventListener("keydown", drop, true);
    return () => removeEventListener("keydown", drop, true);
  }, [isDrawing]);
  useEffect(() => {
    if (picture.failure?.code === "unreadable") onGone();
  }, [picture.failure]);
  const given = marks.find((mark) => mark.type === "picture" && mark.page === page);
  const takeBack = (mark: ManualOf, done: string) => void change({ path: "/undo", body: { first: mark.seq, last: mark.seq }, expected: revision, done });
  const larger = (by: number) => setZoom((held) => ZOOMS[clamp(ZOOMS.indexOf(held) + by, 0, ZOOMS.length - 1)] ?? 1);
  const begin = () => {
    setBox({ x: 0.35, y: 0.45, width: 0.3, height: 0.04 });
    setTimeout(() => own.current?.focus(), 0);
  };
  useKeys([
    { keys: "Shift+b", label: "Add a box: arrows move it, Shift and arrows size it, Enter keeps it", group: "Pages", run: begin },
    { keys: "+", label: "Larger", group: "Pages", run: () => larger(1) },
    { keys: "-", label: "Smaller", group: "Pages", run: () => larger(-1) },
    { keys: "PageDown", label: "Next page", group: "Pages", run: () => page < total && onPage(page + 1) },
    { keys: "PageUp", label: "Page before", group: "Pages", run: () => page > 1 && onPage(page - 1) },
  ]);
  const at = (event: PointerEvent) => {
    const area = sheet.current?.getBoundingClientRect();
    if (!area) return { x: 0, y: 0 };
    return { x: clamp((event.clientX - area.left) / area.width, 0, 1), y: clamp((event.clientY - area.top) / area.height, 0, 1) };
  };
  const onKey = (event: KeyboardEvent) => {
    if (!box) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      event.preventDefault();
      event.stopPropagation();
      const [x = 0, y = 0] = way;
      if (event.shiftKey) setBox({ ...box, width: clamp(box.width + x * STEP, STEP, 1 - box.x), height: clamp(box.height + y * STEP, STEP, 1 - box.y) });
      else setBox({ ...box, x: clamp(box.x + x * STEP, 0, 1 - box.width), y: clamp(box.y + y * STEP, 0, 1 - box.height) });
    } else if (event.key === "Enter") {
      event.preventDefault();
      setAsks("box");
    }
  };
  if (failure) return <Problem failure={failure} what="its pages" onAgain={reload} />;
  if (!data) return <Loading what="its pages" />;
  return (
    <div class="pages">
      <div class="row pages-bar">
        <button type="button" disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label="Page before">
          ‹
        </button>
        <span class="n">
          Page {n(page)} of {n(total)}
        </span>
        <button type="button" disabled={page >= total} onClick={() => onPage(page + 1)} aria-label="Next page">
          ›
        </button>
        <button type="button" disabled={zoom === ZOOMS[0]} onClick={() => larger(-1)} aria-label="Smaller">
          −
        </button>
        <span class="n">{n(zoom * 100)} %</span>
        <button type="button" disabled={zoom === ZOOMS.at(-1)} onClick={() => larger(1)} aria-label="Larger">
          +
        </button>
        <span class="grow" />
        {/* One place for both: nothing moves while a box is drawn. */}
        {box ? (
          <button type="button" class="first" onClick={() => setAsks("box")}>
            Black it out <Key>⏎</Key>
          </button>
        ) : (
          <button type="button" onClick={begin}>
            Add a box <Key>⇧ b</Key>
          </button>
        )}
        {given ? (
          <span>
            Its pictures are given{" "}
            <button type="button" class="link" title={given.reason} onClick={() => takeBack(given, "Pictures kept back again")}>
              take back
            </button>
          </span>
        ) : (
          <button type="button" onClick={() => setAsks("picture")}>
            Give this page’s pictures …
          </button>
        )}
      </div>
      {picture.failure && <Problem failure={picture.failure} what="this page" />}
      {!picture.failure &&
        (placed ? (
          <Missing mentions={mentions} places={places} marks={placed} onText={onText} />
        ) : trouble ? (
          <p class="notice warn missing" role="note">
            <span>
              Where its marks stand cannot be told: {trouble.message}.{" "}
              <button type="button" class="link" onClick={() => onText(null)}>
                See the text
              </button>
            </span>
          </p>
        ) : (
          <p class="hint" role="status">
            Looking where the marks stand; words in a scan take some seconds …
          </p>
        ))}
      <div class="sheet-all" tabIndex={0} role="region" aria-label={`Page ${page} as it looks`}>
        <div
          class="sheet"
          ref={sheet}
          tabIndex={-1}
          style={{ aspectRatio: placed ? `${placed.width} / ${placed.height}` : picture.url ? undefined : "210 / 297", width: zoom === 1 ? undefined : `calc(min(100%, 860px) * ${zoom})` }}
          onPointerDown={(event) => {
            if (event.button !== 0 || (event.target instanceof Element && event.target.closest(".box"))) return;
            from.current = { ...at(event), left: event.clientX, top: event.clientY, isBox: false };
          }}
          onPointerMove={(event) => {
            const begun = from.current;
            if (!begun) return;
            // A box may begin on a mark; a click there is none.
            if (!begun.isBox && Math.hypot(event.clientX - begun.left, event.clientY - begun.top) < DRAG) return;
            if (!begun.isBox) event.currentTarget.setPointerCapture(event.pointerId);
            begun.isBox = true;
            const to = at(event);
            setBox({ x: Math.min(begun.x, to.x), y: Math.min(begun.y, to.y), width: Math.abs(to.x - begun.x), height: Math.abs(to.y - begun.y) });
          }}
          onPointerUp={() => {
            const begun = from.current;
            from.current = null;
            if (!begun?.isBox) return;
            setBox((held) => (held && held.width > 0.004 && held.height > 0.004 ? held : null));
            setTimeout(() => own.current?.focus(), 0);
          }}
        >
          {picture.url ? <img src={picture.url} alt={`Page ${page} as it looks; its text is under Text`} draggable={false} /> : !picture.failure && <Loading what="the page" />}
          {picture.url && <Spots mentions={mentions} places={places} current={current} onCurrent={onCurrent} />}
          {marks
            .filter((mark) => mark.type === "box" && mark.page === page && mark.box)
            .map((mark) => (
              <div key={mark.seq} class="box kept" style={{ left: percent(mark.box?.x ?? 0), top: percent(mark.box?.y ?? 0), width: percent(mark.box?.width ?? 0), height: percent(mark.box?.height ?? 0) }}>
                <button type="button" onClick={() => takeBack(mark, "Box taken back")}>
                  {mark.ground}: take back
                </button>
              </div>
            ))}
          {box && (
            <div ref={own} class="box draft" tabIndex={0} role="group" aria-label={`Box at ${Math.round(box.x * 100)} % from the left and ${Math.round(box.y * 100)} % from the top, ${Math.round(box.width * 100)} % wide, ${Math.round(box.height * 100)} % high. Arrows move it, Shift and arrows size it, Enter keeps it, Escape drops it.`} style={{ left: percent(box.x), top: percent(box.y), width: percent(box.width), height: percent(box.height) }} onKeyDown={onKey} />
          )}
        </div>
      </div>
      {asks && (
        <BoxDialog
          type={asks}
          name={`${item}.${page}`}
          onClose={() => setAsks(null)}
          onSend={async (ground, reason) => {
            const body = asks === "box" ? { type: "box", page, box, ground, reason } : { type: "picture", page, reason };
            const out = await change({ path: `/items/${item}/marks`, body, expected: revision, done: asks === "box" ? `Box on page ${page} blacked out` : `Pictures of page ${page} given` });
            if (out) {
              setBox(null);
              setAsks(null);
            }
            return out !== null;
          }}
        />
      )}
    </div>
  );
}

function BoxDialog({ type, name, onClose, onSend }: { type: "box" | "picture"; name: string; onClose: () => void; onSend: (ground: string, reason: string) => Promise<boolean> }) {
  const [ground, setGround] = useState("TP");
  const [reason, setReason, clear] = useDraft(`box.${name}`);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await onSend(ground, reason.trim())) clear();
  };
  return (
    <Dialog title={type === "box" ? "Black out this part of the page" : "Give this page’s pictures"} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {type === "picture" && <p>A picture without words is kept back, since nobody has looked whom it shows. Say that you looked, and that it shows nobody else.</p>}
        {type === "box" && (
          <Segments
            label="Ground"
            value={ground}
            onValue={setGround}
            choices={[
              { value: "TP", label: "TP: another person" },
              { value: "NPD", label: "NPD: not about them" },
            ]}
          />
        )}
        <Area label="Reason (for the record)" value={reason} onValue={setReason} rows={2} />
        <div class="row">
          <button type="submit" class="first" disabled={type === "picture" && reason.trim() === ""}>
            {type === "box" ? "Black out" : "Give them"}
          </button>
          <button type="button" onClick={onClose}>
            Not now
          </button>
        </div>
      </form>
    </Dialog>
  );
}

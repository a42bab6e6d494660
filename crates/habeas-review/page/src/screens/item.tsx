// One item: what it says, why it was found, whom it names, what belongs with it, and the decision.
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { drop, prefetch, useGet } from "../api.ts";
import type { History, ItemOut, PageMarks } from "../api.ts";
import { useCase, usePath } from "../case.tsx";
import { useKeys } from "../keys.ts";
import { queueQuery } from "../queue.ts";
import { go, href, replace, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { Key, Loading, Segments, Tag, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { say } from "../ui/say.tsx";
import { count, date, moment, n, placeOf, sentence, size, titleOf, WHO } from "../words.ts";
import { Add } from "./item/add.tsx";
import { Decide } from "./item/decide.tsx";
import { Mentions } from "./item/mentions.tsx";
import { PagesView } from "./item/pages.tsx";
import { fateWords, Legend, Paper } from "./item/paper.tsx";
import type { Selected } from "./item/paper.tsx";
import { firstPath, mentionsOf, useText } from "./item/passages.ts";
import { Related } from "./item/related.tsx";
import { Why } from "./item/why.tsx";

const TABS = [
  ["mentions", "Mentions"],
  ["why", "Why found"],
  ["related", "Related"],
  ["history", "Record"],
] as const;
/** Where the tab keeps how pages were looked at last. */
const VIEW = "habeas.view";

export function Item({ item, route }: { item: string; route: Route }) {
  const { id, nChanges } = useCase();
  const { query } = route;
  const listed = queueQuery(query);
  // An item's neighbours are items, whatever the lines of the list are.
  const asked = new URLSearchParams(listed);
  asked.delete("group");
  const question = asked.size ? `?${asked}` : "";
  const base = usePath(`/items/${encodeURIComponent(item)}`);
  const own = useGet<ItemOut>(base + question);
  const data = own.data;
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (nChanges > 0) own.reload();
  }, [nChanges]);

  const back = href(["case", id, "findings"], withAt(listed, item, query.get("at")));
  const to = useCallback((other: string) => href(["case", id, "item", other], listed ? new URLSearchParams(listed) : {}), [id, listed]);
  const next = () => {
    if (!data) return;
    if (data.next) go(to(data.next));
    else {
      say("That was the last line of the list.");
      go(back);
    }
  };
  useKeys([
    { keys: "]", label: "Next item of the list", group: "Item", run: next },
    { keys: "[", label: "Item before", group: "Item", run: () => data?.previous && go(to(data.previous)) },
    { keys: "Escape", label: "Back to the list", group: "Item", run: () => go(back) },
  ]);
  // The next one is fetched ahead, so that it is there at once.
  const nextItem = data?.next ?? null;
  useEffect(() => {
    if (!nextItem) return;
    const there = `/cases/${encodeURIComponent(id)}/items/${encodeURIComponent(nextItem)}`;
    const timer = setTimeout(() => {
      void prefetch<ItemOut>(there + question).then((ahead) => ahead && prefetch(firstPath(there, ahead.findings[0]?.passages[0] ?? 0)));
    }, 150);
    return () => clearTimeout(timer);
  }, [nextItem]);

  if (!data) return own.failure ? <Problem failure={own.failure} what="this item" onAgain={own.reload} /> : <Loading what="the item" />;
  return <Open data={data} base={base} route={route} back={back} to={to} onNext={next} onReload={() => { drop(base, true); own.reload(); setAgain((n) => n + 1); }} onGone={own.reload} again={again} />;
}

function withAt(listed: string, item: string, key: string | null): URLSearchParams {
  const query = new URLSearchParams(listed);
  // Only where lines are items is an item's id the key of a line.
  if (!query.get("group")) query.set("at", item);
  else if (key) query.set("at", key);
  return query;
}

interface OpenProps {
  data: ItemOut;
  base: string;
  route: Route;
  back: string;
  to: (item: string) => string;
  onNext: () => void;
  onReload: () => void;
  onGone: () => void;
  /** How often it was asked for once more: what failed is fetched anew. */
  again: number;
}

function Open({ data, base, route, back, to, onNext, onReload, onGone, again }: OpenProps) {
  const { id, nChanges } = useCase();
  const { query } = route;
  const findings = data.findings;
  const fromQueue = query.get("place");
  const found = fromQueue ? findings.findIndex((one) => `${one.place.kind} ${one.place.number}` === fromQueue) : 0;
  const at = Math.max(0, found);
  const finding = findings[at] ?? null;
  const text = useText(base, finding?.passages[0] ?? 0, nChanges);
  const view = data.n_pages > 0 ? (query.get("view") ?? localStorage.getItem(VIEW) ?? "text") : "text";
  const page = Math.min(data.n_pages, Math.max(1, Number(query.get("page") ?? (finding?.place.kind === "page" ? finding.place.number : 1)) || 1));
  const placed = useGet<PageMarks>(view === "pages" ? `${base}/pages/${page}/marks` : null);
  useEffect(() => {
    if (nChanges + again > 0) placed.reload();
  }, [nChanges, again]);
  // Until it is known where they stand, the page's mentions are those of its text.
  const passages = useMemo(() => (view === "pages" ? (placed.data?.passages ?? text.passages.filter((one) => one.page === page)) : text.passages), [view, page, placed.data, text.passages]);
  const textRevision = view === "pages" ? (placed.data?.revision ?? text.revision) : text.revision;
  const mentions = useMemo(() => mentionsOf(passages), [passages]);
  const [onlyHere, setOnlyHere] = useState(fromQueue !== null);
  const [selected, setSelected] = useState<Selected | null>(null);
  const [add, setAdd] = useState<string | null>(null);
  const tab = query.get("pane") ?? "mentions";
  const asGiven = query.get("given") === "1";
  const currentId = query.get("hit");
  const current = mentions.find((one) => one.id === currentId) ?? null;
  const compared = query.get("beside");
  const set = (changes: Record<string, string | number | null>) => replace(withQuery(route, changes));

  const look = (to: "text" | "pages") => {
    localStorage.setItem(VIEW, to);
    set({ view: to });
  };
  // The next page is fetched ahead: a long file is read anew for each.
  useEffect(() => {
    if (view !== "pages" || !placed.data || page >= data.n_pages) return;
    const timer = setTimeout(() => void prefetch(`${base}/pages/${page + 1}/marks`), 300);
    return () => clearTimeout(timer);
  }, [view, page, placed.data !== null]);
  const toPage = (number: number) => set({ page: number, hit: null });
  const show = (hit: string) => set({ hit, given: null, ...(tab === "mentions" ? {} : { pane: null }) });
  const step = (by: number) => {
    // A page without mentions is no end.
    if (mentions.length === 0 && view === "pages" && page + by >= 1 && page + by <= data.n_pages) return toPage(page + by);
    if (mentions.length === 0) return;
    const here = mentions.findIndex((one) => one.id === currentId);
    const there = here < 0 ? (by > 0 ? firstAbout() : mentions.length - 1) : (here + by + mentions.length) % mentions.length;
    const mention = mentions[there];
    if (view === "pages" && here >= 0) {
      if (by > 0 && here === mentions.length - 1 && page < data.n_pages) return toPage(page + 1);
      if (by < 0 && here === 0 && page > 1) return toPage(page - 1);
    }
    // Past the last one that is shown, more of the item is fetched first.
    if (view === "text" && by > 0 && here === mentions.length - 1 && text.hasAfter) return text.after();
    if (mention) show(mention.id);
  };
  const firstAbout = () => Math.max(0, mentions.findIndex((one) => finding?.passages.includes(one.passage.number)));
  useEffect(() => {
    if (currentId) document.querySelector(`[data-hit="${CSS.escape(currentId)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [currentId, passages.length, placed.data]);
  // A finding far down is brought into sight.
  useEffect(() => {
    if (!currentId && finding && text.passages.length > 0) document.querySelector(`[data-passage="${finding.passages[0]}"]`)?.scrollIntoView({ block: "start" });
  }, [finding?.place_words, text.passages.length > 0]);
  useKeys([
    { keys: "n", label: "Next mention", group: "Text", run: () => step(1) },
    { keys: "p", label: "Mention before", group: "Text", run: () => step(-1) },
    { keys: "r", label: "Take out more words: those selected, or typed", group: "Text", run: () => setAdd(selected?.words ?? "") },
    { keys: "v", label: "As it will be given, or with every mention", group: "Text", run: () => set({ given: asGiven ? null : 1, view: data.n_pages > 0 ? "text" : null }) },
    { keys: "g i", label: "Text, or pages as they look", group: "Text", run: () => data.n_pages > 0 && look(view === "pages" ? "text" : "pages") },
    ...TABS.map(([name, label], index) => ({ keys: String(index + 1), label, group: "Panes", run: () => set({ pane: index === 0 ? null : name }) })),
  ]);
  const where = data.at[0];
  return (
    <>
      <div class="title compact item-title">
        <div class="grow">
          <h1 tabIndex={-1} class="clip">
            {titleOf(data.title, where?.path ?? "Item")}
          </h1>
          <p class="note clip" title={where?.path}>
            {sentence(data.type_words)} · {where?.source_title}: {where?.path}
            {data.dated && ` · ${date(data.dated)}`} · {size(data.size_bytes)}
          </p>
        </div>
        <div class="aside">
          {finding && <Tag kind={finding.tier}>{finding.tier}</Tag>}
          {finding?.about === "incidental" && <Tag>only copied in</Tag>}
          <a class="button" href={back}>
            List <Key>Esc</Key>
          </a>
          <button type="button" disabled={!data.previous} onClick={() => data.previous && go(to(data.previous))}>
            Before <Key>[</Key>
          </button>
          <button type="button" disabled={!data.next} onClick={onNext}>
            Next <Key>]</Key>
          </button>
        </div>
      </div>
      {!data.is_readable && (
        <p class="notice warn">
          {sentence((data.problem ?? "it can't be read again now").replace(/\.$/, ""))}. What you see is its text as it was indexed; decisions are kept as always.{" "}
          <button type="button" class="link" onClick={onReload}>
            Try again
          </button>
        </p>
      )}
      {data.exceptions.map((one) => (
        <p class="notice warn" key={one.reason + one.path}>
          Not all of it could be read: {one.note || one.reason}
          {one.place && ` (${placeOf(one.place)})`}. <Words>{one.advice}</Words>.
        </p>
      ))}
      <div class={`item${compared ? " compared" : ""}`}>
        <div class="document">
          <div class="doc-bar">
            {data.n_pages > 0 && (
              <Segments
                label="View"
                value={view}
                onValue={(value) => look(value === "pages" ? "pages" : "text")}
                choices={[
                  { value: "text", label: "Text" },
                  { value: "pages", label: "Pages", note: n(data.n_pages) },
                ]}
              />
            )}
            <Legend mentions={mentions} />
            {current && (
              <span class="n hint" role="status">
                <span class="unseen">
                  {current.passage.text.slice(current.start, current.end)}: {WHO[current.who]?.title}, {fateWords(current)}.{" "}
                </span>
                {n(mentions.indexOf(current) + 1)} of {n(mentions.length)}
              </span>
            )}
            {view === "text" && (
              <>
                <span class="grow" />
                {selected && (
                  <button type="button" class="first" onClick={() => setAdd(selected.words)}>
                    Take out the selection <Key>r</Key>
                  </button>
                )}
                <button type="button" aria-pressed={asGiven} onClick={() => set({ given: asGiven ? null : 1 })}>
                  As given <Key>v</Key>
                </button>
              </>
            )}
          </div>
          {view === "pages" ? (
            <PagesView key={again} onGone={onGone} item={data.item} revision={data.revision} marks={data.marks} page={page} onPage={toPage} placed={placed.data} trouble={placed.failure} mentions={mentions} current={currentId} onCurrent={show} onText={(hit) => set({ view: "text", hit: hit ?? currentId, page: null })} />
          ) : text.failure && text.passages.length === 0 ? (
            <Problem failure={text.failure} what="what it says" onAgain={text.reload} />
          ) : text.passages.length === 0 ? (
            text.total === 0 && text.revision > 0 ? <p class="muted">It has no text.</p> : <Loading what="what it says" />
          ) : (
            <Paper text={text} asGiven={asGiven} current={currentId} onCurrent={show} onSelect={setSelected} label={`What ${data.title ?? "the item"} says`} />
          )}
        </div>
        {compared && <Beside item={compared} onClose={() => set({ beside: null })} to={to} />}
        <div class="side">
          <Decide item={data} finding={finding} onlyHere={onlyHere} onOnlyHere={setOnlyHere} onNext={onNext} />
          <div class="panel panes">
            <div class="tabs" role="tablist" aria-label="About this item">
              {TABS.map(([name, label], index) => (
                <button
                  key={name}
                  type="button"
                  role="tab"
                  id={`tab-${name}`}
                  aria-selected={tab === name}
                  aria-controls="pane"
                  tabIndex={tab === name ? 0 : -1}
                  onClick={() => set({ pane: index === 0 ? null : name })}
                  onKeyDown={(event) => {
                    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                    if (by === 0) return;
                    event.preventDefault();
                    const there = TABS[(index + by + TABS.length) % TABS.length];
                    if (!there) return;
                    set({ pane: there[0] === "mentions" ? null : there[0] });
                    document.getElementById(`tab-${there[0]}`)?.focus();
                  }}
                >
                  {label}
                  {name === "related" && data.family.length + data.thread.length + data.near.length > 0 && <span class="n"> {n(relatedCount(data))}</span>}
                </button>
              ))}
            </div>
            <div class="pane" id="pane" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
              {tab === "mentions" && <Mentions item={data.item} mentions={mentions} revision={Math.max(textRevision, 0)} current={current} onCurrent={show} onAdd={(mention) => setAdd(mention ? mention.passage.text.slice(mention.start, mention.end) : "")} />}
              {tab === "why" && <Why findings={findings} at={at} onAt={(index) => { const one = findings[index]; if (one) set({ place: `${one.place.kind} ${one.place.number}`, hit: null }); }} />}
              {tab === "related" && <Related item={data} to={to} compared={compared} onCompare={(other) => set({ beside: other })} />}
              {tab === "history" && <ItemHistory id={id} item={data.item} nChanges={nChanges} />}
            </div>
          </div>
        </div>
      </div>
      {add !== null && <Add item={data.item} words={add} passages={passages} revision={textRevision} onClose={() => { setAdd(null); setSelected(null); }} />}
    </>
  );
}

const relatedCount = (data: ItemOut) => [...data.family, ...data.thread, ...data.near].filter((one) => one.item !== data.item).length;

/** A second item beside the first, to read both at once. */
function Beside({ item, onClose, to }: { item: string; onClose: () => void; to: (item: string) => string }) {
  const { nChanges } = useCase();
  const base = usePath(`/items/${encodeURIComponent(item)}`);
  const { data, failure } = useGet<ItemOut>(base);
  const text = useText(base, data?.findings[0]?.passages[0] ?? 0, nChanges);
  const title = titleOf(data?.title, data?.at[0]?.path ?? "the other item");
  return (
    <div class="document beside">
      <div class="doc-bar">
        <b class="clip">{title}</b>
        {data?.findings[0] && <Tag kind={data.findings[0].verdict}>{data.findings[0].verdict.replace("_", " ")}</Tag>}
        <span class="grow" />
        <a class="button" href={to(item)}>
          Open it
        </a>
        <button type="button" class="quiet" aria-label="Close the second item" onClick={onClose}>
          ×
        </button>
      </div>
      {failure || text.failure ? <Problem failure={(failure ?? text.failure)!} what="the other item" /> : text.passages.length === 0 ? <Loading what="what it says" /> : <Paper text={text} asGiven={false} current={null} onCurrent={() => {}} label={`What ${title} says`} />}
    </div>
  );
}

function ItemHistory({ id, item, nChanges }: { id: string; item: string; nChanges: number }) {
  const { data, failure, reload } = useGet<History>(`/cases/${encodeURIComponent(id)}/history?item=${encodeURIComponent(item)}&limit=50`);
  useEffect(() => {
    if (nChanges > 0) reload();
  }, [nChanges]);
  if (failure) return <Problem failure={failure} what="its record" onAgain={reload} />;
  if (!data) return <Loading what="its record" />;
  if (data.rows.length === 0) return <p class="muted">Nothing was decided about it yet.</p>;
  return (
    <ol class="plain history">
      {data.rows.map((row) => (
        <li key={row.seq}>
          <b><Words>{row.words}</Words></b>
          <span class="sub">
            {row.by}, {moment(row.at)}
            {row.place && `, ${placeOf(row.place)}`} · record {n(row.seq)}
          </span>
        </li>
      ))}
      {data.total > data.rows.length && <li class="muted">{count(data.total - data.rows.length, "earlier record")} under Record.</li>}
    </ol>
  );
}

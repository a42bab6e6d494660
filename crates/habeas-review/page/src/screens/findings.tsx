// The queue: everything that was found, filtered, grouped, and decided line by line or many at once.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Verdict } from "../api.ts";
import { useCase, usePath } from "../case.tsx";
import { useKeys } from "../keys.ts";
import { filterOf, orders, queueQuery, useLines } from "../queue.ts";
import type { Line } from "../queue.ts";
import { go, href, replace, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { List } from "../ui/list.tsx";
import { Still } from "../ui/still.tsx";
import { Empty, Key, Segments } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { Withhold } from "../ui/verdict.tsx";
import { Bulk } from "./bulk.tsx";
import { Filters } from "./findings/filters.tsx";
import { LineView } from "./findings/line.tsx";
import { count, DECIDED, n, VERDICTS } from "../words.ts";

const GROUPS = { item: "Items", finding: "Findings", family: "Families", thread: "Threads", near: "Near duplicates" };
const SORTS = { tier: "Strongest first", score: "By bits", date: "By date", source: "By source", title: "By title" };

export function Findings({ route }: { route: Route }) {
  const { id, change, nUndone } = useCase();
  const { query } = route;
  const group = query.get("group") ?? "item";
  const lines = useLines(usePath("/queue"), queueQuery(query), query.get("at"));
  const [current, setCurrent] = useState(-1);
  const [chosen, setChosen] = useChosen(id, queueQuery(query));
  const [dialog, setDialog] = useState<"bulk" | "withhold" | null>(null);
  const anchor = useRef(-1);
  const filter = useMemo(() => filterOf(query), [query.toString()]);
  const listed = queueQuery(query);

  // After a reload, or on the way back from an item, the same line is current again.
  useEffect(() => setCurrent(-1), [listed]);
  useEffect(() => {
    if (nUndone > 0) lines.refresh(line?.key);
  }, [nUndone]);
  useEffect(() => {
    if (current >= 0 || lines.total === 0) return;
    const key = query.get("at");
    const index = key ? lines.indexOf(key) : 0;
    if (index >= 0) setCurrent(index);
    else if (!lines.isLoading) setCurrent(0);
  });
  const line = current >= 0 ? lines.at(current) : undefined;
  useEffect(() => {
    if (!line) return;
    // Browsers allow few changes of the address a second.
    const timer = setTimeout(() => replace(withQuery(route, { at: line.key })), 250);
    return () => clearTimeout(timer);
  }, [line?.key]);
  useEffect(() => {
    document.querySelector<HTMLElement>("[data-first]")?.focus({ preventScroll: true });
  }, []);

  const targets = chosen.size > 0 ? [...chosen.values()] : line ? [line] : [];
  const decide = async (verdict: Verdict, reason = ""): Promise<boolean> => {
    if (targets.length === 0) return false;
    const what = targets.length > 1 ? count(targets.length, "line") : (targets[0]?.title ?? "this line");
    for (const order of orders(targets, group, filter)) {
      const out = await change({ path: "/decisions", body: { ...order.body, verdict, reason }, expected: order.expected, done: `${DECIDED[verdict]}: ${what}` });
      if (!out) return false;
      lines.decided(new Set(order.lines.map((one) => one.key)), verdict, out.revision);
    }
    if (chosen.size > 0) setChosen(new Map());
    else setCurrent((now) => Math.min(lines.total - 1, now + 1));
    return true;
  };
  const move = (by: number) => setCurrent((now) => Math.max(0, Math.min(lines.total - 1, now + by)));
  const choose = (index: number) => {
    const own = lines.at(index);
    if (!own) return;
    const next = new Map(chosen);
    if (!next.delete(own.key)) next.set(own.key, own);
    anchor.current = index;
    setChosen(next);
  };
  const chooseTo = (index: number) => {
    const next = new Map(chosen);
    const from = anchor.current < 0 ? index : anchor.current;
    for (let i = Math.min(from, index); i <= Math.max(from, index); i += 1) {
      const own = lines.at(i);
      if (own) next.set(own.key, own);
    }
    setChosen(next);
  };
  const open = (index: number) => {
    const own = lines.at(index);
    if (!own) return;
    const back = new URLSearchParams(query);
    back.set("at", own.key);
    replace(href(route.path, back));
    const there = new URLSearchParams(queueQuery(query));
    if (group === "finding") there.set("place", `${own.place.kind} ${own.place.number}`);
    // A line of several items opens on what belongs together, to be read side by side.
    if (own.n_items > 1) there.set("pane", "related");
    if (group !== "item") there.set("at", own.key);
    go(href(["case", id, "item", own.item], there));
  };
  const keysOf = (verdict: Verdict, key: string) => ({ keys: key, label: `${VERDICTS[verdict] ?? verdict}${verdict === "open" ? " again" : ""}`, group: "Decide (the current line, or all selected)", run: () => (verdict === "withhold" ? setDialog("withhold") : void decide(verdict)) });
  useKeys([
    { keys: "j", label: "Next line", group: "Findings", run: () => move(1) },
    { keys: "k", label: "Line before", group: "Findings", run: () => move(-1) },
    { keys: "ArrowDown", label: "Next line", group: "Findings", run: () => move(1) },
    { keys: "ArrowUp", label: "Line before", group: "Findings", run: () => move(-1) },
    { keys: "PageDown", label: "Ten lines on", group: "Findings", run: () => move(10) },
    { keys: "PageUp", label: "Ten lines back", group: "Findings", run: () => move(-10) },
    { keys: "Home", label: "First line", group: "Findings", run: () => setCurrent(0) },
    { keys: "End", label: "Last line", group: "Findings", run: () => setCurrent(lines.total - 1) },
    { keys: "Enter", label: "Open the line", group: "Findings", run: () => open(current) },
    { keys: "x", label: "Select the line, or not", group: "Findings", run: () => choose(current) },
    { keys: "Shift+x", label: "Select from the last selected to here", group: "Findings", run: () => chooseTo(current) },
    { keys: "Escape", label: "Select nothing", group: "Findings", run: () => setChosen(new Map()) },
    { keys: "/", label: "Search titles and paths", group: "Findings", run: () => document.querySelector<HTMLElement>(".filters input[type=search]")?.focus() },
    { keys: "f", label: "Go to the filters", group: "Findings", run: () => document.querySelector<HTMLElement>(".filters input[type=checkbox]")?.focus() },
    { keys: "l", label: "Go to the list", group: "Findings", run: () => document.querySelector<HTMLElement>("[data-first]")?.focus() },
    { keys: "Shift+r", label: "Ask again for the list", group: "Findings", run: () => lines.refresh(line?.key) },
    { keys: "b", label: "Decide about many, with a preview", group: "Decide (the current line, or all selected)", run: () => setDialog("bulk") },
    keysOf("disclose", "d"),
    keysOf("withhold", "w"),
    keysOf("incidental", "i"),
    keysOf("not_subject", "s"),
    keysOf("open", "o"),
  ]);

  const set = (changes: Record<string, string | null>) => {
    setChosen(new Map());
    go(withQuery(route, { ...changes, at: null }));
  };
  const facets = lines.facets;
  const hasFilter = queueQuery(query, false) !== "";
  const aboutCount = (name: string) => n(facets?.about[name] ?? 0);
  const allAbout = n((facets?.about.relates ?? 0) + (facets?.about.incidental ?? 0));
  return (
    <>
      <div class="title compact">
        <div>
          <h1 tabIndex={-1}>Findings</h1>
          <p class="note n" role="status">
            {lines.total === 0 && lines.isLoading ? "Reading …" : `${count(lines.nFindings, "finding")} in ${count(lines.total, group === "finding" ? "line" : "line")}, ${n(lines.nOpen)} open`}
          </p>
        </div>
        <div class="aside">
          <Segments
            label="About the person, or only copied in"
            value={query.get("about") ?? ""}
            onValue={(about) => set({ about })}
            choices={[
              { value: "", label: "All", note: allAbout },
              { value: "relates", label: "About them", note: aboutCount("relates") },
              { value: "incidental", label: "Only copied in", note: aboutCount("incidental") },
            ]}
          />
          <label class="inline-select">
            <span>Lines are</span>
            <select value={group} onChange={(event) => set({ group: event.currentTarget.value === "item" ? null : event.currentTarget.value })}>
              {Object.entries(GROUPS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label class="inline-select">
            <span class="unseen">Order</span>
            <select value={query.get("sort") ?? "tier"} onChange={(event) => set({ sort: event.currentTarget.value === "tier" ? null : event.currentTarget.value })}>
              {Object.entries(SORTS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      <div class="queue">
        <Filters route={route} facets={lines.facets} onSet={set} />
        <div class="queue-main">
          {lines.failure && <Problem failure={lines.failure} what="the findings" onAgain={() => lines.refresh()} />}
          {lines.total === 0 && !lines.isLoading && !lines.failure ? (
            <Empty title={hasFilter ? "Nothing fits the filter" : "Nothing was found yet"}>
              {hasFilter ? (
                <button type="button" onClick={() => go(href(route.path))}>
                  Clear the filters
                </button>
              ) : (
                <p>
                  Search the estate from the <a href={href(["case", id])}>overview</a>.
                </p>
              )}
            </Empty>
          ) : (
            <List<Line>
              label="Findings"
              total={lines.total}
              height={48}
              at={lines.at}
              onSight={lines.want}
              current={current}
              onCurrent={setCurrent}
              onOpen={open}
              isChosen={(one) => chosen.has(one.key)}
              draw={(one, index) => <Still on={[one, group, chosen]} draw={() => <LineView line={one} group={group} isChosen={chosen.has(one.key)} onChoose={() => choose(index)} />} />}
            />
          )}
          <div class="queue-foot">
            <span class="n">{chosen.size > 0 ? `${count(chosen.size, "line")} selected` : current >= 0 ? `Line ${n(current + 1)} of ${n(lines.total)}` : ""}</span>
            {chosen.size > 0 && (
              <button type="button" class="link" onClick={() => setChosen(new Map())}>
                none
              </button>
            )}
            <span class="grow" />
            <button type="button" onClick={() => void decide("disclose")} disabled={!targets.length}>
              Disclose <Key>d</Key>
            </button>
            <button type="button" onClick={() => setDialog("withhold")} disabled={!targets.length}>
              Withhold <Key>w</Key>
            </button>
            <button type="button" onClick={() => void decide("incidental")} disabled={!targets.length}>
              Only mentioned <Key>i</Key>
            </button>
            <button type="button" onClick={() => void decide("not_subject")} disabled={!targets.length}>
              Not about them <Key>s</Key>
            </button>
            <button type="button" class="first" onClick={() => setDialog("bulk")}>
              Many … <Key>b</Key>
            </button>
          </div>
        </div>
      </div>
      {dialog === "bulk" && (
        <Bulk
          chosen={[...chosen.values()]}
          total={lines.total}
          filter={filter}
          group={group}
          onClose={() => setDialog(null)}
          onDone={() => {
            setDialog(null);
            setChosen(new Map());
            lines.refresh(line?.key);
          }}
        />
      )}
      {dialog === "withhold" && targets.length > 0 && <Withhold name={targets.length > 1 ? "many" : (targets[0]?.item ?? "")} what={targets.length > 1 ? count(targets.length, "line") : (targets[0]?.title ?? "this item")} onClose={() => setDialog(null)} onDecide={(reason) => decide("withhold", reason)} />}
    </>
  );
}

/** Which lines are selected outlives a reload, as long as the filter is the same. */
function useChosen(id: string, listed: string): [Map<string, Line>, (next: Map<string, Line>) => void] {
  const name = `habeas.chosen.${id}`;
  const [chosen, set] = useState<Map<string, Line>>(() => {
    const held = JSON.parse(sessionStorage.getItem(name) ?? "null") as { listed: string; lines: Line[] } | null;
    return new Map(held?.listed === listed ? held.lines.map((line) => [line.key, line]) : []);
  });
  return [
    chosen,
    (next) => {
      if (next.size === 0) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify({ listed, lines: [...next.values()].slice(0, 1000) }));
      set(next);
    },
  ];
}

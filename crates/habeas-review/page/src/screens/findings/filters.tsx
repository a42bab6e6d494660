// The filters of the queue, each with how many findings fit it.
import { useMemo, useState } from "preact/hooks";
import { useGet } from "../../api.ts";
import type { EstateOut, Facets } from "../../api.ts";
import { queueQuery } from "../../queue.ts";
import { go, href } from "../../route.ts";
import type { Route } from "../../route.ts";
import { Still } from "../../ui/still.tsx";
import { n, plain, sentence, VERDICTS } from "../../words.ts";

interface Props {
  route: Route;
  facets: Facets | null;
  onSet: (changes: Record<string, string | null>) => void;
}

export function Filters({ route, facets, onSet: set }: Props) {
  const { query } = route;
  const estate = useGet<EstateOut>("/estate");
  const titles = useMemo(() => new Map((estate.data?.sources ?? []).map((one) => [one.source, one.title])), [estate.data]);
  const hasFilter = queueQuery(query, false) !== "";
  return (
    <Still
      on={[queueQuery(query), facets, titles]}
      draw={() => (
        <div class="filters" role="search" aria-label="Filters">
          <input type="search" aria-label="Search titles and paths" placeholder="Title or path  ( / )" value={query.get("text") ?? ""} onChange={(event) => set({ text: event.currentTarget.value })} onKeyDown={(event) => { if (event.key === "Escape" || event.key === "Enter") { event.preventDefault(); if (event.key === "Enter") set({ text: event.currentTarget.value }); document.querySelector<HTMLElement>("[data-first]")?.focus(); } }} />
          {hasFilter && (
            <button type="button" onClick={() => go(href(route.path, { group: query.get("group"), sort: query.get("sort") }))}>
              Clear the filters
            </button>
          )}
          {(["person", "thread", "family", "near"] as const).map((name) => query.get(name) && (
            <p class="hint spread" key={name}>
              <span>Only one {name === "near" ? "cluster" : name === "person" ? "other person" : name}</span>
              <button type="button" class="link" onClick={() => set({ [name]: null })}>all</button>
            </p>
          ))}
          <Facet name="verdict" title="Decision" order={["open", "disclose", "withhold", "incidental", "not_subject"]} words={(value) => VERDICTS[value] ?? value} query={query} facets={facets} onSet={set} />
          <Facet name="tier" title="Tier" order={["certain", "probable", "possible", "namesake"]} words={sentence} query={query} facets={facets} onSet={set} />
          <Facet name="source" title="Source" words={(value) => titles.get(value) ?? sentence(value)} query={query} facets={facets} onSet={set} />
          <Facet name="kind" title="Found by" words={(value) => sentence(plain(value))} query={query} facets={facets} onSet={set} />
          <Facet name="type" title="Type" words={sentence} query={query} facets={facets} onSet={set} />
          <fieldset>
            <legend>Written</legend>
            <label class="dates">
              from <input type="date" value={query.get("from") ?? ""} onChange={(event) => set({ from: event.currentTarget.value })} />
            </label>
            <label class="dates">
              to <input type="date" value={query.get("to") ?? ""} onChange={(event) => set({ to: event.currentTarget.value })} />
            </label>
          </fieldset>
        </div>
      )}
    />
  );
}

interface FacetProps {
  name: keyof Facets & string;
  title: string;
  order?: string[];
  words: (value: string) => string;
  query: URLSearchParams;
  facets: Facets | null;
  onSet: (changes: Record<string, string | null>) => void;
}

function Facet({ name, title, order, words, query, facets, onSet }: FacetProps) {
  const counts = facets?.[name] ?? {};
  const on = new Set((query.get(name) ?? "").split(",").filter(Boolean));
  const values = order ?? [...new Set([...Object.keys(counts), ...on])].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole || order ? values : values.slice(0, 6);
  if (values.length === 0) return null;
  const toggle = (value: string) => {
    const next = new Set(on);
    if (!next.delete(value)) next.add(value);
    onSet({ [name]: [...next].join(",") });
  };
  return (
    <fieldset>
      <legend>{title}</legend>
      {shown.map((value) => (
        <label key={value} class={`facet${(counts[value] ?? 0) === 0 && !on.has(value) ? " none" : ""}`}>
          <input type="checkbox" checked={on.has(value)} onChange={() => toggle(value)} />
          <span class="clip">{words(value)}</span>
          <span class="n">{n(counts[value] ?? 0)}</span>
        </label>
      ))}
      {!isWhole && shown.length < values.length && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          {n(values.length - shown.length)} more
        </button>
      )}
    </fieldset>
  );
}

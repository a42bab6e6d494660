// The mock's queue: filters, groups, sorts, counts and pages its findings.
import { Refusal } from "./server.mjs";
import { placeWords } from "./state.mjs";
import { titleFor, titleOf, typeOf } from "./answers.mjs";

const RANK = { certain: 0, probable: 1, possible: 2, namesake: 3 };
const PROPERTIES = {
  tier: (finding) => [finding.tier],
  source: (finding) => [finding.source],
  kind: (finding) => finding.evidence.filter((one) => one.kind && one.bits > 0).map((one) => one.kind),
  about: (finding) => [finding.about],
  verdict: (finding, state) => [state.verdict(finding)],
  type: (finding) => [typeOf(finding)],
  month: (finding) => [finding.date?.slice(0, 7) ?? "unknown"],
};

function tests(state, query) {
  const list = (name) => (query.get(name) ? new Set(query.get(name).split(",")) : null);
  const out = new Map();
  for (const name of ["tier", "source", "kind", "about", "verdict", "type"]) {
    const wanted = list(name);
    if (wanted) out.set(name, (finding) => PROPERTIES[name](finding, state).some((value) => wanted.has(value)));
  }
  if (query.get("from")) out.set("from", (finding) => finding.date !== null && finding.date >= query.get("from"));
  if (query.get("to")) out.set("to", (finding) => finding.date !== null && finding.date <= query.get("to"));
  if (query.get("text")) out.set("text", (finding) => `${titleFor(finding)} ${finding.path}`.toLowerCase().includes(query.get("text").toLowerCase()));
  if (query.get("person")) out.set("person", (finding) => String(finding.other.number) === query.get("person"));
  if (query.get("thread")) out.set("thread", (finding) => `t${finding.thread}` === query.get("thread"));
  if (query.get("family")) out.set("family", (finding) => finding.item === query.get("family"));
  if (query.get("near")) out.set("near", (finding) => finding.item === query.get("near"));
  if (query.get("item")) out.set("item", (finding) => list("item").has(finding.item));
  return out;
}

export function select(state, query) {
  const all = [...tests(state, query).values()];
  return all.length === 0 ? state.findings : state.findings.filter((finding) => all.every((test) => test(finding)));
}

const cache = new Map();

export function queue(state, query) {
  const limit = Math.min(500, Math.max(1, Number(query.get("limit") ?? 100)));
  const group = query.get("group") || "item";
  const own = new URLSearchParams(query);
  for (const name of ["cursor", "limit", "at"]) own.delete(name);
  const name = `${own}|${state.revision}`;
  if (!cache.has(name)) {
    if (cache.size > 40) cache.clear();
    const found = select(state, query);
    cache.set(name, { lines: groupsOf(group, found, query.get("sort"), query.get("order")), found, facets: facets(state, query), nOpen: found.filter((finding) => state.verdict(finding) === "open").length });
  }
  const { lines, found, facets: counts, nOpen } = cache.get(name);
  let from = query.get("cursor") ? Number(query.get("cursor").slice(1)) : 0;
  if (Number.isNaN(from)) throw new Refusal(400, "usage", "that cursor is none");
  if (query.get("at")) from = Math.max(0, Math.floor(lines.findIndex((line) => keyOf(group, line) === query.get("at")) / limit) * limit);
  const page = lines.slice(from, from + limit);
  return { revision: state.revision, total: lines.length, n_findings: found.length, n_open: nOpen, position: from, rows: page.map((line) => row(state, group, line)), next_cursor: from + limit < lines.length ? `c${from + limit}` : null, facets: counts };
}

function facets(state, query) {
  const out = {};
  for (const name of Object.keys(PROPERTIES)) {
    const others = new URLSearchParams(query);
    others.delete(name);
    if (name === "month") (others.delete("from"), others.delete("to"));
    const counts = {};
    for (const finding of select(state, others)) for (const value of new Set(PROPERTIES[name](finding, state))) counts[value] = (counts[value] ?? 0) + 1;
    out[name] = counts;
  }
  return out;
}

function compare(sort) {
  const byTier = (a, b) => RANK[a.tier] - RANK[b.tier] || b.score - a.score || a.index - b.index;
  if (sort === "score") return (a, b) => b.score - a.score || a.index - b.index;
  if (sort === "date") return (a, b) => (a.date ?? "").localeCompare(b.date ?? "") || a.index - b.index;
  if (sort === "source") return (a, b) => a.source.localeCompare(b.source) || byTier(a, b);
  if (sort === "title") return (a, b) => titleFor(a).localeCompare(titleFor(b)) || a.index - b.index;
  return byTier;
}

const groupKey = (group, finding) => (group === "finding" ? finding.index : group === "thread" && finding.thread !== null ? `t${finding.thread}` : finding.item);
const keyOf = (group, line) => (group === "finding" ? `f${line[0].index}` : String(groupKey(group, line[0])));

function groupsOf(group, found, sort, order) {
  const sorted = [...found].sort(compare(sort));
  if (order === "desc") sorted.reverse();
  const lines = new Map();
  for (const finding of sorted) {
    const key = groupKey(group, finding);
    if (!lines.has(key)) lines.set(key, []);
    lines.get(key).push(finding);
  }
  return [...lines.values()];
}

function row(state, group, line) {
  const head = line[0];
  const seen = new Set(line.map((finding) => state.verdict(finding)));
  const decisions = line.map((finding) => state.verdicts.get(finding.index)).filter(Boolean);
  return {
    key: keyOf(group, line), item: head.item, n_items: new Set(line.map((finding) => finding.item)).size, n_findings: line.length, place: head.place, place_words: placeWords(head.place), tier: head.tier, score_bits: head.score, about: head.about,
    verdict: seen.size === 1 ? [...seen][0] : null, n_open: line.filter((finding) => state.verdict(finding) === "open").length, decision: decisions.at(-1) ?? null, title: titleFor(head), dated: head.date, media_type: "x/y", type_words: typeOf(head), at: { source: head.source, source_title: titleOf(head.source), path: head.path }, n_copies: head.n_copies,
    kinds: PROPERTIES.kind(head), why: head.evidence[0].rule, family: head.n_family ? head.item : null, n_family: head.n_family + 1, thread: head.thread === null ? null : `t${head.thread}`, n_thread: head.thread === null ? 1 : 5, near: head.shape === "page" ? head.item : null, n_near: head.shape === "page" ? 3 : 1,
  };
}

export function rowsOf(state, group, found, sort, order) {
  return groupsOf(group, found, sort, order).map((line) => ({ get item() { return line[0].item; }, ...(found.length <= 60 ? row(state, group, line) : {}) }));
}

// What the mock server says to each request of the contract.
import { Refusal } from "./server.mjs";
import { png } from "./png.mjs";
import { CASE, SOURCES, SUBJECT, placeWords, suggested } from "./state.mjs";
import { PEOPLE, id } from "./estate.mjs";
import { queue, rowsOf, select } from "./queue.mjs";
import { eventKinds, exemptions, gates, release } from "./gates.mjs";

const CLOCK = {
  received: "2026-03-02",
  state: "running",
  working: "2026-04-01",
  notice_by: "2026-04-01",
  days_left: 12,
  days_total: 30,
  readings: [
    { reading: "statute", title: "as the words of Art. 12A UK GDPR stand", last_day: "2026-04-01", notice_by: "2026-04-01", steps: ["received on Monday 2 March 2026", "one month: Thursday 2 April 2026", "the day before: Wednesday 1 April 2026"] },
    { reading: "ico", title: "as the ICO counts", last_day: "2026-04-02", notice_by: "2026-04-02", steps: ["received on Monday 2 March 2026", "one month: Thursday 2 April 2026"] },
  ],
  is_extended: false,
};

export function answer(state, method, path, query, body, by) {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [head, name, ...rest] = parts;
  if (head === "cases" && !name) return method === "GET" ? dashboard(state) : openCase(state, body);
  if (head === "requests") return preview(body);
  if (head === "estate") return estate(state, name, query);
  if (head === "exemptions") return exemptions;
  if (head === "jobs") return job(state, name);
  if (head === "evidence") return evidence(state);
  if (head !== "cases" || name !== CASE) throw new Refusal(404, "not_found", `there is no case ${name}`, { hint: "`habeas status` lists them" });
  const changes = method === "POST" && !rest.join("/").endsWith("preview");
  if (changes && state.isClosed && rest[0] !== "events") throw new Refusal(409, "closed", "the case was closed meanwhile; nothing was recorded", { hint: "to go on, open it again under Record" });
  const [what, key, more, page, sub] = rest;
  if (!what) return caseOut(state);
  if (what === "queue") return queue(state, query);
  if (what === "decisions") return key === "preview" ? decidePreview(state, body) : decide(state, body, by);
  if (what === "undo") return undo(state, body, by);
  if (what === "history") return history(state, query);
  if (what === "items") return item(state, method, key, more, page, sub, query, body, by);
  if (what === "people") return people(state, method, key, more, query, body, by);
  if (what === "proposals") return method === "GET" ? proposals(state) : answerProposals(state, body, by);
  if (what === "identifiers") return addIdentifier(state, body, by);
  if (what === "search") return { status: 202, body: { job: addJob(state, "search", "weighing what was found") } };
  if (what === "gates") return gates(state, rowsOf(state, "finding", state.findings.filter((finding) => state.verdict(finding) === "withhold").slice(0, 50)));
  if (what === "events") return method === "GET" ? events(state) : addEvent(state, body, by);
  if (what === "release") return release(state);
  if (what === "bundle") return bundle(state, method, key, more, query, body, by);
  if (what === "deliveries") return deliver(state, body, by);
  if (what === "charts") return charts(state);
  return null;
}

function verdicts(state, list = state.findings) {
  const out = { disclose: 0, withhold: 0, not_subject: 0, incidental: 0, open: 0 };
  for (const finding of list) out[state.verdict(finding)] += 1;
  return out;
}
function tiers(list) {
  const out = { certain: 0, probable: 0, possible: 0, namesake: 0 };
  for (const finding of list) out[finding.tier] += 1;
  return out;
}

function progress(state) {
  const weigh = state.findings.filter((finding) => finding.tier === "certain" || finding.tier === "probable");
  const nOpen = weigh.filter((finding) => state.verdict(finding) === "open").length;
  return { n_decided: weigh.length - nOpen, n_open: nOpen, n_total: weigh.length, n_possible_open: state.findings.filter((finding) => finding.tier === "possible" && state.verdict(finding) === "open").length };
}

function card(state) {
  const done = progress(state);
  const doubts = state.people().reduce((sum, person) => sum + person.n_in_doubt, 0);
  const open = gates(state, []).gates.filter((gate) => gate.state === "open");
  const blocks = [];
  if (done.n_open) blocks.push({ code: "undecided", message: `${done.n_open} findings have no decision`, n: done.n_open, screen: "queue", is_blocking: true });
  if (doubts) blocks.push({ code: "doubts", message: `${doubts} mentions of other people wait for a look`, n: doubts, screen: "people", is_blocking: false });
  for (const gate of open) blocks.push({ code: `${gate.code}_gate`, message: gate.words, n: null, screen: "gates", is_blocking: true });
  const next = done.n_open ? { code: "decide", words: `decide ${done.n_open} findings`, screen: "queue" } : open.length ? { code: "gate", words: `settle: ${open[0].title}`, screen: "gates" } : { code: "bundle", words: state.bundle.state === "made" ? "deliver the answer" : "make the bundle", screen: "release" };
  return {
    case: CASE, revision: state.revision, state: state.isClosed ? "closed" : "reviewing", is_closed: state.isClosed, person: [SUBJECT.name, SUBJECT.former], right: "access", channel: "email", law: "uk", clock: CLOCK, identity: "satisfied", searched_at: "2026-03-19T18:30:00Z",
    findings: tiers(state.findings), verdicts: verdicts(state), progress: done, n_people: PEOPLE.length, n_in_doubt: doubts, n_proposals: proposals(state).proposals.filter((one) => one.answer === null).length, bundle: state.bundle.state, blocks, next,
  };
}

function dashboard(state) {
  const first = card(state);
  const other = (name, person, days, more = {}) => ({ ...first, case: name, person: [person], clock: { ...CLOCK, days_left: days, received: "2026-02-20", working: "2026-03-20" }, findings: { certain: 12, probable: 3, possible: 4, namesake: 0 }, verdicts: { disclose: 9, withhold: 0, not_subject: 2, incidental: 4, open: 4 }, progress: { n_decided: 15, n_open: 0, n_total: 15, n_possible_open: 4 }, n_people: 8, n_in_doubt: 0, n_proposals: 0, blocks: [], bundle: "made", next: { code: "deliver", words: "deliver the answer", screen: "release" }, ...more });
  return {
    today: "2026-03-20",
    cases: [
      other("SAR-2025-0031", "Harriet Vale", -2, { state: "ready", blocks: [{ code: "health_gate", message: "no opinion of a health professional covers 4 items", n: 4, screen: "gates", is_blocking: true }], next: { code: "gate", words: "settle the health gate", screen: "gates" }, bundle: "none" }),
      first,
      other("SAR-2026-0003", "Tom Quill", 25, { state: "awaiting_identity", identity: "asked", searched_at: null, findings: null, verdicts: null, progress: { n_decided: 0, n_open: 0, n_total: 0, n_possible_open: 0 }, blocks: [{ code: "identity", message: "the requester was asked who they are, and has not answered", n: null, screen: "gates", is_blocking: true }], next: { code: "search", words: "search the estate", screen: "who" }, bundle: "none", n_people: 0 }),
      other("SAR-2026-0002", "Nadia Rahman", 18, { state: "released", clock: { ...CLOCK, days_left: 18 } }),
    ],
    problems: [],
    pairs: ["SAR-2026-0001 and SAR-2025-0031 state the same postal address"],
  };
}

function openCase(state, body) {
  if (!body.fields?.names?.length) throw new Refusal(422, "usage", "a request needs a name", { hint: "fill in the person's name" });
  return { status: 201, body: card(state) };
}

function preview(body) {
  const fields = body.fields ?? (/[\w.]+@[\w.]+/.test(body.text ?? "") ? { names: ["Harriet Vale"], emails: [body.text.match(/[\w.]+@[\w.]+\w/)[0]], received: "2026-03-20" } : { names: ["Harriet Vale"], received: "2026-03-20" });
  const problem = fields.names?.some((name) => name.trim()) ? null : "a request needs a name";
  return { fields, case: "SAR-2026-0004", clock: { ...CLOCK, received: fields.received ?? "2026-03-20", days_left: 30, working: "2026-04-19" }, duplicates: fields.names?.includes("Harriet Vale") ? ["SAR-2025-0031 states the same name"] : [], problem };
}

function estate(state, what, query) {
  const all = EXCEPTIONS.filter((row) => (!query.get("source") || row.source === query.get("source")) && (!query.get("reason") || row.reason === query.get("reason")));
  if (what === "exceptions") {
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { total: all.length, rows: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null };
  }
  if (what === "index") return { status: 202, body: { job: addJob(state, "index", "reading mail") } };
  const reasons = [...new Set(EXCEPTIONS.map((row) => row.reason))];
  return {
    sources: SOURCES.map((source) => {
      const n = Math.round(source.share * 60_000);
      const excepted = EXCEPTIONS.filter((row) => row.source === source.name).length;
      const offline = state.offline.has(source.name) || source.name === "backups";
      return { source: source.name, title: source.title, custodian: source.custodian, items: { listed: n, read: n - excepted - 7 - 2, duplicate: 7, excepted, excluded: 2 }, n_files: Math.round(n / 9), size_bytes: n * 48_211, last_run: "2026-03-19T18:02:00Z", is_reachable: !offline, problem: offline ? "its folder can't be opened: connect the share, then scan again" : null, media_types: [{ media_type: "message/rfc822", n: n - 20 }] };
    }),
    is_complete: true,
    exceptions: reasons.map((reason) => ({ reason, n: EXCEPTIONS.filter((row) => row.reason === reason).length, n_partial: EXCEPTIONS.filter((row) => row.reason === reason && row.is_partial).length, advice: EXCEPTIONS.find((row) => row.reason === reason).advice })),
    n_exceptions: EXCEPTIONS.length,
    eyes: "tesseract 5.3.0",
  };
}

const ADVICE = { encrypted: "put its password in the file that `passwords` names in habeas.toml, and scan again; or ask its custodian for an open copy", truncated: "look for another copy, or open it by hand", unsupported: "look at it by hand, or convert it to a format that is read", low_confidence: "look at the scan: its text may be read wrongly", no_text: "listen to it: speech is not transcribed" };
const EXCEPTIONS = Array.from({ length: 137 }, (_, i) => {
  const reason = Object.keys(ADVICE)[i % 5];
  return { source: SOURCES[i % SOURCES.length].name, path: `2017-06/recovered/file-${i}.${["zip", "docx", "dat", "tif", "mp3"][i % 5]}${i % 7 === 0 ? " ▸ inner/part.bin" : ""}`, reason, note: ["a member with a password", "ends before all elements do", "no known kind of file", "mean confidence 41 %", "a recording of 4 minutes"][i % 5], place: i % 5 === 3 ? { kind: "page", number: 2, sheet: null } : null, is_partial: i % 5 === 3, advice: ADVICE[reason] };
});

function addJob(state, kind, words, result = null, fail = null) {
  state.jobs.push({ job: state.jobs.length + 1, kind, case: CASE, begun: Date.now(), words, result, fail, started_at: state.now });
  return state.jobs.length;
}
function jobOut(one) {
  const share = Math.min(1, (Date.now() - one.begun) / 900);
  const isDone = share >= 1;
  const result = isDone && one.result ? one.result() : null;
  return { job: one.job, kind: one.kind, case: one.case, state: !isDone ? "running" : one.fail ? "failed" : "done", done: Math.round(share * 40), total: 40, words: one.words, started_at: one.started_at, ended_at: isDone ? one.started_at : null, error: isDone ? one.fail : null, result };
}
function job(state, name) {
  if (!name) return [...state.jobs].reverse().map(jobOut);
  const one = state.jobs[Number(name) - 1];
  if (!one) throw new Refusal(404, "not_found", `there is no job ${name}`);
  return jobOut(one);
}

function caseOut(state) {
  const stated = (kind, value) => ({ kind, value, from: null, to: null, origin: "stated", by: null, at: null });
  const accepted = [...state.answers.entries()].filter(([, answer]) => answer === "accept").map(([key]) => ({ kind: key.split("|")[0], value: key.split("|")[1], from: null, to: null, origin: "accepted", by: "dana", at: state.now }));
  return {
    card: card(state), born: "1984-04-03", notes: "Asked for everything since 2013, by e-mail.",
    names: [{ value: SUBJECT.name, kind: "current", from: null, to: null }, { value: SUBJECT.former, kind: "former", from: null, to: "2016-05-01" }],
    identifiers: [stated("email", SUBJECT.email), stated("phone", SUBJECT.phone), stated("address", SUBJECT.address), ...accepted],
    clock_steps: CLOCK.readings[0].steps,
    search: {
      searched_at: "2026-03-19T18:30:00Z", software: "habeas 0.1.0", is_complete: true, n_items: 60_000, n_passages: 1_204_511, n_candidates: 91_022, n_items_found: state.byItem.size, n_incidental: 900, n_unasked: 0, n_unweighed: 0, n_dropped: 0, advice: [], ask: "Which telephone number did you have before 2019?", is_current: true,
      asked: [{ kind: "name", stated: [SUBJECT.name, SUBJECT.former], n_forms: 56 }, { kind: "email", stated: [SUBJECT.email], n_forms: 3 }, { kind: "phone", stated: [SUBJECT.phone], n_forms: 6 }],
      sources: SOURCES.map((source) => ({ source: source.name, items: { listed: 10, read: 9, duplicate: 1, excepted: 0, excluded: 0 }, read_at: "2026-03-19T18:02:00Z", found: tiers(state.findings.filter((finding) => finding.source === source.name)) })),
    },
  };
}

function wanted(state, body) {
  if (body.filter) return select(state, new URLSearchParams(Object.entries(body.filter).filter(([, v]) => v !== null && v !== undefined && String(v) !== "").map(([k, v]) => [k, String(v)])));
  const list = (body.targets ?? []).flatMap((target) => (state.byItem.get(target.item) ?? []).filter((finding) => !target.place || JSON.stringify(finding.place) === JSON.stringify(target.place)));
  return list;
}

function decidePreview(state, body) {
  const list = wanted(state, body);
  const changed = list.filter((finding) => {
    const to = body.verdict ?? suggested(finding);
    return to !== null && (body.verdict !== null || state.verdict(finding) === "open") && state.verdict(finding) !== to;
  });
  const steps = new Map();
  for (const finding of changed) {
    const step = `${state.verdict(finding)}|${body.verdict ?? suggested(finding)}`;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  return { revision: state.revision, n_findings: changed.length, n_items: new Set(changed.map((finding) => finding.item)).size, n_unchanged: list.length - changed.length, changes: [...steps].map(([step, n]) => ({ from: step.split("|")[0], to: step.split("|")[1], n })), tiers: tiers(changed), n_overruled: changed.filter((finding) => state.verdict(finding) !== "open").length, sample: rowsOf(state, "finding", changed.slice(0, 10)) };
}

function conflict(state, expected, targets, by) {
  const found = state.conflicts(expected, targets);
  if (found.length) throw new Refusal(409, "changed", "somebody else decided about the same thing meanwhile; nothing was recorded", { hint: "look at what they decided, then keep it or decide again", revision: state.revision, conflicts: found });
}

function decide(state, body, by) {
  if (body.verdict === "withhold" && !body.reason) throw new Refusal(422, "usage", "to withhold needs a reason", { hint: "begin it with an exemption's code" });
  const list = wanted(state, body);
  conflict(state, body.expected, list.map((finding) => `finding ${finding.index}`), by);
  return state.decide(list, body.verdict ?? null, body.reason ?? "", by);
}

function undo(state, body, by) {
  const targets = state.ledger.slice(body.first - 1, body.last).flatMap((record) => record.targets);
  const later = state.ledger.filter((record) => record.seq > body.last && record.targets.some((target) => targets.includes(target)));
  if (later.length) conflict(state, body.last, targets, by);
  return state.undo(body.first, body.last, by);
}

function history(state, query) {
  const rows = [...state.ledger].reverse().filter((record) => (!query.get("item") || record.item === query.get("item")) && (!query.get("person") || String(record.person) === query.get("person")) && (!query.get("act") || record.act === query.get("act")));
  const from = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? 100);
  return { revision: state.revision, total: rows.length, is_verified: true, head: id(`head ${state.revision}`), rows: rows.slice(from, from + limit).map(({ seq, at, by, act, words, item, place, person, digest, reason }) => ({ seq, at, by, act, words, item, place, person, digest, reason })), next_cursor: from + limit < rows.length ? String(from + limit) : null };
}

function item(state, method, key, more, page, sub, query, body, by) {
  const list = state.byItem.get(key);
  if (!list) throw new Refusal(404, "not_found", "no item of the estate has that id");
  const head = list[0];
  const offline = state.offline.has(head.source);
  const gone = new Refusal(410, "unreadable", `the source \`${head.source}\` can't be opened now`, { hint: "connect it and try again; what was decided is kept, and you can go on deciding by its text as it was indexed" });
  if (more === "passages") {
    const all = state.passages(key);
    const limit = Number(query.get("limit") ?? 100);
    const from = query.get("cursor") ? Number(query.get("cursor")) : query.get("around") ? Math.floor(Number(query.get("around")) / limit) * limit : 0;
    return { revision: state.revision, total: all.length, passages: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null, previous_cursor: from > 0 ? String(Math.max(0, from - limit)) : null, is_current: !offline };
  }
  if (more === "pages") {
    if (!page) return { pages: head.shape === "page" ? [1, 2].map((number) => ({ page: number, passages: number === 1 ? [0] : [] })) : [] };
    if (offline) throw gone;
    if (sub === "marks") return pageMarks(state, key, Number(page));
    return { bytes: drawn(Number(page)), type: "image/png" };
  }
  if (more === "marks" && method === "POST") {
    if (offline) throw gone;
    conflict(state, body.expected, [`item ${key}`], by);
    const words = body.type === "text" ? state.passages(key)[body.passage].text.slice(body.start, body.end) : null;
    const mark = { ...body, item: key, words, by, at: state.now, inForce: true };
    const first = state.revision + 1;
    const record = state.record("mark", body.type === "text" ? "words taken out" : `${body.type} on page ${body.page}`, by, { item: key, reason: body.reason, targets: [`item ${key}`], undo: () => (mark.inForce = false) });
    mark.seq = record.seq;
    state.marks.push(mark);
    return state.revisionOut(first, 1);
  }
  const lines = rowsOf(state, "item", select(state, query), query.get("sort"), query.get("order"));
  const at = lines.findIndex((line) => line.item === key);
  const relative = (finding, relation, likeness = null) => ({ item: finding.item, at: { source: finding.source, source_title: titleOf(finding.source), path: finding.path }, title: titleFor(finding), dated: finding.date, type_words: typeOf(finding), relation, n_findings: 1, tier: finding.tier, verdict: state.verdict(finding), likeness });
  const thread = head.thread === null ? [] : state.findings.slice(head.thread * 6, head.thread * 6 + 12).filter((finding) => finding.thread === head.thread);
  const near = state.findings.filter((finding) => finding.index !== head.index && finding.shape === head.shape && finding.shape === "page").slice(head.index % 5, (head.index % 5) + 2);
  return {
    revision: state.revision, item: key, media_type: typeMedia(head), type_words: typeOf(head), size_bytes: 4812, title: titleFor(head), dated: head.date, export: null,
    at: [{ source: head.source, source_title: titleOf(head.source), path: head.path }, ...Array.from({ length: head.n_copies }, (_, i) => ({ source: "backups", source_title: "Backups", path: `aurora-201${i}.zip ▸ ${head.path}` }))],
    is_readable: !offline, problem: offline ? "its source can't be opened now: connect it, then open the item again" : null, n_passages: head.shape === "page" ? 1 : 3, n_pages: head.shape === "page" ? 2 : 0, exceptions: [],
    findings: list.slice(0, 200).map((finding) => ({ place: finding.place, place_words: placeWords(finding.place), passages: head.shape === "row" ? [list.indexOf(finding) * 3 + 1] : [0, 1], tier: finding.tier, score_bits: finding.score, about: finding.about, verdict: state.verdict(finding), suggested: suggested(finding), decision: state.verdicts.get(finding.index) ?? null, why: `${finding.tier === "certain" ? "certainly" : finding.tier === "probable" ? "probably" : "possibly"} about the person (${finding.score.toFixed(1)} bits), chiefly because of: ${finding.evidence[0].rule}`, speaks_for: finding.evidence.filter((one) => one.bits > 0), against: finding.evidence.filter((one) => one.bits < 0), would_change: ["an identifier that tells the person from others of the name"] })),
    family: head.n_family ? [relative(head, "self"), ...state.findings.slice(head.index + 1, head.index + 1 + head.n_family).map((finding) => relative(finding, "attachment"))] : [],
    thread: thread.length > 1 ? thread.map((finding) => relative(finding, finding.index === head.index ? "self" : finding.index < head.index ? "earlier" : "later")) : [],
    near: near.map((finding) => relative(finding, "near", 0.91)),
    marks: state.marks.filter((mark) => mark.inForce && mark.item === key).map((mark) => ({ seq: mark.seq, type: mark.type, passage: mark.passage ?? null, start: mark.start ?? null, end: mark.end ?? null, page: mark.page ?? null, box: mark.box ?? null, ground: mark.ground ?? "TP", reason: mark.reason, by: mark.by, at: mark.at })),
    previous: lines[at - 1]?.item ?? null, next: lines[at + 1]?.item ?? null,
  };
}

/** Marks stand in rows of the page; the last one of several stands in a note, and the second has two lines. */
function pageMarks(state, key, page) {
  const passages = page === 1 ? state.passages(key) : [];
  const marks = passages.flatMap((passage) => passage.marks.map((mark) => ({ passage: passage.number, start: mark.start })));
  const line = (at, x) => ({ x, y: 0.13 + (at * 26 * 2) / 1286, width: 0.16, height: 0.014 });
  const placed = marks.slice(0, marks.length > 2 ? -1 : undefined).map((mark, at) => ({ ...mark, areas: at === 1 ? [line(at, 0.7), line(at + 0.5, 0.08)] : [line(at, 0.1 + (at % 3) * 0.25)] }));
  return { revision: state.revision, page, width: 595, height: 842, passages, placed, n_marks: marks.length, n_placed: placed.length, note: null, is_current: true };
}

let pages = new Map();
function drawn(page) {
  if (!pages.has(page)) {
    const boxes = [[70, 60, 180, 16, 60], [70, 84, 120, 10, 140]];
    for (let y = 170; y < (page === 1 ? 1000 : 600); y += 26) for (let x = 70, i = 0; x < 800; i += 1) {
      const w = 24 + ((y * 31 + i * 47) % 70);
      boxes.push([x, y, Math.min(w, 830 - x), 11, 120]);
      x += w + 9;
    }
    pages.set(page, png(909, 1286, boxes));
  }
  return pages.get(page);
}

export const titleOf = (name) => SOURCES.find((source) => source.name === name)?.title ?? name;
export const typeOf = (finding) => ({ mail: "message", chat: "chat", page: "PDF", row: "spreadsheet" })[finding.shape];
const typeMedia = (finding) => ({ mail: "message/rfc822", chat: "text/plain", page: "application/pdf", row: "text/csv" })[finding.shape];
export const titleFor = (finding) => (finding.index === 3 ? "Invoice <script>alert(1)</script>" : finding.shape === "mail" ? (finding.thread === null ? "Your appointment" : `Re: Refund of booking ${finding.thread}`) : finding.path.split(/[/▸]/).at(-1).trim());

function people(state, method, key, more, query, body, by) {
  if (key === "look") return { status: 202, body: { job: addJob(state, "look", "reading what would be given") } };
  if (key === "policies") {
    if (body.treatment === "show" && !body.ground) throw new Refusal(422, "usage", "to show somebody needs a ground");
    if (["consent", "reasonable"].includes(body.ground) && !body.reason) throw new Refusal(422, "usage", `the ground ${body.ground} needs a reason`, { hint: "say who asked and when, or what was weighed" });
    conflict(state, body.expected, body.numbers.map((number) => `person ${number}`), by);
    return state.setPolicy(body, by);
  }
  if (more === "places") {
    const rows = state.findings.filter((finding) => finding.other.number === Number(key)).slice(0, 300).map((finding) => ({ item: finding.item, at: { source: finding.source, source_title: titleOf(finding.source), path: finding.path }, place: finding.place, place_words: placeWords(finding.place), kinds: ["name"], n: 2, fate: state.policyFor(Number(key), finding.item, finding.place)?.treatment === "show" ? "shown" : "taken_out", grounds: ["TP"], doubt: null }));
    const from = Number(query.get("cursor") ?? 0);
    return { revision: state.revision, total: rows.length, rows: rows.slice(from, from + 100), next_cursor: from + 100 < rows.length ? String(from + 100) : null };
  }
  const all = state.people().filter((person) => (!query.get("text") || person.written.some((name) => name.toLowerCase().includes(query.get("text").toLowerCase()))) && (!query.get("role") || person.roles.includes(query.get("role"))) && (!query.get("fate") || person.fate === query.get("fate")) && (!query.get("doubts") || person.n_in_doubt > 0));
  const from = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? 100);
  return { revision: state.revision, is_listed: state.isListed, is_current: true, total: all.length, n_in_doubt: all.reduce((sum, person) => sum + person.n_in_doubt, 0), rows: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null };
}

function proposals(state) {
  const one = (number, kind, value, written, nOthers, followed, words) => ({ number, kind, value, written, item: state.findings[number].item, at: { source: state.findings[number].source, source_title: titleOf(state.findings[number].source), path: state.findings[number].path }, place: state.findings[number].place, place_words: placeWords(state.findings[number].place), because: "email as stated, shared with 1 other", steps: 1, chain: [`the request states ${SUBJECT.email}`, `${placeWords(state.findings[number].place)} of ${state.findings[number].path} has it`, `${written} stands beside it, ${4 + number} times in the estate`], n_seen: 4 + number, n_passages: 11, n_added: 8 - number, n_others: nOthers, followed, followed_words: words, answer: state.answers.get(`${kind}|${value}`) ?? null });
  return { revision: state.revision, ask: "Which telephone number did you have before 2019?", proposals: [one(1, "ip", "203.0.113.11", "203.0.113.11", 0, "followed", "followed: nobody else has it"), one(2, "reference", "lr104090", "LR-104090", 0, "followed", "followed: nobody else has it"), one(3, "nhs_number", "9990003300", "999 000 3300", 0, "followed", "followed: nobody else has it"), one(4, "phone", "+442920180011", "029 2018 0011", 4, "shared", "not followed: 4 other people have it")] };
}

function answerProposals(state, body, by) {
  const first = state.revision + 1;
  for (const one of body.answers) {
    const key = `${one.kind}|${one.value}`;
    const before = state.answers.get(key);
    state.answers.set(key, one.answer);
    state.record("identifier", `${one.kind} ${one.answer}ed`, by, { reason: body.reason, undo: () => (before ? state.answers.set(key, before) : state.answers.delete(key)) });
  }
  return state.revisionOut(first, body.answers.length, addJob(state, "search", "searching again"));
}

function addIdentifier(state, body, by) {
  const first = state.revision + 1;
  state.answers.set(`${body.kind}|${body.value}`, "accept");
  state.record("identifier", `${body.kind} added`, by, { reason: body.reason });
  return state.revisionOut(first, 1, addJob(state, "search", "searching again"));
}

function events(state) {
  return { revision: state.revision, state: state.isClosed ? "closed" : "reviewing", kinds: eventKinds(state), recorded: state.ledger.filter((record) => record.act === "event").map(({ seq, at, by, act, words, item, place, person, digest, reason }) => ({ seq, at, by, act, words, item, place, person, digest, reason })) };
}
function addEvent(state, body, by) {
  const kind = eventKinds(state).find((one) => one.event === body.event);
  if (!kind) throw new Refusal(422, "usage", `there is no event ${body.event}`);
  const missing = kind.fields.find((field) => field.is_required && body.fields[field.name] === undefined);
  if (missing) throw new Refusal(422, "usage", `\`${missing.title}\` has to be filled in`);
  const first = state.revision + 1;
  state.events.push({ ...body, by, at: state.now });
  if (body.event === "closed") state.isClosed = true;
  if (body.event === "reopened") state.isClosed = false;
  state.record("event", kind.title, by, { reason: body.reason });
  return state.revisionOut(first, 1);
}

function bundleOut(state) {
  const exhibits = ["Letter of 3 March 2016", "Call log 2019", "Your appointment", "Refund of booking 12", "Chat of May 2021"].map((title, i) => ({ number: i + 1, first: `${CASE}-${String(i * 2 + 1).padStart(6, "0")}`, n_pages: 2, title, description: "message, with everybody else taken out", source: SOURCES[i].title, dated: `20${16 + i}-03-03`, item: state.findings[i].item, n_labels: i * 3, n_left_out: i * 10, file: `B_Correspondence/${CASE}-${String(i * 2 + 1).padStart(6, "0")}.pdf` }));
  return { state: state.bundle, n_exhibits: 5, n_pages: 10, n_labels: 30, n_people: 12, n_shown: 2, n_left_out: 100, n_withheld: 1, n_incidental: 4, n_pending: 2, notes: ["2 possible findings stay under review; the letter says so"], refused: [{ item: state.findings[9].item, reason: "its page can't be drawn so that it tells nothing, and it has no text" }], exhibits, files: ["00_Letter.pdf", "01_Your-information-rights.pdf", "02_What-we-searched.pdf", "03_Schedule-of-documents.pdf", ...exhibits.map((one) => one.file), "P_Portability/data.json", "Z_Verification/manifest.sha256"].map((name) => ({ name, size_bytes: 48_000 + name.length, sha256: id(name) })) };
}
function bundle(state, method, key, more, query, body, by) {
  if (method === "POST") {
    const { n_open: nOpen } = progress(state);
    if (nOpen) throw new Refusal(409, "blocked", `${nOpen} findings have no decision`, { hint: "decide them first" });
    if (body.expected !== state.revision) throw new Refusal(409, "changed", "decisions were added meanwhile", { hint: "look at them, then make the bundle again", revision: state.revision });
    if (state.unwritable || body.out === "/root/none") return { status: 202, body: { job: addJob(state, "bundle", "writing", null, { code: "failed", message: `${body.out ?? "cases/SAR-2026-0001/bundle"} can't be written: permission denied`, hint: "give another folder, or make it writable; no decision is lost", revision: null, conflicts: [] }) } };
    const made = () => {
      if (state.bundle.state !== "made") {
        state.bundle = { state: "made", dir: body.out ?? `cases/${CASE}/bundle`, made_at: state.now, by, manifest_sha256: id("manifest"), is_packed: body.packs ?? false };
        state.record("bundle", "bundle made", by);
      }
      return bundleOut(state);
    };
    return { status: 202, body: { job: addJob(state, "bundle", "attacking the exhibits", made) } };
  }
  if (state.bundle.state === "none") throw new Refusal(404, "not_found", "there is no bundle yet");
  if (key === "archive") return { bytes: Buffer.from("PK\u0005\u0006" + "\0".repeat(18)), type: "application/zip", name: `${CASE}.zip` };
  if (key === "pages") {
    if (Number(more) > 2) throw new Refusal(404, "not_found", "there is no such page");
    return { bytes: drawn(Number(more)), type: "image/png" };
  }
  return bundleOut(state);
}
function deliver(state, body, by) {
  const open = release(state).checks.find((one) => one.state === "blocked");
  if (open) throw new Refusal(409, "blocked", open.message);
  if (!body.recipient.trim()) throw new Refusal(422, "usage", "say to whom it went");
  const first = state.revision + 1;
  const record = state.record("event", `delivered by ${body.channel}`, by, { reason: body.note ?? "" });
  state.deliveries.push({ seq: record.seq, at: state.now, by, words: `by ${body.channel} to ${body.recipient}`, manifest_sha256: state.bundle.manifest_sha256 });
  return state.revisionOut(first, 1);
}

function charts(state) {
  const months = new Map();
  let nUndated = 0;
  for (const finding of state.findings) {
    if (!finding.date) nUndated += 1;
    else {
      const month = finding.date.slice(0, 7);
      if (!months.has(month)) months.set(month, { month, certain: 0, probable: 0, possible: 0, namesake: 0 });
      months.get(month)[finding.tier] += 1;
    }
  }
  return {
    revision: state.revision, timeline: [...months.values()].sort((a, b) => a.month.localeCompare(b.month)), n_undated: nUndated,
    volumes: SOURCES.map((source) => ({ source: source.name, title: source.title, n_items: Math.round(source.share * 60_000), n_findings: state.findings.filter((finding) => finding.source === source.name).length, findings: tiers(state.findings.filter((finding) => finding.source === source.name)), n_exceptions: 3 })),
    clock: CLOCK, progress: progress(state), decisions: [{ day: "2026-03-18", n: 120 }, { day: "2026-03-19", n: 310 }, { day: "2026-03-20", n: state.verdicts.size }],
    milestones: [{ day: "2026-03-02", words: "received" }, { day: "2026-04-01", words: "due" }],
  };
}

function evidence(state) {
  return { version: "0.1.0 (mock)", ledgers: [{ case: CASE, n_records: state.revision, is_verified: true, problem: null, head: id(`head ${state.revision}`), n_torn_bytes: 0 }], settings: [{ name: "redaction.staff", value: "take out" }, { name: "limits.expanded_size", value: "2 GiB" }], isolation: ["readers: landlock, seccomp, resource limits", "network: none but this page's port, on loopback"] };
}

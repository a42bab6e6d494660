// What the mock server remembers: one case with its ledger, people, marks, gates, bundle and sessions.
import { randomBytes } from "node:crypto";
import { PEOPLE, SOURCES, SUBJECT, findings, hitsIn, id, passagesOf } from "./estate.mjs";

export const CASE = "SAR-2026-0001";
const SHOWN = { consent: "TP-CONSENT", reasonable: "TP-REASONABLE", professional: "HP-PRESUME", staff: "TP-STAFF", known: "TP-KNOWN" };
const GROUNDS = { TP: "information about another person", NPD: "not about the requester", "TP-CONSENT": "the other person agreed", "TP-REASONABLE": "reasonable without their agreement", "HP-PRESUME": "a health professional in their work", "TP-STAFF": "staff acting in their role", "TP-KNOWN": "known to the requester already" };

export function placeWords(place) {
  return `${place.sheet ? `sheet "${place.sheet}", ` : ""}${place.kind} ${place.number}`;
}

export class State {
  constructor(nFindings) {
    this.findings = findings(nFindings);
    this.byItem = new Map();
    for (const finding of this.findings) {
      if (!this.byItem.has(finding.item)) this.byItem.set(finding.item, []);
      this.byItem.get(finding.item).push(finding);
    }
    this.ledger = [];
    this.verdicts = new Map();
    this.policies = [];
    this.marks = [];
    this.answers = new Map();
    this.deliveries = [];
    this.events = [];
    this.jobs = [];
    this.bundle = { state: "none", dir: null, made_at: null, by: null, manifest_sha256: null, is_packed: false };
    this.isClosed = false;
    this.isListed = true;
    this.unwritable = false;
    this.offline = new Set();
    this.keys = new Set();
    this.sessions = new Map();
    this.now = "2026-03-20T09:00:00Z";
    // Some were decided before this morning.
    for (let i = 0; i < Math.min(20, nFindings); i += 1) {
      if (i % 3 === 1) this.decide([this.findings[i]], this.findings[i].tier === "namesake" ? "not_subject" : "disclose", "suggested", "demo");
    }
  }

  get revision() {
    return this.ledger.length;
  }

  key() {
    const key = randomBytes(32).toString("hex");
    this.keys.add(key);
    return key;
  }

  record(act, words, by, more = {}) {
    const seq = this.ledger.length + 1;
    const record = { seq, at: this.now, by, act, words, item: null, place: null, person: null, digest: id(`record ${seq}`), reason: "", undo: null, targets: [], ...more };
    this.ledger.push(record);
    if (this.bundle.state === "made" && act !== "event" && act !== "bundle") this.bundle.state = "stale";
    return record;
  }

  verdict(finding) {
    return this.verdicts.get(finding.index)?.verdict ?? "open";
  }

  decide(list, verdict, reason, by) {
    const first = this.revision + 1;
    let nRecorded = 0;
    for (const finding of list) {
      const to = verdict ?? suggested(finding);
      if (to === null || (verdict === null && this.verdict(finding) !== "open") || this.verdict(finding) === to) continue;
      const before = this.verdicts.get(finding.index) ?? null;
      const record = this.record("decision", `${to}${reason ? `: ${reason}` : ""}`, by, {
        item: finding.item,
        place: finding.place,
        reason,
        verdict: to,
        targets: [`finding ${finding.index}`],
        undo: () => (before ? this.verdicts.set(finding.index, before) : this.verdicts.delete(finding.index)),
      });
      this.verdicts.set(finding.index, { seq: record.seq, verdict: to, reason, by, at: record.at });
      nRecorded += 1;
    }
    return this.revisionOut(first, nRecorded);
  }

  revisionOut(first, nRecorded, job = null) {
    return { revision: this.revision, n_recorded: nRecorded, first: nRecorded ? first : null, last: nRecorded ? this.revision : null, job };
  }

  /** Later records of others about one of the targets. */
  conflicts(expected, targets) {
    const wanted = new Set(targets);
    return this.ledger
      .filter((record) => record.seq > expected && record.targets.some((target) => wanted.has(target)))
      .map(({ seq, at, by: who, words, item, place, person, verdict, reason }) => ({ seq, at, by: who, words, item, place, person, number: null, verdict: verdict ?? null, reason }));
  }

  undo(first, last, by) {
    const start = this.revision + 1;
    for (let seq = last; seq >= first; seq -= 1) {
      const record = this.ledger[seq - 1];
      if (!record?.undo) continue;
      const again = this.snapshot(record);
      record.undo();
      this.record("undo", `takes back record ${seq}`, by, { item: record.item, place: record.place, person: record.person, targets: record.targets, undo: again });
    }
    return this.revisionOut(start, this.revision - start + 1);
  }

  snapshot(record) {
    if (record.act !== "decision" && record.act !== "undo") return () => {};
    const index = Number(record.targets[0]?.split(" ")[1]);
    const held = this.verdicts.get(index);
    return () => (held ? this.verdicts.set(index, held) : this.verdicts.delete(index));
  }

  policyFor(person, item, place) {
    const fits = this.policies.filter((policy) => policy.inForce && policy.number === person && (policy.item === null || policy.item === item) && (policy.place === null || JSON.stringify(policy.place) === JSON.stringify(place)));
    const reach = (policy) => (policy.place ? 2 : policy.item ? 1 : 0);
    return fits.sort((a, b) => reach(a) - reach(b) || a.seq - b.seq).at(-1) ?? null;
  }

  setPolicy(input, by) {
    const first = this.revision + 1;
    for (const number of input.numbers) {
      const words = input.treatment === "show" ? `shown: ${input.ground}` : input.treatment.replace("_", " ");
      const policy = { number, treatment: input.treatment, ground: input.ground ?? null, role_label: input.role_label ?? "", item: input.item ?? null, place: input.place ?? null, reason: input.reason, by, at: this.now, words, inForce: true };
      const record = this.record("policy", words, by, { person: number, item: policy.item, place: policy.place, reason: input.reason, targets: [`person ${number}`], undo: () => (policy.inForce = false) });
      policy.seq = record.seq;
      this.policies.push(policy);
    }
    return this.revisionOut(first, input.numbers.length);
  }

  policyOut(policy) {
    return { seq: policy.seq, treatment: policy.treatment, ground: policy.ground, code: policy.ground ? SHOWN[policy.ground] : null, role_label: policy.role_label, item: policy.item, place: policy.place, place_words: policy.place ? placeWords(policy.place) : null, reason: policy.reason, by: policy.by, at: policy.at, words: policy.words };
  }

  passages(item) {
    const list = this.byItem.get(item);
    const head = list[0];
    const out = [];
    for (const finding of head.shape === "row" ? list.slice(0, 200) : list.slice(0, 1)) {
      passagesOf(finding).forEach((passage, i) => {
        const isOther = finding.shape === "row" && i !== 1;
        const place = finding.shape === "row" || finding.shape === "chat" ? { ...finding.place, number: finding.place.number + i - 1 || 1 } : finding.place;
        const number = out.length;
        out.push({
          number,
          place,
          place_words: placeWords(place),
          part: passage.part,
          hidden: null,
          is_record: passage.isRecord ?? false,
          page: finding.shape === "page" ? 1 : null,
          is_about: !isOther,
          fate: isOther ? "left_out" : "given",
          text: passage.text,
          fields: captions(passage.text, finding.shape),
          marks: isOther ? [] : this.marksOf(item, place, number, passage.text),
        });
      });
    }
    return out;
  }

  marksOf(item, place, number, text) {
    const manual = this.marks.filter((mark) => mark.inForce && mark.item === item && mark.type === "text");
    const out = [];
    for (const mark of manual) {
      for (let at = text.indexOf(mark.words); at >= 0; at = text.indexOf(mark.words, at + mark.words.length)) {
        out.push({ start: at, end: at + mark.words.length, kind: mark.kind ?? "name", who: "other", person: null, label: mark.words, doubt: null, fate: "taken_out", ground: mark.ground, ground_words: GROUNDS[mark.ground], decided: "manual", manual: mark.seq, rule: "marked by hand" });
      }
    }
    for (const hit of hitsIn(text, number)) {
      if (out.some((mark) => mark.start < hit.to && hit.from < mark.end)) continue;
      const isSubject = hit.whose === "subject";
      const policy = isSubject ? null : this.policyFor(hit.person, item, place);
      const treatment = policy?.treatment ?? "default";
      const fate = isSubject ? "kept" : treatment === "show" ? "shown" : treatment === "nobody" ? "nobody" : "taken_out";
      const ground = isSubject || fate === "nobody" ? null : fate === "shown" ? SHOWN[policy.ground] : "TP";
      out.push({ start: hit.from, end: hit.to, kind: hit.kind, who: hit.whose, person: hit.person, label: isSubject ? null : PEOPLE[hit.person - 1].name, doubt: hit.whose === "unknown" ? "an unknown word that may be a name" : null, fate, ground, ground_words: ground ? GROUNDS[ground] : null, decided: policy && treatment !== "default" ? (policy.place ? "place" : policy.item ? "item" : "person") : "default", manual: null, rule: hit.rule });
    }
    return out.sort((a, b) => a.start - b.start);
  }

  people() {
    return PEOPLE.map((person) => {
      const policy = this.policyFor(person.number, null, null);
      const treatment = policy?.treatment ?? "default";
      const fate = treatment === "show" ? "shown" : treatment === "nobody" ? "nobody" : "taken_out";
      const own = this.findings.length > 2000 ? 40 : this.findings.filter((finding) => finding.other.number === person.number).length;
      const isDoubt = person.number === 12 || person.number === 4;
      return {
        number: person.number,
        written: [person.name, ...(person.name.startsWith("Dr ") ? [`Dr ${person.name.split(" ").at(-1)}`] : [])],
        roles: [person.role === "unknown" ? "private" : person.role],
        n_places: own * 2 + 1,
        n_items: own + 1,
        n_shown: fate === "shown" ? own * 2 + 1 : 0,
        n_in_doubt: isDoubt && treatment === "default" ? 1 : 0,
        doubts: isDoubt && treatment === "default" ? [person.number === 12 ? "an unknown word that may be a name" : "a family name that the requester bears too"] : [],
        fate,
        fate_words: fate === "shown" ? `shown: ${GROUNDS[SHOWN[policy.ground]]}` : fate.replace("_", " "),
        proposed: person.role === "professional" ? "professional" : person.role === "staff" ? "staff" : null,
        same_words: [],
        decisions: this.policies.filter((one) => one.inForce && one.number === person.number).map((one) => this.policyOut(one)),
      };
    });
  }
}

export const suggested = (finding) => (finding.about === "incidental" && finding.tier !== "namesake" && finding.tier !== "possible" ? "incidental" : { certain: "disclose", probable: "disclose", possible: null, namesake: "not_subject" }[finding.tier]);

function captions(text, shape) {
  if (shape !== "row") return [];
  const out = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) out.push({ start: at, end: at + colon, meaning: "caption" });
    at += line.length + 1;
  }
  return out;
}

export { SOURCES, SUBJECT, GROUNDS };

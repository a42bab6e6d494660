// A made-up estate for the mock server: as many findings as asked for, the same ones every time.
// Nobody in it exists: `example.org`, 07700 900xxx, NHS 999….
import { createHash } from "node:crypto";

/** A number from 0 to 1 for that seed (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const SUBJECT = {
  name: "Eleanor Marsden",
  former: "Eleanor Whitlock",
  email: "eleanor.marsden@example.org",
  phone: "07700 900123",
  born: "3 April 1984",
  address: "14 Larkspur Rise, Bristol, BS6 4QX",
};

export const PEOPLE = [
  ["Dr Hao Ho", "professional", "dermatologist"],
  ["Thomas Marsden", "private", "husband"],
  ["Raymond Ravenscroft", "staff", "front desk"],
  ["Patricia Whitlock", "private", "mother"],
  ["Daniel Sutcliffe", "professional", "nurse"],
  ["Imogen Fairweather", "staff", "complaints"],
  ["Oluwaseun Adeyemi-Grant", "private", "patient"],
  ["Siân Llewellyn", "staff", "accounts"],
  ["Bartholomew Featherstonehaugh", "private", "patient"],
  ["Mei Tan", "private", "patient"],
  ["Kofi Mensah", "professional", "surgeon"],
  ["Larkspur", "unknown", ""],
  ...Array.from({ length: 60 }, (_, i) => [`Patient Number-${i + 1}`, "private", "patient"]),
].map(([name, role, what], i) => ({ number: i + 1, name, role, what }));

export const SOURCES = [
  ["mail", "Mailboxes", "IT", 0.42],
  ["telephony", "Telephone system", "Call centre", 0.16],
  ["chat", "Chats", "Front desk", 0.12],
  ["clinical", "Clinical records", "Medical records", 0.1],
  ["practice", "Practice management", "Reception", 0.07],
  ["payments", "Payments", "Accounts", 0.05],
  ["marketing", "Marketing lists", "Marketing", 0.04],
  ["complaints", "Complaints", "Governance", 0.03],
  ["backups", "Backups", "IT", 0.01],
].map(([name, title, custodian, share]) => ({ name, title, custodian, share }));

export const id = (text) => createHash("sha256").update(text).digest("hex");

const pick = (roll, list) => list[Math.floor(roll() * list.length)];

function tierOf(roll) {
  const at = roll();
  return at < 0.28 ? "certain" : at < 0.45 ? "probable" : at < 0.88 ? "possible" : "namesake";
}

const RULES = {
  certain: [["birth_date", "birth date as stated", 13.35], ["email", "email as stated, shared with 1 other", 12.04], ["name", "full name, 3 others fit", 7.56], [null, "prior", -7.39]],
  probable: [["phone", "phone as stated, shared with 2 others", 11.09], ["name", "full name, 3 others fit", 7.56], [null, "prior", -7.39]],
  possible: [["name", "family name alone, 7 others fit", 2.74], [null, "prior", -7.39]],
  namesake: [["name", "full name, 3 others fit", 7.56], ["birth_date", "another birth date", -13], [null, "prior", -7.39]],
};

/** The findings of the made-up case, by number from 0. */
export function findings(nFindings) {
  const all = [];
  for (let i = 0; i < nFindings; i += 1) {
    const roll = dice(i * 7919 + 11);
    // The fourth is the hostile mail.
    let at = i === 3 ? 0 : roll();
    const source = SOURCES.find((one) => (at -= one.share) < 0) ?? SOURCES[0];
    const tier = tierOf(roll);
    const shape = { mail: "mail", chat: "chat", clinical: "page", complaints: "page" }[source.name] ?? "row";
    const year = 2013 + Math.floor(roll() * 13);
    const month = 1 + Math.floor(roll() * 12);
    const day = 1 + Math.floor(roll() * 28);
    const stamp = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    const other = pick(roll, PEOPLE);
    const thread = shape === "mail" && roll() < 0.6 ? Math.floor(i / 6) : null;
    const paths = {
      mail: `${pick(roll, ["frontdesk", "complaints", "r.ravenscroft"])}.mbox ▸ ${i + 1}`,
      telephony: `ringcentral/call-log-${year}.json`,
      chat: `whatsapp/export-${year}-${month}.txt`,
      clinical: `letters/${year}/A-${2000 + (i % 700)}.pdf`,
      practice: `appointments-${year}.csv`,
      payments: `paypal/Download-${year}.CSV`,
      marketing: `mailchimp/members-${year}.csv`,
      complaints: `C-${year}-${String(i % 90).padStart(3, "0")}.pdf`,
      backups: `aurora-${year}.zip ▸ patients.csv`,
    };
    all.push({
      index: i,
      item: id(shape === "mail" || shape === "page" ? `item ${i}` : `${source.name} ${paths[source.name]}`),
      path: paths[source.name],
      place: { kind: { mail: "message", chat: "message", page: "page", row: "row" }[shape], number: shape === "mail" || shape === "page" ? 1 : 2 + (i % 900), sheet: null },
      source: source.name,
      shape,
      tier,
      score: RULES[tier].reduce((sum, [, , bits]) => sum + bits, 0) + Math.round(roll() * 20) / 10,
      about: roll() < 0.82 ? "relates" : "incidental",
      evidence: RULES[tier].map(([kind, rule, bits]) => ({ kind, rule, bits })),
      date: roll() < 0.93 ? stamp : null,
      other,
      thread,
      n_copies: roll() < 0.08 ? 1 + Math.floor(roll() * 4) : 0,
      n_family: shape === "mail" && roll() < 0.15 ? 1 + Math.floor(roll() * 3) : 0,
      n_others: Math.floor(roll() * 5),
      n_doubts: roll() < 0.06 ? 1 : 0,
    });
  }
  return all;
}

const HOSTILE = `<html><head><meta http-equiv="refresh" content="0;url=https://tracker.example.net/gone"></head>
<body onload="fetch('https://tracker.example.net/onload')"><h1>Invoice for Eleanor Marsden</h1>
<script>document.title='OWNED';fetch('https://tracker.example.net/script')</script>
<img src="https://tracker.example.net/pixel.gif" onerror="document.title='OWNED'">
<form action="https://tracker.example.net/post" method="post"><input name="a" value="1"><button>Pay</button></form>
<iframe src="https://tracker.example.net/frame"></iframe><svg onload="document.title='OWNED'"></svg>
<a href="javascript:document.title='OWNED'">Dear Thomas Marsden, click here</a></body></html>`;

/** What the item of a finding says: passages in order, each with its place. */
export function passagesOf(finding) {
  const { other, shape, index } = finding;
  const third = other.name;
  if (index === 3) {
    return [
      { part: "header", text: `From: Accounts <accounts@tracker.example.net>\nTo: ${SUBJECT.name} <${SUBJECT.email}>\nSubject: Invoice <script>alert(1)</script>\nDate: ${finding.date}` },
      { part: "body", text: HOSTILE },
    ];
  }
  if (shape === "mail") {
    return [
      { part: "header", text: `From: ${third} <${third.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@larkrise.example.org>\nTo: ${SUBJECT.name} <${SUBJECT.email}>\nSubject: ${finding.thread === null ? "Your appointment" : `Re: Refund of booking ${finding.thread}`}\nDate: ${finding.date ?? "unknown"}` },
      { part: "body", text: `Dear Mrs Marsden,\n\nThank you for your call on ${SUBJECT.phone}. I have spoken to ${third} about the appointment on the 12th, and ${PEOPLE[1].name} may come along as you asked. We still have your address as ${SUBJECT.address}; the naïve “quotes” and the café stay as they are.\n\nThe ${PEOPLE[11].name} cream was out of stock. Dr Hao Ho will ring you before the weekend.\n\nKind regards,\n${third}` },
      { part: "quoted", text: `On ${finding.date ?? "an earlier day"}, ${SUBJECT.name} wrote:\n> Can Dr Ho see me earlier? My mother, Patricia Whitlock, has the same rash.\n> E. Marsden, born ${SUBJECT.born}` },
    ];
  }
  if (shape === "chat") {
    const one = (who, text) => ({ part: "body", isRecord: true, text: `${who}: ${text}` });
    return [
      one("Raymond Ravenscroft", "Good morning, front desk here."),
      one(SUBJECT.name, `Hello, it is ${SUBJECT.name}, ${SUBJECT.phone}. Can I move Thursday?`),
      one("Raymond Ravenscroft", `Of course. ${third} is in that slot, I will ring them.`),
      one(SUBJECT.name, "Thank you! 🙂 Say hello to Siân."),
    ];
  }
  if (shape === "page") {
    return [
      { part: "body", text: `Lark Rise Clinics Limited\n1 Example Row, London\n\n${finding.date ?? "Undated"}\n\nRe: ${SUBJECT.name}, born ${SUBJECT.born}, NHS 999 000 3300\n\nDear Mrs Marsden,\n\nYou were seen by ${third} with a two-year history of an itchy rash. Your mother ${PEOPLE[3].name} had the same. We agreed on a cream twice a day, and Dr Hao Ho will review you in six weeks.\n\nYours sincerely,\n\nDr Hao Ho\nConsultant dermatologist` },
    ];
  }
  const row = (who, phone, note) => ({ part: "body", isRecord: true, text: `Name: ${who}\nPhone: ${phone}\nDate: ${finding.date ?? ""}\nAgent: Raymond Ravenscroft\nNote: ${note}` });
  return [
    row(third, "07700 900456", "asked for opening times"),
    row(SUBJECT.name, SUBJECT.phone, `wants to move her appointment; husband ${PEOPLE[1].name} rang too`),
    row(PEOPLE[9].name, "07700 900789", "prescription"),
  ];
}

/** Every mention in a text, with whose it is. */
export function hitsIn(text, passage) {
  const found = [];
  const look = (needle, whose, kind, person, rule) => {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      found.push({ passage, from: at, to: at + needle.length, whose, kind, person, rule });
    }
  };
  look(SUBJECT.name, "subject", "name", null, "full name");
  look("Mrs Marsden", "subject", "name", null, "family name with a title");
  look("E. Marsden", "subject", "name", null, "initial and family name");
  look(SUBJECT.email, "subject", "email", null, "email as stated");
  look(SUBJECT.phone, "subject", "phone", null, "phone as stated");
  look(SUBJECT.born, "subject", "birth_date", null, "birth date as stated");
  look("999 000 3300", "subject", "nhs_number", null, "found beside a stated identifier");
  look(SUBJECT.address, "subject", "address", null, "address as stated");
  for (const person of PEOPLE) look(person.name, person.role === "private" ? "other" : person.role, "name", person.number, person.role === "unknown" ? "an unknown word that may be a name" : "name:directory");
  look("Dr Ho", "professional", "name", 1, "title and family name");
  look("07700 900456", "other", "phone", 7, "phone");
  look("07700 900789", "other", "phone", 10, "phone");
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  // The longest of those that overlap.
  const kept = [];
  for (const hit of found) if (kept.length === 0 || hit.from >= kept.at(-1).to) kept.push(hit);
  return kept;
}

// The mock's gates, events, exemptions and release checklist.
const MAY = { effect: "may", disapplies: "GDPR Art. 15(1) to (3)", may_stay_untold: false };
export const exemptions = [
  { ...MAY, code: "CRIME", title: "The prevention of crime, or the collection of tax", provision: "DPA 2018 Sch. 2 para. 2", question: "Which investigation or collection would be prejudiced, and how, if this were given?", may_stay_untold: true },
  { ...MAY, code: "TP", title: "Information about another person", provision: "DPA 2018 Sch. 2 para. 16", question: "Has the other person agreed; if not, is it reasonable to give it without their agreement?" },
  { ...MAY, code: "HP-PRESUME", title: "A health professional, social worker or teacher in their work", provision: "DPA 2018 Sch. 2 para. 17", effect: "give", disapplies: "", question: "Is it a health record, and did this professional take part in the care?" },
  { ...MAY, code: "LPP", title: "Confidential legal advice", provision: "DPA 2018 Sch. 2 para. 19", question: "Who advised whom, on what, and is it still confidential?" },
  { ...MAY, code: "NEGO", title: "Negotiations with the requester", provision: "DPA 2018 Sch. 2 para. 23", question: "Which negotiation would be prejudiced, and how?", may_stay_untold: true },
  { ...MAY, code: "HEALTH-HARM", title: "Serious harm to somebody's health", provision: "DPA 2018 Sch. 3 para. 5", question: "Which health professional is of that opinion, since when?" },
  { ...MAY, code: "HEALTH-NOOP", title: "Health data without an opinion", provision: "DPA 2018 Sch. 3 para. 6", effect: "must", question: "Who was asked for an opinion, and when?" },
  { ...MAY, code: "DUP", title: "A duplicate", provision: "", effect: "reason", question: "Of which exhibit?" },
];

const has = (state, event) => state.events.findLast?.((one) => one.event === event) ?? [...state.events].reverse().find((one) => one.event === event);

export function gates(state, withheld) {
  const health = has(state, "health_opinion");
  const gate = (code, title, settled, words, more) => ({ code, title, state: settled ? "settled" : "open", words, question: null, provision: null, items: [], n_items: 0, events: [], by: settled?.by ?? null, at: settled?.at ?? null, reason: settled?.reason ?? null, expires: null, ...more });
  return {
    revision: state.revision,
    withheld,
    gates: [
      gate("identity", "Who the requester is", { by: "dana", at: "2026-03-03T10:00:00Z", reason: "known by their e-mail address" }, "settled on 3 March 2026", { events: ["identity_satisfied"], provision: "GDPR Art. 12(6)" }),
      gate("health", "Health data", health, health ? `an opinion of ${health.fields.clinician} covers all 4 items` : "no opinion of a health professional covers 4 items", { question: "Has the appropriate health professional said, within the last 6 months, that giving this would not be likely to cause serious harm to anybody's health? Or has the person seen it already?", provision: "DPA 2018 Sch. 3 paras. 5 and 6", items: state.findings.filter((finding) => finding.source === "clinical").slice(0, 4).map((finding) => finding.item), n_items: 4, events: ["health_opinion", "known_to_subject"], expires: health ? "2026-09-20" : null }),
      gate("third_party", "Other people", has(state, "third_parties_looked_at"), has(state, "third_parties_looked_at") ? "looked at" : "2 mentions of other people wait for a look", { question: "Has somebody looked at each person in doubt?", provision: "DPA 2018 Sch. 2 paras. 16 and 17", events: ["third_parties_looked_at"] }),
      { ...gate("clarification", "What was asked for", null, "nothing was asked", {}), state: "does_not_apply" },
    ],
  };
}

export function eventKinds(state) {
  const field = (name, title, type, is_required = true, choices = []) => ({ name, title, type, choices, is_required });
  const kind = (event, title, words, fields, is_possible = true, why_not = null) => ({ event, title, words, fields, is_possible, why_not });
  return [
    kind("identity_asked", "Identity was asked for", "The clock waits until the requester has answered.", [field("day", "When", "date")]),
    kind("identity_satisfied", "Identity is clear", "The clock runs from the day on which it was.", [field("day", "When", "date"), field("how", "How", "text")]),
    kind("extended", "Time was extended", "By two months, because the request is complex; the requester has to be told within a month.", [field("day", "When it was told", "date")]),
    kind("health_opinion", "A health professional gave an opinion", "Holds for 6 months from its day.", [field("clinician", "Who", "text"), field("registration", "Registration number", "text"), field("day", "Date of the opinion", "date"), field("opinion", "Opinion", "choice", true, ["no serious harm", "serious harm"]), field("items", "Which items it covers", "items", false)]),
    kind("known_to_subject", "The person has seen it", "What the person has seen already may be given without an opinion.", [field("evidence", "How that is known", "text"), field("items", "Which items", "items", false)]),
    kind("third_parties_looked_at", "Other people were looked at", "Everybody in doubt was looked at.", []),
    kind("third_party", "A record about another person", "why they are shown, or not", [field("person", "Their number in the list of people", "number"), field("item", "In which item only", "item", false), field("relation", "Who they are to the requester", "choice", true, ["staff", "professional", "customer", "other"]), field("consent", "Did they agree?", "consent"), field("factors", "All circumstances taken together", "text")]),
    kind("exemption", "An exemption's question was answered", "kept back only where it applies", [field("code", "The exemption's code", "text"), field("item", "For which item", "item", false), field("place", "At which place of it", "place", false), field("applies", "It applies", "bool"), field("answer", "The answer", "text"), field("is_told", "The person is told of it", "bool")]),
    kind("closed", "Close the case", "Nothing can be decided after that, until it is opened again.", [], !state.isClosed, state.isClosed ? "it is closed" : null),
    kind("reopened", "Open the case again", "Decisions can be made again.", [], state.isClosed, state.isClosed ? null : "it is open"),
  ];
}

export function release(state) {
  const open = state.findings.filter((finding) => (finding.tier === "certain" || finding.tier === "probable") && state.verdict(finding) === "open").length;
  const possible = state.findings.filter((finding) => finding.tier === "possible" && state.verdict(finding) === "open").length;
  const check = (code, title, status, message, screen, n = null) => ({ code, title, state: status, message, n, screen });
  const closed = gates(state, []).gates;
  const checks = [
    check("undecided", "Every finding has a decision", open ? "blocked" : "ok", open ? `${open} findings have no decision` : "all are decided", "queue", open || null),
    check("possible", "Possible findings were looked at", possible ? "look" : "ok", possible ? `${possible} stay under review; the letter says so` : "none is open", "queue", possible || null),
    ...closed.filter((gate) => gate.state !== "does_not_apply").map((gate) => check(`${gate.code}_gate`, gate.title, gate.state === "open" ? (gate.code === "third_party" ? "look" : "blocked") : "ok", gate.words, "gates")),
    check("exceptions", "What could not be read is told", "look", "137 items could not be read; the search record lists them by reason", "exceptions", 137),
  ];
  checks.push(check("bundle", "The bundle is made, and newer than every decision", state.bundle.state === "made" ? "ok" : "blocked", state.bundle.state === "made" ? "settled" : "no bundle was written", "release"));
  return { revision: state.revision, is_ready: checks.every((one) => one.state !== "blocked"), checks, bundle: state.bundle, deliveries: state.deliveries };
}

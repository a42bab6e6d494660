// Made from ../api/openapi.json by tools/types.mjs. Do not edit.

/** Why something was not done. `message` and `hint` never say what an item says. */
export type Problem = {
  /** What a program goes by. */
  code: ErrorCode;
  /** One sentence. */
  message: string;
  /** What to do. */
  hint: string | null;
  /** With `changed`: the revision of the case now. */
  revision: number | null;
  /** With `changed`: what somebody else decided meanwhile, target by target; else empty. Nothing of the request was recorded. */
  conflicts: Conflict[];
};

/** `changed` 409: somebody else decided about the same thing since `expected`; show `conflicts`, then send again with the new revision to overrule. `closed` 409: the case was closed meanwhile. `blocked` 409: something has to be done first. `busy` 409: a job of that kind runs already. `not_found` 404. `usage` 400/422: the request is wrong. `session` 401: no session, or it has expired: open a new link from the terminal (`habeas review` prints one when Enter is pressed); keep what was typed. `foreign` 403: not from this page or not from this user. `too_large` 413. `unreadable` 410: the item can't be read again (source offline, changed, gone). `failed` 500: a file of the case can't be read or written (disk full, permission, ledger changed); message names the file. */
export type ErrorCode = "changed" | "closed" | "blocked" | "busy" | "not_found" | "usage" | "session" | "foreign" | "too_large" | "unreadable" | "failed";

/** What somebody else decided since `expected`, about one of the targets. */
export type Conflict = {
  seq: number;
  at: string;
  by: string;
  /** In words, such as `withheld: LPP: advice`. */
  words: string;
  item: string | null;
  place: Place | null;
  person: number | null;
  /** The number of a proposed identifier. */
  number: number | null;
  verdict: Verdict | null;
  reason: string;
};

/** What happens with a finding. */
export type Verdict = "disclose" | "withhold" | "not_subject" | "incidental" | "open";

/** How strongly a finding points at the person, strongest first. */
export type Tier = "certain" | "probable" | "possible" | "namesake";

/** About the person, or the person is merely copied in or named in passing. */
export type About = "relates" | "incidental";

/** Kind of identifier. */
export type Kind = "name" | "email" | "phone" | "address" | "postcode" | "birth_date" | "date" | "nhs_number" | "nino" | "passport" | "driving_licence" | "card" | "iban" | "bank_account" | "vehicle" | "ip" | "device" | "handle" | "reference" | "organisation";

/** Where on the page something is done. */
export type Screen = "dashboard" | "new" | "who" | "where" | "scan" | "queue" | "item" | "people" | "identifiers" | "gates" | "release" | "exceptions" | "evidence";

/** A place in the original, from 1. */
export type Place = {
  kind: "row" | "line" | "page" | "message" | "header" | "cell" | "body";
  number: number;
  sheet: string | null;
};

/** What to do next. */
export type Next = {
  code: string;
  words: string;
  screen: Screen;
};

/** What blocks the next step. */
export type Block = {
  /** Stable: undecided, doubts, not_searched, subject_changed, search_outdated, incomplete_index, exceptions, identity, clarification, health_gate, third_party_gate, closed, … */
  code: string;
  message: string;
  /** How many of it. */
  n: number | null;
  screen: Screen;
  /** False: worth knowing, and does not block. */
  is_blocking: boolean;
};

/** Findings by tier. */
export type Counts = {
  certain: number;
  probable: number;
  possible: number;
  namesake: number;
};

/** Findings by verdict. */
export type Verdicts = {
  disclose: number;
  withhold: number;
  not_subject: number;
  incidental: number;
  open: number;
};

/** A place where an item was found. */
export type At = {
  source: string;
  source_title: string;
  path: string;
};

/** The case's revision after a change: the number of its ledger's last record. */
export type Revision = {
  revision: number;
  n_recorded: number;
  /** Number of the first record added; what undo needs. */
  first: number | null;
  last: number | null;
  /** A job that this started, such as a new search. */
  job: number | null;
};

/** The one-time key from the link's fragment (`/#k=…`). */
export type KeyIn = {
  key: string;
  /** Who reviews; without it the user of the machine. */
  by?: string | null;
};

/** A session of one tab. Keep the token in sessionStorage, send it as `Authorization: Bearer`. */
export type SessionOut = {
  token: string;
  session: Session;
};

/** Who reviews, and for how long. */
export type Session = {
  by: string;
  version: string;
  /** The session ends when nothing was asked for so long. */
  idle_seconds: number;
  /** The case named on the command line: open it first. */
  case: string | null;
  controller: string;
};

/** A name for the ledger. */
export type NameIn = {
  by: string;
};

/** A link for another tab or browser of the same user, good once and for 5 minutes. */
export type Link = {
  url: string;
};

/** One way of counting. */
export type Reading = {
  reading: string;
  title: string;
  last_day: string;
  notice_by: string;
  steps: string[];
};

/** When the answer is due. */
export type Clock = {
  received: string;
  state: "running" | "paused" | "not_begun";
  /** The day to work to: the earliest reading. */
  working: string;
  /** Last day for notice of an extension. */
  notice_by: string;
  /** From today to `working`; negative: late. */
  days_left: number;
  days_total: number;
  readings: Reading[];
  is_extended: boolean;
};

/** Decisions on certain and probable findings. */
export type Progress = {
  n_decided: number;
  n_open: number;
  n_total: number;
  /** Possible findings without a decision: told as under review. */
  n_possible_open: number;
};

/** One request on the dashboard. */
export type CaseCard = {
  case: string;
  revision: number;
  /** Where the request stands; it follows from what happened. */
  state: "received" | "awaiting_identity" | "awaiting_authority" | "awaiting_fee" | "paused" | "searching" | "reviewing" | "ready" | "released" | "closed" | "expired";
  is_closed: boolean;
  /** The person's names. */
  person: string[];
  right: string;
  channel: string;
  law: string;
  clock: Clock;
  identity: "none" | "asked" | "satisfied";
  searched_at: string | null;
  findings: Counts | null;
  verdicts: Verdicts | null;
  progress: Progress;
  n_people: number;
  n_in_doubt: number;
  /** Proposed identifiers without an answer. */
  n_proposals: number;
  bundle: "none" | "made" | "stale";
  blocks: Block[];
  next: Next;
};

/** Every request, those due first first. */
export type Dashboard = {
  today: string;
  cases: CaseCard[];
  /** Requests that may be one person's, in words. */
  pairs: string[];
  /** Cases that can't be opened, each with why; show them. */
  problems: string[];
};

/** A request, in the shape of a request's file (`habeas open FILE`): `names`, `former`, `known_as`, `emails`, `phones`, `addresses`, `references`, `ips`, `born`, `nhs_number`, `received`, `channel`, `right`, `reference`, `notes`. Give `fields`, or `text`: a pasted letter or mail, from which fields are proposed. */
export type RequestIn = {
  /** The fields. */
  fields?: Record<string, unknown> | null;
  text?: string | null;
};

/** What would be opened. */
export type RequestPreview = {
  fields: Record<string, unknown>;
  /** Its name, if the reference gives it one. */
  case: string | null;
  clock: Clock;
  /** Open requests that may be the same person's, in words. */
  duplicates: string[];
  /** What is wrong with the fields, if anything; nothing can be opened then. */
  problem: string | null;
};

/** listed = read + duplicate + excepted + excluded. */
export type Accounting = {
  listed: number;
  read: number;
  duplicate: number;
  excepted: number;
  excluded: number;
};

/** How many items of a media type were read. */
export type MediaType = {
  media_type: string;
  n: number;
};

/** A source. */
export type Source = {
  source: string;
  title: string;
  custodian: string;
  items: Accounting | null;
  n_files: number;
  size_bytes: number;
  last_run: string | null;
  /** Can its folder be opened now? */
  is_reachable: boolean;
  /** Why not, and what to do. */
  problem: string | null;
  media_types: MediaType[];
};

/** Items that could not be read for one reason. */
export type ReasonCount = {
  reason: string;
  n: number;
  n_partial: number;
  /** What to do about it. */
  advice: string;
};

/** The estate. */
export type EstateOut = {
  sources: Source[];
  /** Did the last run of `habeas index` end? null: there was none. */
  is_complete: boolean | null;
  exceptions: ReasonCount[];
  n_exceptions: number;
  /** Who recognises text in pictures; null: nobody, scans are not read. */
  eyes: string | null;
};

/** Something that could not be read. */
export type ExceptionRow = {
  source: string;
  path: string;
  reason: string;
  note: string;
  place: Place | null;
  is_partial: boolean;
  advice: string;
};

/** A page of them. */
export type Exceptions = {
  total: number;
  rows: ExceptionRow[];
  next_cursor: string | null;
};

/** A name the request states. */
export type NameOf = {
  value: string;
  kind: "current" | "former" | "known_as";
  from: string | null;
  to: string | null;
};

/** An identifier the request states or somebody accepted. */
export type IdentifierOf = {
  kind: Kind;
  value: string;
  from: string | null;
  to: string | null;
  origin: "stated" | "accepted";
  by: string | null;
  at: string | null;
};

/** What was searched of a source. */
export type SearchedSource = {
  source: string;
  items: Accounting;
  read_at: string | null;
  found: Counts;
};

/** What was looked for. */
export type Asked = {
  kind: Kind | null;
  stated: string[];
  n_forms: number;
};

/** How the estate was searched for this person. */
export type SearchOut = {
  searched_at: string;
  software: string;
  asked: Asked[];
  sources: SearchedSource[];
  is_complete: boolean;
  n_items: number;
  n_passages: number;
  n_candidates: number;
  n_items_found: number;
  n_incidental: number;
  n_unasked: number;
  n_unweighed: number;
  n_dropped: number;
  advice: string[];
  /** The question that would settle most, in words. */
  ask: string | null;
  /** False: the subject changed since; search again. */
  is_current: boolean;
};

/** One request. */
export type CaseOut = {
  card: CaseCard;
  born: string | null;
  names: NameOf[];
  identifiers: IdentifierOf[];
  notes: string;
  /** The arithmetic of the deadline in words. */
  clock_steps: string[];
  search: SearchOut | null;
};

/** An identifier that a person learnt is the subject's. */
export type IdentifierIn = {
  expected: number;
  kind: Kind;
  value: string;
  reason: string;
};

/** An identifier found beside the person's own. */
export type ProposalOf = {
  /** Numbers change with each search: send `kind` and `value` along. */
  number: number;
  kind: Kind;
  /** Normal form. */
  value: string;
  written: string;
  item: string;
  at: At | null;
  place: Place;
  place_words: string;
  /** Why that finding is the person's. */
  because: string;
  /** Steps from what the request states. */
  steps: number;
  /** The chain of evidence, in words, from what the request states. */
  chain: string[];
  n_seen: number;
  n_passages: number;
  /** Findings that it alone brings. */
  n_added: number;
  /** Other people with whom it stands: the risk. */
  n_others: number;
  followed: "followed" | "shared" | "common" | "house" | "limit" | "rejected";
  followed_words: string;
  /** The last answer, if there is one. */
  answer: "accept" | "reject" | null;
};

/** Proposed identifiers. */
export type Proposals = {
  revision: number;
  proposals: ProposalOf[];
  ask: string | null;
};

/** An answer. For `later`, send nothing. */
export type Answer = {
  kind: Kind;
  value: string;
  answer: "accept" | "reject";
};

/** Answers to proposals. */
export type AnswersIn = {
  expected: number;
  answers: Answer[];
  reason: string;
};

/** A job that was started; ask `/jobs/{job}`. */
export type JobRef = {
  job: number;
};

/** Long work. */
export type Job = {
  job: number;
  kind: "search" | "look" | "bundle" | "pack" | "index";
  case: string | null;
  state: "running" | "done" | "failed";
  done: number;
  /** null: not known. */
  total: number | null;
  /** What it does now. */
  words: string;
  started_at: string;
  ended_at: string | null;
  error: Problem | null;
  /** Of `bundle`. */
  result: BundleOut | null;
};

/** The last decision. */
export type DecisionOf = {
  seq: number;
  verdict: Verdict;
  reason: string;
  by: string;
  at: string;
};

/** One line of the queue: an item (or, grouped otherwise, a family, thread or near-duplicate cluster) with its findings that fit the filter. */
export type Row = {
  /** Stable key of the line; what to select by. */
  key: string;
  /** The item; of a group, the one with the strongest finding. */
  item: string;
  /** Items in the line; 1 unless it is a group. */
  n_items: number;
  n_findings: number;
  /** Of the strongest finding. */
  place: Place;
  place_words: string;
  tier: Tier;
  score_bits: number;
  about: About;
  /** Of all its findings; null: they differ. */
  verdict: Verdict | null;
  n_open: number;
  decision: DecisionOf | null;
  title: string | null;
  /** ISO 8601 as the item states it. */
  dated: string | null;
  media_type: string;
  /** Such as `message`, `spreadsheet`. */
  type_words: string;
  at: At;
  /** Further places with the same bytes: decided with it, always. */
  n_copies: number;
  /** Kinds of identifier that speak for the person. */
  kinds: Kind[];
  /** The strongest reason, without personal data. */
  why: string;
  /** Key of its family, if it has more than one item with findings. */
  family: string | null;
  n_family: number;
  thread: string | null;
  n_thread: number;
  /** Key of its cluster of near duplicates. */
  near: string | null;
  n_near: number;
};

/** How many findings fit, by each property, with that property's own filter left aside. */
export type Facets = {
  tier: Record<string, number>;
  source: Record<string, number>;
  kind: Record<string, number>;
  about: Record<string, number>;
  verdict: Record<string, number>;
  type: Record<string, number>;
  /** `2026-11`; `unknown` for undated. */
  month: Record<string, number>;
};

/** A page of the queue. */
export type Queue = {
  revision: number;
  /** Lines that fit. */
  total: number;
  n_findings: number;
  /** Findings that fit and are open. */
  n_open: number;
  /** Number of the first line, from 0. */
  position: number;
  rows: Row[];
  next_cursor: string | null;
  facets: Facets;
};

/** As the query of the queue: every property is optional. */
export type Filter = {
  tier?: Tier[];
  source?: string[];
  kind?: Kind[];
  about?: About | null;
  verdict?: Verdict[];
  type?: string[];
  from?: string | null;
  to?: string | null;
  item?: string[];
  family?: string | null;
  thread?: string | null;
  near?: string | null;
  person?: number | null;
  text?: string | null;
};

/** An item, or one finding of it. */
export type Target = {
  item: string;
  /** Without it: all findings of the item. */
  place?: Place | null;
};

/** A decision on targets or on everything that fits a filter: exactly one of the two. */
export type DecideIn = {
  /** The revision that was looked at. Only decisions on the same findings since then are a conflict. */
  expected: number;
  targets?: Target[] | null;
  filter?: Filter | null;
  /** Also the other findings of the targets' families. */
  with_family?: boolean;
  /** null: as Habeas suggests, for findings that are open (possible ones stay open). */
  verdict?: Verdict | null;
  /** Needed to withhold: an exemption's code first, such as `LPP: advice of 3 May`. */
  reason?: string;
};

/** How many findings go from one verdict to another. */
export type Change = {
  from: Verdict;
  to: Verdict;
  n: number;
};

/** What a decision would change. */
export type DecidePreview = {
  revision: number;
  n_findings: number;
  n_items: number;
  /** They have this verdict already; nothing is recorded for them. */
  n_unchanged: number;
  changes: Change[];
  tiers: Counts;
  /** Of them somebody decided otherwise before. */
  n_overruled: number;
  /** Up to 10 lines of it. */
  sample: Row[];
};

/** Takes records `first` to `last` back: each target gets what it had before, as new records. */
export type UndoIn = {
  expected: number;
  first: number;
  last: number;
};

/** A page of the ledger, newest first. */
export type History = {
  revision: number;
  total: number;
  is_verified: boolean;
  /** Digest of the last record. */
  head: string;
  rows: LedgerRecord[];
  next_cursor: string | null;
};

/** One record of the ledger. */
export type LedgerRecord = {
  seq: number;
  at: string;
  by: string;
  /** decision, identifier, policy, mark, bundle, event */
  act: string;
  words: string;
  item: string | null;
  place: Place | null;
  person: number | null;
  digest: string;
  reason: string;
};

/** A reason. */
export type EvidenceOf = {
  kind: Kind | null;
  rule: string;
  bits: number;
};

/** A finding of the item. */
export type FindingOf = {
  place: Place;
  place_words: string;
  /** Numbers of the passages it covers. */
  passages: number[];
  tier: Tier;
  score_bits: number;
  about: About;
  verdict: Verdict;
  suggested: Verdict | null;
  decision: DecisionOf | null;
  /** One sentence. */
  why: string;
  speaks_for: EvidenceOf[];
  against: EvidenceOf[];
  would_change: string[];
};

/** Another item of the family, thread or cluster. */
export type Relative = {
  item: string;
  at: At;
  title: string | null;
  dated: string | null;
  type_words: string;
  relation: "self" | "parent" | "attachment" | "sibling" | "earlier" | "later" | "near";
  n_findings: number;
  tier: Tier | null;
  verdict: Verdict | null;
  /** Of near duplicates: share of equal five-word runs, 0 to 1. */
  likeness: number | null;
};

/** One item. */
export type ItemOut = {
  revision: number;
  item: string;
  media_type: string;
  type_words: string;
  size_bytes: number;
  title: string | null;
  dated: string | null;
  export: string | null;
  /** Every place where it was found, the one that is read first. */
  at: At[];
  /** Can it be read again now? If not, its text is shown as it was indexed, pages and exhibits can't be made. */
  is_readable: boolean;
  problem: string | null;
  n_passages: number;
  /** Pages that can be shown as pictures; 0: text only. */
  n_pages: number;
  exceptions: ExceptionRow[];
  findings: FindingOf[];
  family: Relative[];
  thread: Relative[];
  near: Relative[];
  /** What reviewers marked by hand and is in force. */
  marks: ManualOf[];
  previous: string | null;
  next: string | null;
};

/** A mark made by hand. */
export type ManualOf = {
  /** Its record; what undo takes. */
  seq: number;
  type: "text" | "box" | "picture";
  passage: number | null;
  start: number | null;
  end: number | null;
  page: number | null;
  box: Box | null;
  ground: "TP" | "NPD" | null;
  reason: string;
  by: string;
  at: string;
};

/** A rectangle of a page, in parts of its width and height (0 to 1) from the top left, as the page is shown. */
export type Box = {
  x: number;
  y: number;
  width: number;
  height: number;
};

/** A stretch of a passage's text. Offsets count UTF-16 code units, as JavaScript strings do. Marks are sorted and do not overlap. */
export type Mark = {
  start: number;
  end: number;
  kind: Kind;
  /** Whose it is; `unknown`: in doubt, or an unknown word that may be a name. */
  who: "subject" | "other" | "staff" | "professional" | "unknown";
  /** Number in the list of people; null before they were listed, and for the subject. */
  person: number | null;
  /** Who, as people are listed; null for the subject. */
  label: string | null;
  /** What to look at, in words. */
  doubt: string | null;
  /** `shown`: another person who stays readable. `taken_out`: proposed to be taken out. `nobody`: decided to be nobody. `kept`: the subject's own or nobody's. */
  fate: "shown" | "taken_out" | "nobody" | "kept";
  /** TP, NPD, TP-CONSENT, TP-REASONABLE, HP-PRESUME, TP-STAFF, TP-KNOWN */
  ground: string | null;
  ground_words: string | null;
  /** Which decision says so. `sweep`: the same words were taken out elsewhere. */
  decided: "place" | "item" | "person" | "manual" | "default" | "sweep";
  /** The record, if it was marked by hand. */
  manual: number | null;
  /** The rule that found it. */
  rule: string;
};

/** A passage: a row, message, page or a few paragraphs. */
export type PassageOf = {
  number: number;
  place: Place;
  place_words: string;
  part: "body" | "header" | "quoted" | "properties" | "comment";
  /** Why a reader of the original would not see it. */
  hidden: "sheet" | "row" | "deleted" | "invisible" | "cache" | null;
  is_record: boolean;
  /** The page it stands on, if the item has pages. */
  page: number | null;
  /** A finding covers it. */
  is_about: boolean;
  /** `left_out`: a record of somebody else, not in the exhibit. */
  fate: "given" | "left_out" | "withheld";
  text: string;
  /** Stretches whose meaning the structure gives. */
  fields: FieldOf[];
  marks: Mark[];
};

/** A stretch whose meaning is known; offsets as in Mark. */
export type FieldOf = {
  start: number;
  end: number;
  meaning: string;
};

/** A page of them. */
export type Passages = {
  revision: number;
  total: number;
  passages: PassageOf[];
  next_cursor: string | null;
  previous_cursor: string | null;
  /** False: shown as it was indexed, because it can't be read again. */
  is_current: boolean;
};

/** A page that can be shown. */
export type PageOf = {
  page: number;
  passages: number[];
};

/** Pages of an item. */
export type Pages = {
  pages: PageOf[];
};

/** Where a mark stands on the picture of its page. */
export type PlacedMark = {
  passage: number;
  /** The mark's `start` in that passage. */
  start: number;
  /** A box a line, in reading order; never empty. */
  areas: Box[];
};

/** What is marked on a page. */
export type PageMarks = {
  revision: number;
  page: number;
  /** In points, as the page is shown. */
  width: number;
  height: number;
  passages: PassageOf[];
  placed: PlacedMark[];
  /** Marks in passages that are given. */
  n_marks: number;
  /** Of these, marks that are on the picture. */
  n_placed: number;
  /** Why what was recognised in the picture has no boxes, if it has none. */
  note: string | null;
  /** False: the item can't be read again now; the picture is one that was kept. */
  is_current: boolean;
};

/** A mark by hand. `text`: these words are taken out of this item wherever they stand in it. `box`: this part of a page is blacked out. `picture`: the pictures of this page, which are kept back because they hold no words, are given. */
export type MarkIn = {
  expected: number;
  type: "text" | "box" | "picture";
  /** Of `text`. */
  passage?: number | null;
  start?: number | null;
  end?: number | null;
  /** Of `box` and `picture`. */
  page?: number | null;
  box?: Box | null;
  /** Of `text` and `box`. */
  ground?: "TP" | "NPD";
  /** Of `text`: what it is; `name` without it. */
  kind?: Kind | null;
  reason: string;
};

/** A decision about somebody else. */
export type PolicyOf = {
  seq: number;
  treatment: "show" | "take_out" | "nobody" | "default";
  ground: "consent" | "reasonable" | "professional" | "staff" | "known" | null;
  code: string | null;
  role_label: string;
  item: string | null;
  place: Place | null;
  place_words: string | null;
  reason: string;
  by: string;
  at: string;
  words: string;
};

/** Somebody else in what would be given. */
export type PersonOf = {
  number: number;
  written: string[];
  roles: ("private" | "staff" | "professional")[];
  n_places: number;
  n_items: number;
  n_shown: number;
  n_in_doubt: number;
  /** Kinds of doubt, in words. */
  doubts: string[];
  /** What happens now. */
  fate: "shown" | "taken_out" | "mixed" | "nobody" | "gone";
  fate_words: string;
  proposed: "consent" | "reasonable" | "professional" | "staff" | "known" | null;
  /** Others in the list who bear the same names: most likely the same person. */
  same_words: number[];
  decisions: PolicyOf[];
};

/** Everybody else. */
export type People = {
  revision: number;
  /** False: nobody has looked yet; POST /people/look. */
  is_listed: boolean;
  /** False: decisions were added since people were listed; look again. */
  is_current: boolean;
  total: number;
  n_in_doubt: number;
  rows: PersonOf[];
  next_cursor: string | null;
};

/** A place where a person is named in what would be given. */
export type PlaceOf = {
  item: string;
  at: At | null;
  place: Place;
  place_words: string;
  kinds: Kind[];
  n: number;
  fate: "shown" | "taken_out" | "mixed";
  grounds: string[];
  doubt: string | null;
};

/** All of them. */
export type Places = {
  revision: number;
  total: number;
  rows: PlaceOf[];
  next_cursor: string | null;
};

/** A policy for people, once: everywhere, in an item, or at one place of it. `show` needs a ground; `consent` and `reasonable` need a reason. */
export type PolicyIn = {
  expected: number;
  /** Whose. With `item` exactly one. */
  numbers: number[];
  treatment: "show" | "take_out" | "nobody" | "default";
  ground?: "consent" | "reasonable" | "professional" | "staff" | "known" | null;
  /** One or two words in lower case for the label, at most 20 letters. */
  role_label?: string | null;
  item?: string | null;
  place?: Place | null;
  reason: string;
};

/** An exemption. */
export type ExemptionOf = {
  code: string;
  title: string;
  provision: string;
  effect: "may" | "must" | "give" | "reason";
  disapplies: string;
  /** What a person has to answer before it is used. */
  question: string;
  may_stay_untold: boolean;
};

/** Something that has to be settled before anything leaves. */
export type Gate = {
  /** identity, health, third_party, … */
  code: string;
  title: string;
  state: "settled" | "open" | "does_not_apply";
  words: string;
  /** What has to be answered. */
  question: string | null;
  provision: string | null;
  /** Items that it is about, at most 100. */
  items: string[];
  n_items: number;
  /** Events that settle it (see EventIn). */
  events: string[];
  by: string | null;
  at: string | null;
  reason: string | null;
  expires: string | null;
};

/** All of them. */
export type Gates = {
  revision: number;
  gates: Gate[];
  /** What is kept back on an exemption. */
  withheld: Row[];
};

/** Something that happened to the case. `event` is one of `EventKind`s of GET /events; `fields` as it says there. */
export type EventIn = {
  expected: number;
  event: string;
  fields: Record<string, unknown>;
  reason: string;
};

/** A field of an event. */
export type EventField = {
  name: string;
  title: string;
  /** `items`: a list of item ids; `item`: one; `place`: a Place; `consent`: one of `{"given":{"on":DATE,"to":TEXT}}`, `{"refused":{"on":DATE}}`, `{"no_reply":{"asked":DATE}}`, `{"not_asked":{"why":TEXT}}`. */
  type: "text" | "number" | "date" | "bool" | "choice" | "items" | "item" | "place" | "consent";
  choices: string[];
  is_required: boolean;
};

/** An event that can be recorded now. */
export type EventKind = {
  event: string;
  title: string;
  /** What it means. */
  words: string;
  fields: EventField[];
  is_possible: boolean;
  why_not: string | null;
};

/** Events of a case. */
export type Events = {
  revision: number;
  state: string;
  kinds: EventKind[];
  recorded: LedgerRecord[];
};

/** A line of the checklist. */
export type Check = {
  code: string;
  title: string;
  state: "ok" | "blocked" | "look";
  message: string;
  n: number | null;
  screen: Screen;
};

/** A delivery record. */
export type Delivery = {
  seq: number;
  at: string;
  by: string;
  words: string;
  manifest_sha256: string | null;
};

/** The bundle that is there. */
export type BundleState = {
  /** `stale`: decisions were added since. */
  state: "none" | "made" | "stale";
  dir: string | null;
  made_at: string | null;
  by: string | null;
  manifest_sha256: string | null;
  is_packed: boolean;
};

/** What stands between the case and its answer. */
export type Release = {
  revision: number;
  is_ready: boolean;
  checks: Check[];
  bundle: BundleState;
  deliveries: Delivery[];
};

/** How the bundle is made. */
export type BundleIn = {
  expected: number;
  /** The day of the letter; today without it. */
  day?: string | null;
  /** A folder to write to; the case's own `bundle` without it. */
  out?: string | null;
  /** Take the place of one that is there. */
  replaces?: boolean;
  /** Also pack it into one archive for download. */
  packs?: boolean;
};

/** An exhibit of the bundle. */
export type Exhibit = {
  number: number;
  /** Its first page's number. */
  first: string;
  n_pages: number;
  title: string;
  description: string;
  source: string;
  dated: string;
  /** The item it was made of. */
  item: string | null;
  n_labels: number;
  n_left_out: number;
  file: string;
};

/** An item that was to be given and can't be. */
export type Refused = {
  item: string;
  reason: string;
};

/** A file of the bundle. */
export type FileOf = {
  name: string;
  size_bytes: number;
  sha256: string;
};

/** The bundle. */
export type BundleOut = {
  state: BundleState;
  n_exhibits: number;
  n_pages: number;
  n_labels: number;
  n_people: number;
  n_shown: number;
  n_left_out: number;
  n_withheld: number;
  n_incidental: number;
  n_pending: number;
  /** What to know of it. */
  notes: string[];
  refused: Refused[];
  exhibits: Exhibit[];
  files: FileOf[];
};

/** How the answer left. */
export type DeliveryIn = {
  expected: number;
  channel: "portal" | "email" | "post" | "in_person" | "other";
  /** Typed again: to whom and where. */
  recipient: string;
  /** By which other way the passphrase went. */
  passphrase_by?: string | null;
  day?: string | null;
  note?: string;
};

/** Findings dated in a month. */
export type Month = {
  month: string;
  certain: number;
  probable: number;
  possible: number;
  namesake: number;
};

/** A source's volume. */
export type Volume = {
  source: string;
  title: string;
  n_items: number;
  n_findings: number;
  findings: Counts;
  n_exceptions: number;
};

/** Decisions on a day. */
export type Day = {
  day: string;
  n: number;
};

/** Data for pictures. */
export type Charts = {
  revision: number;
  timeline: Month[];
  n_undated: number;
  volumes: Volume[];
  clock: Clock;
  progress: Progress;
  decisions: Day[];
  milestones: Milestone[];
};

/** A day that matters. */
export type Milestone = {
  day: string;
  words: string;
};

/** The ledger of a case. */
export type LedgerState = {
  case: string;
  n_records: number;
  is_verified: boolean;
  problem: string | null;
  head: string | null;
  n_torn_bytes: number;
};

/** A setting in force. */
export type Setting = {
  name: string;
  value: string;
};

/** What can be shown to somebody who asks. */
export type EvidenceOut = {
  version: string;
  ledgers: LedgerState[];
  settings: Setting[];
  /** How readers are confined, in words. */
  isolation: string[];
};

// How do we write numbers, dates, places and names of things? One form everywhere, in British English.
const number = new Intl.NumberFormat("en-GB");
export const n = (value: number): string => number.format(value);

/** `1 finding`, `2 findings`, `1,204 people`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${n(value)} ${value === 1 ? one : many}`;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const longDay = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** A calendar date as the contract writes it, `2026-03-02`, or a moment. Empty for none. */
export function date(text: string | null | undefined): string {
  return write(day, text);
}
export function dateInWords(text: string | null | undefined): string {
  return write(longDay, text);
}
export function moment(text: string | null | undefined): string {
  return write(minute, text);
}
function write(format: Intl.DateTimeFormat, text: string | null | undefined): string {
  if (!text) return "";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : format.format(at).replace(",", "");
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
export function size(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? n(value) : value.toPrecision(3)} ${UNITS[unit]}`;
}

/** `birth_date` as a person says it. */
export function plain(word: string): string {
  const known = WORDS[word];
  return known ?? word.replaceAll(/[_-]/g, " ");
}
const WORDS: Record<string, string> = {
  ip: "internet address",
  nhs_number: "NHS number",
  nino: "National Insurance number",
  iban: "IBAN",
  birth_date: "date of birth",
  email: "e-mail address",
  phone: "telephone number",
  not_subject: "not about them",
  awaiting_identity: "waits for proof of identity",
  awaiting_authority: "waits for proof of authority",
  awaiting_fee: "waits for the fee",
  paused: "clock stopped",
  reviewing: "in review",
  professional: "health professional",
};
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface PlaceLike {
  kind: string;
  number: number;
  sheet: string | null;
}
/** `sheet "Rents", row 12`. */
export function placeOf(place: PlaceLike): string {
  return `${place.sheet ? `sheet “${place.sheet}”, ` : ""}${place.kind} ${n(place.number)}`;
}

export const VERDICTS: Record<string, string> = {
  disclose: "Disclose",
  withhold: "Withhold",
  not_subject: "Not about them",
  incidental: "Only mentioned",
  open: "Open",
};
export const DECIDED: Record<string, string> = {
  disclose: "Disclosed",
  withhold: "Withheld",
  not_subject: "Not about them",
  incidental: "Only mentioned",
  open: "Open again",
};
export const WHO: Record<string, { title: string; letter: string }> = {
  subject: { title: "The person", letter: "S" },
  other: { title: "Somebody else", letter: "P" },
  staff: { title: "Staff", letter: "E" },
  professional: { title: "Health professional", letter: "H" },
  unknown: { title: "In doubt", letter: "?" },
};
export const SHOW_GROUNDS: Record<string, string> = {
  professional: "Health professional in the care",
  staff: "Staff acting in their role",
  known: "The person knows it already",
  consent: "They agreed",
  reasonable: "Reasonable without agreement",
};

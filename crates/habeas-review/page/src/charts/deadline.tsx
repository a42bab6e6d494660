// How much of the time is gone, and how much of the work is done?
import { date } from "../words.ts";

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text.slice(0, 10)) / DAY;

export interface Clock {
  received: string;
  due: string;
  today: string;
  /** Negative once it is late. */
  daysLeft: number;
}

export function daysInWords(days: number): string {
  if (days === 0) return "due today";
  if (days === 1) return "1 day left";
  if (days === -1) return "1 day late";
  return days > 0 ? `${days} days left` : `${-days} days late`;
}

export const urgency = (days: number): string => (days < 0 ? "bad" : days <= 7 ? "warn" : "good");

export function Deadline({ clock, decided, of }: { clock: Clock; decided: number; of: number }) {
  const from = at(clock.received);
  const end = Math.max(at(clock.due), at(clock.today), from + 1);
  const x = (day: number) => ((day - from) / (end - from)) * 100;
  const today = Math.min(100, Math.max(0, x(at(clock.today))));
  const due = x(at(clock.due));
  const done = of > 0 ? (decided / of) * 100 : 100;
  const label = `Received ${date(clock.received)}, due ${date(clock.due)}, ${daysInWords(clock.daysLeft)}; ${decided} of ${of} findings decided`;
  return (
    <figure class="deadline" role="img" aria-label={label}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="10" aria-hidden="true">
        <rect class="track" x="0" y="0" width="100" height="10" />
        <rect class={clock.daysLeft < 0 ? "time late" : "time"} x="0" y="0" width={today} height="4.5" />
        <rect class="work" x="0" y="5.5" width={done} height="4.5" />
        {due < 100 && <rect class="due" x={due - 0.3} y="0" width="0.6" height="10" />}
      </svg>
      <div class="spread hint n" aria-hidden="true">
        <span>{date(clock.received)}</span>
        <span>
          <i class="swatch time" /> time gone <i class="swatch work" /> findings decided
        </span>
        <span>{date(clock.due)}</span>
      </div>
    </figure>
  );
}

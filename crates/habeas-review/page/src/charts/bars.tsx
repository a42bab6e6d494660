// How much stands where? A table whose second column is drawn, so that its figures are always at hand.
import type { ComponentChildren } from "preact";
import { n } from "../words.ts";

export interface Bar {
  label: string;
  value: number;
  /** A part of the value that is drawn darker: what is certain, what is decided. */
  part?: number;
  to?: string;
  note?: ComponentChildren;
}

export function Bars({ caption, head, rows, partName }: { caption: string; head: [string, string]; rows: Bar[]; partName?: string }) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  return (
    <table class="bars">
      <caption class="unseen">{caption}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row" class="clip">
              {row.to ? <a href={row.to}>{row.label}</a> : row.label}
            </th>
            <td>
              <svg viewBox="0 0 100 12" preserveAspectRatio="none" width="100%" height="12" aria-hidden="true">
                <rect class="bar-all" x="0" y="1" width={(row.value / most) * 100} height="10" />
                {row.part !== undefined && <rect class="bar-part" x="0" y="1" width={(row.part / most) * 100} height="10" />}
              </svg>
            </td>
            <td class="num">
              {n(row.value)}
              {row.part !== undefined && partName && <span class="unseen">, {n(row.part)} {partName}</span>}
              {row.note}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// When was what is held written? Columns by time; each leads to its findings, and a table says the same.
import { useState } from "preact/hooks";
import { count, n } from "../words.ts";

export interface Column {
  /** `2019`, or `2019-03`. */
  label: string;
  value: number;
  to?: string;
}

const HIGH = 110;
const WIDE = 640;

export function Timeline({ title, columns, undated, what }: { title: string; columns: Column[]; undated: number; what: [string, string] }) {
  const [asTable, set] = useState(false);
  const most = Math.max(1, ...columns.map((column) => column.value));
  const step = WIDE / Math.max(1, columns.length);
  const every = Math.ceil(columns.length / 14);
  const total = columns.reduce((sum, column) => sum + column.value, 0);
  if (columns.length === 0 && undated === 0) return <p class="muted">Nothing to show yet.</p>;
  return (
    <figure class="timeline">
      <div class="spread">
        <figcaption class="hint">
          {count(total, what[0], what[1])} with a date
          {undated > 0 && <>, {n(undated)} without one</>}. The highest column is {n(most)}.
        </figcaption>
        <button type="button" class="link" aria-expanded={asTable} onClick={() => set(!asTable)}>
          {asTable ? "Show as a picture" : "Show as a table"}
        </button>
      </div>
      {asTable ? (
        <div class="scroll low" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col" class="num">
                  {what[1]}
                </th>
              </tr>
            </thead>
            <tbody>
              {columns.filter((column) => column.value > 0).map((column) => (
                <tr key={column.label}>
                  <td>{column.to ? <a href={column.to}>{column.label}</a> : column.label}</td>
                  <td class="num">{n(column.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <svg viewBox={`0 0 ${WIDE} ${HIGH + 18}`} role="group" aria-label={title}>
          <line x1="0" x2={WIDE} y1={HIGH} y2={HIGH} class="axis" />
          {columns.map((column, index) => {
            const high = column.value === 0 ? 0 : Math.max(3, (column.value / most) * (HIGH - 4));
            const bar = (
              <>
                <title>{`${column.label}: ${count(column.value, what[0], what[1])}`}</title>
                <rect class="hover" x={index * step} y="0" width={step} height={HIGH} />
                <rect class="bar-part" x={index * step + step * 0.12} y={HIGH - high} width={step * 0.76} height={high} rx="1.5" />
              </>
            );
            return (
              <g key={column.label}>
                {column.value === 0 ? null : column.to ? (
                  <a href={column.to} aria-label={`${column.label}: ${count(column.value, what[0], what[1])}`}>
                    {bar}
                  </a>
                ) : (
                  <g>{bar}</g>
                )}
                {index % every === 0 && (
                  <text x={index * step + step / 2} y={HIGH + 13} text-anchor="middle">
                    {column.label}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
    </figure>
  );
}

// The record of a request: every decision, by whom and when, in a chain that was just verified.
import { useEffect, useState } from "preact/hooks";
import { ask, Failure, useGet } from "../api.ts";
import type { History, LedgerRecord } from "../api.ts";
import { tell, useCase, usePath } from "../case.tsx";
import { go, href, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { Empty, Loading, Segments, Tag, Title } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { moment, n, placeOf, sentence } from "../words.ts";

const ACTS = [
  ["", "All"],
  ["decision", "Findings"],
  ["policy", "Other people"],
  ["mark", "Marks"],
  ["identifier", "Identifiers"],
  ["event", "Events"],
  ["bundle", "Bundles"],
] as const;

export function Ledger({ route }: { route: Route }) {
  const { id, nChanges } = useCase();
  const act = route.query.get("act") ?? "";
  const base = usePath(`/history?limit=200${act ? `&act=${act}` : ""}`);
  const { data, failure, reload } = useGet<History>(base);
  const [more, setMore] = useState<{ base: string; rows: LedgerRecord[]; cursor: string | null } | null>(null);
  useEffect(() => {
    if (nChanges > 0) reload();
    setMore(null);
  }, [nChanges]);
  const held = more?.base === base ? more : null;
  const rows = [...(data?.rows ?? []), ...(held?.rows ?? [])];
  const cursor = held ? held.cursor : (data?.next_cursor ?? null);
  const fetchMore = async () => {
    try {
      const next = await ask<History>("GET", `${base}&cursor=${encodeURIComponent(cursor ?? "")}`);
      setMore({ base, rows: [...(held?.rows ?? []), ...next.rows], cursor: next.next_cursor });
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
  };
  return (
    <>
      <Title
        note={data && `${n(data.total)} records, newest first. Records are added, never changed; each holds the digest of the one before.`}
        aside={data && (data.is_verified ? <Tag kind="good">chain verified</Tag> : <Tag kind="bad">chain broken</Tag>)}
      >
        Record
      </Title>
      <div class="stack">
        <div>
          <Segments label="Which records" value={act} onValue={(value) => go(withQuery(route, { act: value }))} choices={ACTS.map(([value, label]) => ({ value, label }))} />
        </div>
        {failure && <Problem failure={failure} what="the record" onAgain={reload} />}
        {!data && !failure && <Loading what="the record" />}
        {data && rows.length === 0 && <Empty title="Nothing is recorded yet" />}
        {rows.length > 0 && (
          <div class="panel flush scroll" tabIndex={0} role="region" aria-label="Records">
            <table>
              <thead>
                <tr>
                  <th scope="col" class="num">
                    No.
                  </th>
                  <th scope="col">When</th>
                  <th scope="col">Who</th>
                  <th scope="col">What</th>
                  <th scope="col">About</th>
                  <th scope="col">Digest</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.seq}>
                    <td class="num">{n(row.seq)}</td>
                    <td class="n nowrap">{moment(row.at)}</td>
                    <td>{row.by}</td>
                    <td>
                      <Tag>{row.act}</Tag> {sentence(row.words)}
                      {row.reason && !row.words.includes(row.reason) && <span class="sub">{row.reason}</span>}
                    </td>
                    <td class="nowrap">
                      {row.item && <a href={href(["case", id, "item", row.item])}>item {row.item.slice(0, 8)}</a>}
                      {row.place && ` ${placeOf(row.place)}`}
                      {row.person !== null && <a href={href(["case", id, "people", row.person])}>person {n(row.person)}</a>}
                    </td>
                    <td class="mono" title={row.digest}>
                      {row.digest.slice(0, 10)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {cursor && (
          <div>
            <button type="button" onClick={() => void fetchMore()}>
              Show earlier records
            </button>
          </div>
        )}
        {data && (
          <p class="hint wrap">
            Digest of the last record: <span class="mono">{data.head}</span>
          </p>
        )}
      </div>
    </>
  );
}

// The estate: every source with its last scan, and what could not be read, with what to do about it.
import { useEffect, useState } from "preact/hooks";
import { ask, drop, Failure, useGet } from "../api.ts";
import type { EstateOut, ExceptionRow, Exceptions, Job, JobRef } from "../api.ts";
import { tell } from "../case.tsx";
import { useKeys } from "../keys.ts";
import { go, href, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { Empty, Loading, Meter, Panel, Segments, Select, Tag, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, moment, n, placeOf, plain, sentence, size } from "../words.ts";

export function Estate({ route }: { route: Route }) {
  const { data, failure, reload } = useGet<EstateOut>("/estate");
  const [job, setJob] = useState<Job | null>(null);
  const tab = route.query.get("tab") ?? "sources";
  const scan = async () => {
    try {
      const { job: number } = await ask<JobRef>("POST", "/estate/index", {});
      for (;;) {
        const now = await ask<Job>("GET", `/jobs/${number}`);
        setJob(now);
        if (now.state !== "running") {
          if (now.error) tell(new Failure(now.error));
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      drop("/estate");
      reload();
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
  };
  // A scan that somebody else started, or that was running before a reload, is shown too.
  useEffect(() => {
    ask<Job[]>("GET", "/jobs")
      .then((jobs) => setJob(jobs.find((one) => one.kind === "index" && one.state === "running") ?? null))
      .catch(() => {});
  }, []);
  useKeys([
    { keys: "1", label: "Sources", group: "Estate", run: () => go(withQuery(route, { tab: null })) },
    { keys: "2", label: "What could not be read", group: "Estate", run: () => go(withQuery(route, { tab: "exceptions" })) },
  ]);
  const isRunning = job?.state === "running";
  return (
    <>
      <Title
        note={data && `${count(data.sources.length, "source")}, ${count(sum(data, "listed"), "item")}: ${n(sum(data, "read"))} read, ${n(sum(data, "duplicate"))} duplicates, ${n(sum(data, "excepted"))} exceptions, ${n(sum(data, "excluded"))} excluded`}
        aside={
          <button type="button" class="first" disabled={isRunning} onClick={() => void scan()}>
            {isRunning ? "Scanning …" : "Scan now"}
          </button>
        }
      >
        Estate
      </Title>
      {job && (
        <div class="notice" role="status">
          <p>
            {job.state === "running" ? sentence(job.words) : job.state === "done" ? "The scan is done." : "The scan stopped."}
            {job.total !== null && ` ${n(job.done)} of ${n(job.total)}.`}
          </p>
          {job.total !== null && <Meter value={job.done} of={job.total} label={`${job.done} of ${job.total}`} />}
        </div>
      )}
      {failure && <Problem failure={failure} what="the estate" onAgain={reload} />}
      {!data && !failure && <Loading what="the estate" />}
      {data && (
        <div class="stack">
          {data.is_complete === null && <p class="notice warn">Nothing was scanned yet: scan now, and everything else can follow.</p>}
          {data.is_complete === false && <p class="notice warn">The last scan did not end. Scan again: it carries on where it stopped.</p>}
          {!data.eyes && <p class="notice warn">Nobody recognises text in pictures: scans are not read. Install Tesseract, then scan again.</p>}
          <div>
            <Segments
              label="What to show"
              value={tab}
              onValue={(value) => go(withQuery(route, { tab: value === "sources" ? null : value }))}
              choices={[
                { value: "sources", label: "Sources", note: n(data.sources.length) },
                { value: "exceptions", label: "What could not be read", note: n(data.n_exceptions) },
              ]}
            />
          </div>
          {tab === "sources" ? <Sources data={data} /> : <ExceptionsView data={data} route={route} />}
        </div>
      )}
    </>
  );
}

const sum = (data: EstateOut, name: "listed" | "read" | "duplicate" | "excepted" | "excluded") => data.sources.reduce((total, source) => total + (source.items?.[name] ?? 0), 0);

function Sources({ data }: { data: EstateOut }) {
  return (
    <div class="panel flush scroll" tabIndex={0} role="region" aria-label="Sources">
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Last scan</th>
            <th scope="col" class="num">Items</th>
            <th scope="col" class="num">Read</th>
            <th scope="col" class="num">Duplicates</th>
            <th scope="col" class="num">Exceptions</th>
            <th scope="col" class="num">Excluded</th>
            <th scope="col" class="num">Size</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {data.sources.map((source) => (
            <tr key={source.source}>
              <th scope="row" class="plain-head">
                {source.title}
                <span class="sub">
                  {source.source} · {source.custodian}
                </span>
              </th>
              <td class="n">{source.last_run ? moment(source.last_run) : "never"}</td>
              <td class="num">{source.items ? n(source.items.listed) : "–"}</td>
              <td class="num">{source.items ? n(source.items.read) : "–"}</td>
              <td class="num">{source.items ? n(source.items.duplicate) : "–"}</td>
              <td class="num">{source.items && source.items.excepted > 0 ? <a href={href(["estate"], { tab: "exceptions", source: source.source })}>{n(source.items.excepted)}</a> : (source.items ? "0" : "–")}</td>
              <td class="num">{source.items ? n(source.items.excluded) : "–"}</td>
              <td class="num">{size(source.size_bytes)}</td>
              <td>
                {source.is_reachable ? <Tag kind="good">reachable</Tag> : <Tag kind="bad">offline</Tag>}
                {source.problem && <span class="sub"><Words>{source.problem}</Words></span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ExceptionsView({ data, route }: { data: EstateOut; route: Route }) {
  const source = route.query.get("source") ?? "";
  const reason = route.query.get("reason") ?? "";
  const query = new URLSearchParams({ ...(source ? { source } : {}), ...(reason ? { reason } : {}) });
  const first = useGet<Exceptions>(`/estate/exceptions?${query}`);
  const [more, setMore] = useState<{ query: string; rows: ExceptionRow[]; cursor: string | null } | null>(null);
  const held = more?.query === query.toString() ? more : null;
  const rows = [...(first.data?.rows ?? []), ...(held?.rows ?? [])];
  const cursor = held ? held.cursor : (first.data?.next_cursor ?? null);
  const fetchMore = async () => {
    if (!cursor) return;
    try {
      const next = await ask<Exceptions>("GET", `/estate/exceptions?${new URLSearchParams({ ...Object.fromEntries(query), cursor })}`);
      setMore({ query: query.toString(), rows: [...(held?.rows ?? []), ...next.rows], cursor: next.next_cursor });
    } catch (trouble) {
      if (trouble instanceof Failure) tell(trouble);
    }
  };
  if (data.n_exceptions === 0) return <Empty title="Everything could be read" />;
  return (
    <>
      <Panel title="By reason">
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col" class="num">
                Items
              </th>
              <th scope="col" class="num">
                In part
              </th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {data.exceptions.map((one) => (
              <tr key={one.reason}>
                <td>
                  <a href={withQuery(route, { reason: one.reason })}>{sentence(plain(one.reason))}</a>
                </td>
                <td class="num">{n(one.n)}</td>
                <td class="num">{n(one.n_partial)}</td>
                <td><Words>{one.advice}</Words></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel
        title="One by one"
        aside={
          <div class="row">
            <Select label="Source" value={source} onValue={(value) => go(withQuery(route, { source: value }))} choices={[{ value: "", label: "All sources" }, ...data.sources.map((one) => ({ value: one.source, label: one.title }))]} />
            <Select label="Reason" value={reason} onValue={(value) => go(withQuery(route, { reason: value }))} choices={[{ value: "", label: "All reasons" }, ...data.exceptions.map((one) => ({ value: one.reason, label: sentence(plain(one.reason)) }))]} />
          </div>
        }
      >
        {first.failure && <Problem failure={first.failure} what="the exceptions" onAgain={first.reload} />}
        <table>
          <thead>
            <tr>
              <th scope="col">Item</th>
              <th scope="col">Reason</th>
              <th scope="col">What happened</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td class="wrap">
                  {row.path}
                  <span class="sub">
                    {row.source}
                    {row.place && ` · ${placeOf(row.place)}`}
                  </span>
                </td>
                <td>
                  <Tag kind={row.is_partial ? "warn" : "bad"}>
                    {plain(row.reason)}
                    {row.is_partial && ", in part"}
                  </Tag>
                </td>
                <td>
                  <Words>{row.note}</Words>
                  <span class="sub"><Words>{row.advice}</Words></span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {first.data && <p class="hint n">{n(rows.length)} of {n(first.data.total)}</p>}
        {cursor && (
          <button type="button" onClick={() => void fetchMore()}>
            Show more
          </button>
        )}
      </Panel>
    </>
  );
}

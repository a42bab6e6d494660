// The answer as its reader will see it: every exhibit page by page, every file with its digest.
import { useEffect, useState } from "preact/hooks";
import { bytes, Failure, useGet, usePicture } from "../api.ts";
import type { BundleOut } from "../api.ts";
import { tell, useCase, usePath } from "../case.tsx";
import { useKeys } from "../keys.ts";
import { href, replace, withQuery } from "../route.ts";
import type { Route } from "../route.ts";
import { Empty, Loading, Segments, Tag, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { say } from "../ui/say.tsx";
import { count, date, n, size } from "../words.ts";

/** Fetches the archive with the session's token and hands it to the browser as a file. */
export async function download(id: string): Promise<void> {
  try {
    const blob = await bytes(`/cases/${encodeURIComponent(id)}/bundle/archive`);
    const url = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = url;
    link.download = `${id}.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say(`Downloaded ${id}.zip (${size(blob.size)})`);
  } catch (trouble) {
    if (trouble instanceof Failure) tell(trouble);
    else throw trouble;
  }
}

export function BundleScreen({ route }: { route: Route }) {
  const { id, nChanges } = useCase();
  const { data, failure, reload } = useGet<BundleOut>(usePath("/bundle"));
  useEffect(() => {
    if (nChanges > 0) reload();
  }, [nChanges]);
  const what = route.query.get("show") ?? "exhibits";
  const pdfs = data ? (what === "files" ? data.files.filter((file) => file.name.endsWith(".pdf")).map((file) => file.name) : data.exhibits.map((exhibit) => exhibit.file)) : [];
  const file = route.query.get("file") ?? pdfs[0] ?? null;
  const page = Number(route.query.get("page") ?? 1);
  const pages = data?.exhibits.find((exhibit) => exhibit.file === file)?.n_pages ?? null;
  const set = (changes: Record<string, string | number | null>) => replace(withQuery(route, changes));
  const move = (by: number) => {
    const index = file ? pdfs.indexOf(file) : -1;
    const next = pdfs[Math.max(0, Math.min(pdfs.length - 1, index + by))];
    if (next) set({ file: next, page: null });
  };
  useKeys([
    { keys: "j", label: "Next document", group: "Bundle", run: () => move(1) },
    { keys: "k", label: "Document before", group: "Bundle", run: () => move(-1) },
    { keys: "n", label: "Next page", group: "Bundle", run: () => (pages === null || page < pages) && set({ page: page + 1 }) },
    { keys: "p", label: "Page before", group: "Bundle", run: () => page > 1 && set({ page: page - 1 }) },
  ]);
  if (failure?.code === "not_found")
    return (
      <>
        <Title>Bundle</Title>
        <Empty title="The bundle is not made yet">
          <p>The release screen says what is missing.</p>
          <a class="button first" href={href(["case", id, "release"])}>
            Go to the release
          </a>
        </Empty>
      </>
    );
  return (
    <>
      <Title
        note={data && `${count(data.n_exhibits, "exhibit")} on ${count(data.n_pages, "page")}; ${count(data.n_labels, "redaction")} of ${count(data.n_people, "person", "people")}; ${count(data.n_left_out, "record")} of others left out; ${n(data.n_incidental)} incidental, ${n(data.n_pending)} under review, ${n(data.n_withheld)} withheld`}
        aside={
          data && (
            <>
              <Tag kind={data.state.state === "made" ? "good" : "warn"}>{data.state.state === "made" ? "checked when it was made" : "older than the last decision"}</Tag>
              <button type="button" class="first" disabled={!data.state.is_packed} onClick={() => void download(id)}>
                Download
              </button>
            </>
          )
        }
      >
        Bundle
      </Title>
      {failure && <Problem failure={failure} what="the bundle" onAgain={reload} />}
      {!data && !failure && <Loading what="the bundle" />}
      {data && (
        <div class="stack">
          {data.state.state === "stale" && (
            <p class="notice warn">
              Decisions were added since it was made. <a href={href(["case", id, "release"])}>Make it again</a> before it goes.
            </p>
          )}
          {data.notes.map((line) => (
            <p class="notice" key={line}>
              <Words>{line}</Words>
            </p>
          ))}
          {data.refused.length > 0 && (
            <details class="notice bad" open>
              <summary>
                <b>{count(data.refused.length, "item")} could not be given</b>
              </summary>
              <ul class="plain">
                {data.refused.map((one) => (
                  <li key={one.item}>
                    <a class="mono" href={href(["case", id, "item", one.item])}>
                      {one.item.slice(0, 12)}
                    </a>{" "}
                    {one.reason}
                  </li>
                ))}
              </ul>
            </details>
          )}
          <div class="bundle">
            <div class="panel flush">
              <div class="bundle-head">
                <Segments
                  label="What to list"
                  value={what}
                  onValue={(value) => set({ show: value === "exhibits" ? null : value, file: null, page: null })}
                  choices={[
                    { value: "exhibits", label: "Exhibits", note: n(data.exhibits.length) },
                    { value: "files", label: "All files", note: n(data.files.length) },
                  ]}
                />
              </div>
              <ul class="files">
                {what === "exhibits"
                  ? data.exhibits.map((exhibit) => (
                      <li key={exhibit.file}>
                        <button type="button" class="file" aria-current={file === exhibit.file ? "true" : undefined} onClick={() => set({ file: exhibit.file, page: null })}>
                          <b>
                            {n(exhibit.number)} · {exhibit.title}
                          </b>
                          <span class="sub">
                            {exhibit.first} · {count(exhibit.n_pages, "page")} · {exhibit.source} · {date(exhibit.dated)}
                          </span>
                          <span class="sub">
                            {count(exhibit.n_labels, "redaction")}, {n(exhibit.n_left_out)} left out · {exhibit.description}
                          </span>
                        </button>
                      </li>
                    ))
                  : data.files.map((one) => (
                      <li key={one.name}>
                        <button type="button" class="file" disabled={!one.name.endsWith(".pdf")} aria-current={file === one.name ? "true" : undefined} onClick={() => set({ file: one.name, page: null })}>
                          <b class="wrap">{one.name}</b>
                          <span class="sub n">
                            {size(one.size_bytes)} · <span class="mono">{one.sha256.slice(0, 16)}</span>
                          </span>
                        </button>
                      </li>
                    ))}
              </ul>
            </div>
            {file && <Preview id={id} file={file} page={page} pages={pages} onPage={(next) => set({ page: next === 1 ? null : next })} item={data.exhibits.find((exhibit) => exhibit.file === file)?.item ?? null} />}
          </div>
        </div>
      )}
    </>
  );
}

function Preview({ id, file, page, pages, onPage, item }: { id: string; file: string; page: number; pages: number | null; onPage: (page: number) => void; item: string | null }) {
  const { url, failure } = usePicture(`/cases/${encodeURIComponent(id)}/bundle/pages/${page}?file=${encodeURIComponent(file)}&dpi=110`);
  const isPast = failure?.code === "not_found" && page > 1;
  useEffect(() => {
    if (isPast) onPage(page - 1);
  }, [isPast]);
  const [size_, setSize] = useState(false);
  return (
    <section class="panel preview-page" aria-label={`Page ${page} of ${file}`}>
      <div class="row pages-bar">
        <button type="button" disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label="Page before">
          ‹
        </button>
        <span class="n">
          Page {n(page)}
          {pages !== null && ` of ${n(pages)}`}
        </span>
        <button type="button" disabled={pages !== null && page >= pages} onClick={() => onPage(page + 1)} aria-label="Next page">
          ›
        </button>
        <span class="grow" />
        {item && <a href={href(["case", id, "item", item])}>What it was made of</a>}
        <button type="button" aria-pressed={size_} onClick={() => setSize(!size_)}>
          Whole width
        </button>
      </div>
      {failure && !isPast && <Problem failure={failure} what="this page" />}
      {url ? <img class={size_ ? "whole" : ""} src={url} alt={`Page ${page} of ${file}, as it will be given`} /> : !failure && <Loading what="the page" />}
    </section>
  );
}

// One request at a glance: its clock, what is open, what was searched, and where things stand in time.
import { useMemo } from "preact/hooks";
import { useGet } from "../api.ts";
import type { Charts } from "../api.ts";
import { screenPath } from "../app.tsx";
import { useCase, usePath } from "../case.tsx";
import { Bars } from "../charts/bars.tsx";
import { Deadline, daysInWords, urgency } from "../charts/deadline.tsx";
import { Timeline } from "../charts/timeline.tsx";
import type { Column } from "../charts/timeline.tsx";
import { go, href } from "../route.ts";
import { useKeys } from "../keys.ts";
import { Panel, Tag, Title, Words } from "../ui/parts.tsx";
import { count, date, moment, n, plain, sentence } from "../words.ts";

export function Overview() {
  const { id, about, start, job } = useCase();
  const charts = useGet<Charts>(usePath("/charts"));
  const card = about?.card;
  useKeys([{ keys: "Enter", label: "Do what comes next", group: "Overview", run: () => card && go(screenPath(card, card.next.screen)) }]);
  const columns = useMemo(() => columnsOf(id, charts.data), [id, charts.data]);
  if (!about || !card) return null;
  const { clock, progress } = card;
  return (
    <>
      <Title
        note={`${card.case} · ${card.right} request by ${card.channel.replaceAll(/[_-]/g, " ")} · ${plain(card.state)}`}
        aside={
          <a class="button first" href={screenPath(card, card.next.screen)}>
            {sentence(card.next.words)}
          </a>
        }
      >
        {card.person.join(", also ")}
      </Title>
      <div class="columns">
        <div class="stack">
          <Panel title="Clock" aside={<Tag kind={urgency(clock.days_left)}>{clock.state === "running" ? daysInWords(clock.days_left) : clock.state === "paused" ? "stopped" : "not begun"}</Tag>}>
            <Deadline clock={{ received: clock.received, due: clock.working, today: charts.data ? today(clock) : clock.received, daysLeft: clock.days_left }} decided={progress.n_decided} of={progress.n_total} />
            <ul class="plain">
              {clock.readings.map((reading) => (
                <li key={reading.reading}>
                  <b class="n">{date(reading.last_day)}</b> {reading.title}
                </li>
              ))}
            </ul>
            <details>
              <summary>The arithmetic</summary>
              <ol class="plain">
                {about.clock_steps.map((step) => (
                  <li key={step}>{sentence(step)}</li>
                ))}
              </ol>
            </details>
          </Panel>
          <Panel title="When it was written">
            {charts.data && <Timeline title="Findings by the time their item was written" columns={columns} undated={charts.data.n_undated} what={["finding", "findings"]} />}
          </Panel>
          <Panel title="Where it was found" aside={<span class="hint"><i class="swatch work" /> certain and probable <i class="swatch rest" /> all</span>}>
            {charts.data && (
              <Bars
                caption="Findings by source"
                head={["Source", "Findings"]}
                partName="certain or probable"
                rows={charts.data.volumes.map((volume) => ({
                  label: volume.title,
                  value: volume.n_findings,
                  part: volume.findings.certain + volume.findings.probable,
                  to: href(["case", id, "findings"], { source: volume.source }),
                  note: <span class="sub">of {count(volume.n_items, "item")}</span>,
                }))}
              />
            )}
          </Panel>
        </div>
        <div class="stack">
          <Panel title="What is open">
            {card.blocks.length === 0 ? (
              <p class="muted">Nothing. {sentence(card.next.words)}.</p>
            ) : (
              <ul class="todo">
                {card.blocks.map((block) => (
                  <li key={block.code} class={block.is_blocking ? "" : "note"}>
                    <a href={screenPath(card, block.screen)}><Words>{block.message}</Words></a>
                    <span class="sub">{block.is_blocking ? "has to be done before anything leaves" : "worth knowing"}</span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title="Found">
            {card.findings ? (
              <dl class="facts">
                {(["certain", "probable", "possible", "namesake"] as const).map((tier) => (
                  <Fact key={tier} term={sentence(tier)}>
                    <a class="n" href={href(["case", id, "findings"], { tier })}>
                      {n(card.findings?.[tier] ?? 0)}
                    </a>
                  </Fact>
                ))}
                {card.verdicts && (["disclose", "incidental", "withhold", "not_subject"] as const).map((verdict) => (
                  <Fact key={verdict} term={{ disclose: "To be given", incidental: "Only mentioned", withhold: "Kept back", not_subject: "Not about them" }[verdict]}>
                    <a class="n" href={href(["case", id, "findings"], { verdict })}>
                      {n(card.verdicts?.[verdict] ?? 0)}
                    </a>
                  </Fact>
                ))}
              </dl>
            ) : (
              <p class="muted">The estate was not searched for them yet.</p>
            )}
          </Panel>
          {charts.data && charts.data.decisions.length > 1 && (
            <Panel title="Decisions a day">
              <Bars caption="Decisions a day" head={["Day", "Decisions"]} rows={charts.data.decisions.slice(-7).map((one) => ({ label: date(one.day), value: one.n, part: one.n }))} />
            </Panel>
          )}
          <Panel
            title="Search"
            aside={
              <button type="button" disabled={job?.state === "running"} onClick={() => void start("/search")}>
                Search again
              </button>
            }
          >
            {about.search ? (
              <>
                {!about.search.is_current && <p class="notice warn">What is known of the person changed since. Search again.</p>}
                {!about.search.is_complete && <p class="notice warn">The last scan of the estate did not end: some items are not known yet.</p>}
                <dl class="facts">
                  <Fact term="Searched">{moment(about.search.searched_at)}</Fact>
                  <Fact term="In">{count(about.search.n_items, "item")}, {count(about.search.n_passages, "passage")}</Fact>
                  <Fact term="Weighed">{count(about.search.n_candidates, "candidate")}</Fact>
                  <Fact term="Asked for">{about.search.asked.map((one) => `${one.kind ? plain(one.kind) : "words"} (${count(one.n_forms, "form")})`).join(", ")}</Fact>
                </dl>
                {about.search.advice.map((line) => (
                  <p class="hint" key={line}>
                    <Words>{line}</Words>
                  </p>
                ))}
                {about.search.ask && (
                  <p class="hint">
                    What would settle most, if you asked them: <b>{about.search.ask}</b>
                  </p>
                )}
              </>
            ) : (
              <p class="muted">Not yet.</p>
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}

function Fact({ term, children }: { term: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The server says how many days are left; today follows. */
function today(clock: { working: string; days_left: number }): string {
  const at = new Date(clock.working);
  at.setUTCDate(at.getUTCDate() - clock.days_left);
  return at.toISOString().slice(0, 10);
}

/** Months, or years where there are too many months to see. */
function columnsOf(id: string, charts: Charts | null): Column[] {
  if (!charts || charts.timeline.length === 0) return [];
  const total = (month: Charts["timeline"][number]) => month.certain + month.probable + month.possible + month.namesake;
  const counts = new Map(charts.timeline.map((month) => [month.month, total(month)]));
  const all = [...counts.keys()].sort();
  const first = all[0] ?? "";
  const last = all.at(-1) ?? "";
  const years = Number(last.slice(0, 4)) - Number(first.slice(0, 4)) + 1;
  const columns: Column[] = [];
  if (years > 3) {
    for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year += 1) {
      const value = [...counts].reduce((sum, [month, own]) => sum + (month.startsWith(`${year}-`) ? own : 0), 0);
      columns.push({ label: String(year), value, to: href(["case", id, "findings"], { from: `${year}-01-01`, to: `${year}-12-31` }) });
    }
    return columns;
  }
  for (let year = Number(first.slice(0, 4)), month = Number(first.slice(5)); `${year}-${String(month).padStart(2, "0")}` <= last; ) {
    const label = `${year}-${String(month).padStart(2, "0")}`;
    const end = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
    columns.push({ label, value: counts.get(label) ?? 0, to: href(["case", id, "findings"], { from: `${label}-01`, to: end }) });
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return columns;
}

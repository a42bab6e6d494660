// The morning's screen: every open request with its clock, what blocks it, and what to do next.
import { useRef, useState } from "preact/hooks";
import { useGet } from "../api.ts";
import type { CaseCard, Dashboard } from "../api.ts";
import { daysInWords, urgency } from "../charts/deadline.tsx";
import { screenPath } from "../app.tsx";
import { useKeys } from "../keys.ts";
import { go, href } from "../route.ts";
import { Empty, Loading, Meter, Tag, Title, Words } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { count, date, dateInWords, n, plain, sentence } from "../words.ts";

export function Today() {
  const { data, failure, reload } = useGet<Dashboard>("/cases");
  const [withClosed, setClosed] = useState(false);
  const [at, setAt] = useState(0);
  const table = useRef<HTMLTableElement>(null);
  const all = data?.cases ?? [];
  const cards = all.filter((card) => withClosed || !card.is_closed);
  const nClosed = all.length - all.filter((card) => !card.is_closed).length;
  const move = (by: number) => {
    const links = table.current?.querySelectorAll<HTMLAnchorElement>("th a") ?? [];
    // The first key goes to the first request, not past it.
    const isThere = [...links].includes(document.activeElement as HTMLAnchorElement);
    links[isThere ? Math.max(0, Math.min(cards.length - 1, at + by)) : at]?.focus();
  };
  useKeys([
    { keys: "j", label: "Next request", group: "Today", run: () => move(1) },
    { keys: "k", label: "Request before", group: "Today", run: () => move(-1) },
    { keys: "Enter", label: "Open the request", group: "Today", run: () => { const card = cards[at]; if (card) go(href(["case", card.case])); } },
    { keys: "Shift+n", label: "Do what comes next for it", group: "Today", run: () => { const card = cards[at]; if (card) go(screenPath(card, card.next.screen)); } },
    { keys: "c", label: "New request", group: "Today", run: () => go(href(["new"])) },
  ]);
  const late = cards.filter((card) => card.clock.days_left < 0).length;
  const soon = cards.filter((card) => card.clock.days_left >= 0 && card.clock.days_left <= 7).length;
  return (
    <>
      <Title
        note={data && (
          <>
            {dateInWords(data.today)}: {count(cards.length, "open request")}
            {late > 0 && <>, {n(late)} late</>}
            {soon > 0 && <>, {n(soon)} due within a week</>}.
          </>
        )}
        aside={
          <>
            {nClosed > 0 && (
              <button type="button" aria-pressed={withClosed} onClick={() => setClosed(!withClosed)}>
                Closed too ({n(nClosed)})
              </button>
            )}
            <a class="button first" href={href(["new"])}>
              New request
            </a>
          </>
        }
      >
        Today
      </Title>
      {failure && <Problem failure={failure} what="the requests" onAgain={reload} />}
      {!data && !failure && <Loading what="the requests" />}
      {data?.pairs.map((pair) => (
        <p class="notice warn" key={pair}>
          {pair}: is it one person?
        </p>
      ))}
      {data?.problems.map((problem) => (
        <p class="notice bad" key={problem}>
          <Words>{problem}</Words>
        </p>
      ))}
      {data && cards.length === 0 && (
        <Empty title="No request is open">
          <p>When a letter or mail asks what you hold about somebody, open a request; its clock starts with the day it came in.</p>
          <a class="button first" href={href(["new"])}>
            New request
          </a>
        </Empty>
      )}
      {cards.length > 0 && (
        <div class="panel flush scroll">
          <table class="today" ref={table}>
            <thead>
              <tr>
                <th scope="col">Request</th>
                <th scope="col">Due</th>
                <th scope="col">Decided</th>
                <th scope="col">What blocks it</th>
                <th scope="col">Next</th>
              </tr>
            </thead>
            <tbody>
              {cards.map((card, index) => (
                <Line key={card.case} card={card} onFocus={() => setAt(index)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Line({ card, onFocus }: { card: CaseCard; onFocus: () => void }) {
  const { clock, progress } = card;
  const blocks = card.blocks.filter((block) => block.is_blocking);
  const notes = card.blocks.length - blocks.length;
  const readings = clock.readings.map((reading) => `${date(reading.last_day)} ${reading.title}`).join("; ");
  return (
    <tr onFocusIn={onFocus}>
      <th scope="row">
        <a href={href(["case", card.case])} class="case-link">
          {card.person[0] ?? card.case}
        </a>
        <span class="sub n">
          {card.case} · {plain(card.state)}
          {card.identity === "asked" && " · identity asked"}
        </span>
      </th>
      <td>
        <Tag kind={clock.state === "running" ? urgency(clock.days_left) : ""}>{clock.state === "running" ? daysInWords(clock.days_left) : clock.state === "paused" ? "clock stopped" : "not begun"}</Tag>
        <span class="sub n" title={readings}>
          {date(clock.working)}
          {clock.is_extended && ", extended"}
        </span>
      </td>
      <td class="decided">
        {progress.n_total > 0 ? (
          <>
            <Meter value={progress.n_decided} of={progress.n_total} label={`${progress.n_decided} of ${progress.n_total} findings decided`} />
            <span class="sub n">
              {n(progress.n_decided)} of {n(progress.n_total)}
              {progress.n_possible_open > 0 && `, ${n(progress.n_possible_open)} possible open`}
            </span>
          </>
        ) : (
          <span class="muted">{card.searched_at ? "nothing found" : "not searched"}</span>
        )}
      </td>
      <td>
        {blocks.length === 0 ? (
          <span class="muted">nothing</span>
        ) : (
          <ul class="blocks">
            {blocks.slice(0, 3).map((block) => (
              <li key={block.code}>
                <a href={screenPath(card, block.screen)}>{sentence(block.message)}</a>
              </li>
            ))}
            {blocks.length > 3 && <li class="muted">and {n(blocks.length - 3)} more</li>}
          </ul>
        )}
        {notes > 0 && <span class="sub">{count(notes, "thing")} worth knowing</span>}
      </td>
      <td>
        <a class="button" href={screenPath(card, card.next.screen)}>
          {sentence(card.next.words)}
        </a>
      </td>
    </tr>
  );
}

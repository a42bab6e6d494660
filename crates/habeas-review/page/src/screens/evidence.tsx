// What can be shown to somebody who asks: ledgers verified, settings in force, how readers are confined.
import { useGet } from "../api.ts";
import type { EvidenceOut } from "../api.ts";
import { href } from "../route.ts";
import { Loading, Panel, Tag, Title } from "../ui/parts.tsx";
import { Problem } from "../ui/problem.tsx";
import { n, sentence } from "../words.ts";

export function Evidence() {
  const { data, failure, reload } = useGet<EvidenceOut>("/evidence");
  return (
    <>
      <Title note={data ? `Habeas ${data.version}` : undefined} aside={<button type="button" onClick={reload}>Verify again</button>}>
        Evidence
      </Title>
      {failure && <Problem failure={failure} what="the evidence" onAgain={reload} />}
      {!data && !failure && <Loading what="the ledgers" />}
      {data && (
        <div class="stack">
          <Panel title="Ledgers">
            <table>
              <thead>
                <tr>
                  <th scope="col">Case</th>
                  <th scope="col" class="num">
                    Records
                  </th>
                  <th scope="col">Chain</th>
                  <th scope="col">Last digest</th>
                </tr>
              </thead>
              <tbody>
                {data.ledgers.map((ledger) => (
                  <tr key={ledger.case}>
                    <td>
                      <a href={href(["case", ledger.case, "record"])}>{ledger.case}</a>
                    </td>
                    <td class="num">{n(ledger.n_records)}</td>
                    <td>
                      {ledger.is_verified ? <Tag kind="good">verified</Tag> : <Tag kind="bad">broken</Tag>}
                      {ledger.problem && <span class="sub">{sentence(ledger.problem)}</span>}
                      {ledger.n_torn_bytes > 0 && <span class="sub">{n(ledger.n_torn_bytes)} bytes at its end were not written whole and are left aside.</span>}
                    </td>
                    <td class="mono wrap">{ledger.head}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Panel>
          <div class="grid-2">
            <Panel title="Settings in force">
              <dl class="facts">
                {data.settings.map((setting) => (
                  <>
                    <dt key={setting.name}>{setting.name}</dt>
                    <dd class="wrap">{setting.value}</dd>
                  </>
                ))}
              </dl>
            </Panel>
            <Panel title="How readers are confined">
              <ul class="plain">
                {data.isolation.map((line) => (
                  <li key={line}>{sentence(line)}</li>
                ))}
              </ul>
            </Panel>
          </div>
        </div>
      )}
    </>
  );
}

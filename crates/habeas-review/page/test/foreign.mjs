// A page of somebody else that reaches for the port gets nothing: by form, by fetch, by another name of the host.
import { createServer } from "node:http";
import { api, check, equal, tab, theBrowser, world } from "./lib.mjs";

async function foreign() {
  const own = await world();
  const inside = await tab(own);
  const before = (await api(inside.page, "GET", `/cases/${own.caseId}/history?limit=1`)).body.total;
  const target = `${own.at}/api/v1`;
  const html = `<!doctype html><title>elsewhere</title><form id="f" method="post" enctype="text/plain" action="${target}/cases/${own.caseId}/decisions" target="out"><input name='{"expected":0,"verdict":"disclose","filter":{},"x":"' value='"}'></form><iframe name="out"></iframe>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end(html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await (await theBrowser()).newContext();
  const page = await context.newPage();
  const seen = [];
  page.on("response", (response) => {
    if (response.url().startsWith(own.at)) seen.push(response.status());
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const read = await page.evaluate(async (at) => {
    const tries = [() => fetch(`${at}/cases`), () => fetch(`${at}/cases`, { mode: "no-cors" }).then((one) => (one.type === "opaque" ? Promise.reject(new Error("opaque")) : one)), () => fetch(`${at}/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })];
    const out = [];
    for (const go of tries) out.push(await go().then(() => "read", () => "refused"));
    document.getElementById("f").submit();
    return out;
  }, target);
  await page.waitForTimeout(500);
  equal(read.join(), "refused,refused,refused", "what a foreign page could read");
  check(seen.every((status) => status >= 400), `a foreign request was answered with ${seen.join(", ")}`);
  const after = (await api(inside.page, "GET", `/cases/${own.caseId}/history?limit=1`)).body.total;
  equal(after, before, "records after the foreign page's form");
  await context.close();
  server.close();

  // DNS rebinding: another name that leads to this port.
  const port = new URL(own.at).port;
  const rebound = await (await theBrowser()).newContext();
  const there = await rebound.newPage();
  const answer = await there.goto(`http://localhost:${port}/api/v1/cases`).catch(() => null);
  check(answer === null || answer.status() >= 400, `localhost by name was answered with ${answer?.status()}`);
  await rebound.close();
  await inside.context.close();
  await own.stop();
  return `${seen.length} requests refused`;
}

export const tests = { "a foreign page reads and changes nothing": foreign };

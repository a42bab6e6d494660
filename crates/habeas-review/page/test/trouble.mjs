// Bad days: a lost session, a case closed meanwhile, a source offline, a folder that cannot be written, a server that stopped.
import { spawnSync } from "node:child_process";
import { renameSync } from "node:fs";
import { api, check, equal, keys, settled, tab, tabTo, visit, world } from "./lib.mjs";
import { itemCalled } from "./pages.mjs";

const firstItem = async (page, id) => (await api(page, "GET", `/cases/${id}/queue?limit=1&verdict=open`)).body.rows[0].item;

async function lost() {
  const own = await world();
  const { context, page } = await tab(own);
  const id = own.caseId;
  const item = await firstItem(page, id);
  await visit(page, `#/case/${id}/item/${item}`);
  await settled(page);
  await tabTo(page, ".decide textarea");
  await page.keyboard.type("a reason that must not be lost");
  await api(page, "DELETE", "/session");
  await page.locator("#screen h1").focus();
  await page.keyboard.press("d");
  await page.waitForSelector("dialog[open]");
  check((await page.textContent("dialog[open]")).includes("The session has ended"), "nobody says that the session ended");
  await page.keyboard.type("no link at all");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog [role=alert]");
  await page.fill("dialog input", await own.link());
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await settled(page);
  check(page.url().includes(item), "the place is lost");
  equal(await page.inputValue(".decide textarea"), "a reason that must not be lost", "the reason");
  // A reload with an ended session asks for a link as well.
  await api(page, "DELETE", "/session");
  await page.reload();
  await page.waitForSelector(".entry input");
  await page.fill(".entry input", await own.link());
  await page.keyboard.press("Enter");
  await page.waitForSelector(".paper");
  equal(await page.inputValue(".decide textarea"), "a reason that must not be lost", "the reason after a reload");
  await context.close();
  await own.stop();
}

async function used() {
  const own = await world();
  const link = await own.link();
  const first = await tab({ ...own, link: async () => link });
  const { context, page } = await (async () => {
    const context = await first.context.browser().newContext();
    return { context, page: await context.newPage() };
  })();
  await page.goto(link);
  await page.waitForSelector(".entry");
  check(!page.url().includes("k="), "the key stays in the address");
  check(/used|older|ended|link/i.test(await page.textContent(".entry")), "nobody says why the link does nothing");
  await context.close();
  await first.context.close();
  await own.stop();
}

async function closed() {
  const own = await world();
  const { context, page } = await tab(own);
  const id = own.caseId;
  const item = await firstItem(page, id);
  await visit(page, `#/case/${id}/item/${item}`);
  await settled(page);
  await tabTo(page, ".decide textarea");
  await page.keyboard.type("kept");
  const { body: events } = await api(page, "GET", `/cases/${id}/events`);
  const kind = events.kinds.find((one) => /^closed?$/.test(one.event) && one.is_possible);
  const again = events.kinds.find((one) => /reopen/.test(one.event));
  if (!kind || !again) {
    await context.close();
    await own.stop();
    return "the case cannot be closed now";
  }
  const fields = (of) => Object.fromEntries(of.fields.filter((field) => field.is_required).map((field) => [field.name, field.type === "date" ? "2026-03-20" : field.type === "choice" ? field.choices.at(-1) : field.type === "bool" ? true : "test"]));
  const shut = await api(page, "POST", `/cases/${id}/events`, { expected: events.revision, event: kind.event, fields: fields(kind), reason: "a test" });
  equal(shut.status, 200, `closing: ${JSON.stringify(shut.body)}`);
  await page.locator("#screen h1").focus();
  await page.keyboard.press("d");
  await page.waitForSelector(".message.trouble");
  check(/closed/i.test(await page.textContent(".message.trouble")), "nobody says that the case was closed");
  await page.waitForFunction(() => /closed/.test(document.querySelector(".decide")?.textContent ?? ""));
  const open = await api(page, "POST", `/cases/${id}/events`, { expected: shut.body.revision, event: again.event, fields: fields(again), reason: "a test" });
  equal(open.status, 200, `opening again: ${JSON.stringify(open.body)}`);
  await page.reload();
  await page.waitForSelector(".decide textarea");
  equal(await page.inputValue(".decide textarea"), "kept", "the reason");
  await context.close();
  await own.stop();
}

async function offline() {
  const own = await world();
  if (!own.mock) return away(own);
  const { context, page } = await tab(own);
  const item = own.mock.state.findings.find((one) => one.shape === "page");
  own.mock.state.offline.add(item.source);
  await visit(page, `#/case/${own.caseId}/item/${item.item}`);
  await settled(page);
  check((await page.textContent("main")).includes("as it was indexed"), "nobody says that the text is the indexed one");
  await page.keyboard.press("d");
  await page.waitForSelector(".message.done");
  await visit(page, `#/case/${own.caseId}/item/${item.item}?view=pages`);
  await page.waitForSelector(".notice.bad");
  check((await page.textContent(".notice.bad")).includes("can't be opened"), "nobody says why there are no pages");
  await context.close();
  await own.stop();
}

/** Against a real server: the folder of a source is taken away, and comes back. */
async function away(own) {
  const { context, page } = await tab(own);
  const id = own.caseId;
  const item = await itemCalled(page, id, "another visit.pdf", true);
  const papers = process.env.HABEAS_PAPERS;
  renameSync(papers, `${papers}.away`);
  try {
    await visit(page, `#/case/${id}/item/${item}?view=pages&page=4`);
    await page.waitForSelector(".notice.bad");
    check(/cannot be read again/.test(await page.textContent(".notice.bad")), "nobody says why there is no picture");
    // What was indexed is shown, and decisions are kept.
    await page.waitForFunction(() => document.querySelector("main").textContent.includes("as it was indexed"));
    check(/source `papers` is not there.*connected/i.test(await page.textContent(".notice.warn")), `what is said of the source: ${await page.textContent(".notice.warn")}`);
    await keys(page, "g", "i");
    await page.waitForSelector(".paper .hit");
    check((await page.textContent(".paper")).includes("drove her home"), "its text as it was indexed is not shown");
    const before = (await api(page, "GET", `/cases/${id}/history?limit=1`)).body.total;
    await tabTo(page, ".decide textarea");
    await page.keyboard.type("decided while it was away");
    await page.locator("#screen h1").focus();
    await keys(page, "d");
    await page.waitForSelector(".message.done");
    check((await api(page, "GET", `/cases/${id}/history?limit=1`)).body.total > before, "the decision was not kept");
    await visit(page, "#/estate");
    await page.waitForFunction(() => /is not there/.test(document.querySelector("main").textContent));
    await visit(page, `#/case/${id}/item/${item}?view=pages&page=4`);
    await page.waitForSelector(".notice.bad");
  } finally {
    renameSync(`${papers}.away`, papers);
  }
  // Connected again: one press, and the page is there with its marks.
  await page.waitForTimeout(1500);
  await page.locator(".notice.warn button", { hasText: "Try again" }).click();
  await page.waitForSelector(".sheet img");
  await page.waitForSelector(".spot");
  await page.waitForFunction(() => !document.querySelector("main").textContent.includes("as it was indexed"));
  await context.close();
  return "taken away, decided, and back";
}

async function unwritable() {
  const own = await world();
  if (!own.mock) return nowhere(own);
  const { context, page } = await tab(own);
  own.mock.state.decide(own.mock.state.findings, null, "", "ada");
  own.mock.state.decide(own.mock.state.findings.filter((one) => own.mock.state.verdict(one) === "open"), "not_subject", "", "ada");
  own.mock.state.events.push({ event: "health_opinion", fields: { clinician: "Dr Ho" } });
  own.mock.state.unwritable = true;
  const before = own.mock.state.revision;
  await visit(page, `#/case/${own.caseId}/release`);
  await settled(page);
  await page.keyboard.press("m");
  await page.waitForSelector(".panel .notice.bad");
  check((await page.textContent(".panel .notice.bad")).includes("can't be written"), "nobody says that the folder can't be written");
  equal(own.mock.state.revision, before, "records after the failure");
  await context.close();
  await own.stop();
}

/** Against a real server: a folder in which nobody can write. */
async function nowhere(own) {
  const { context, page } = await tab(own);
  const id = own.caseId;
  if ((await api(page, "GET", `/cases/${id}`)).body.card.progress.n_open > 0) {
    await context.close();
    return "not every finding is decided";
  }
  await visit(page, `#/case/${id}/release`);
  await settled(page);
  const before = (await api(page, "GET", `/cases/${id}/history?limit=1`)).body.total;
  await page.getByLabel("Folder").fill("/proc/nowhere/bundle");
  await page.locator("#make").click();
  await page.waitForSelector(".panel .notice.bad, .message.trouble", { timeout: 120_000 });
  equal((await api(page, "GET", `/cases/${id}/history?limit=1`)).body.total, before, "records after the failure");
  equal(await page.getByLabel("Folder").inputValue(), "/proc/nowhere/bundle", "the folder that was typed");
  const words = await page.textContent(".panel .notice.bad");
  check(/The bundle was not made/.test(words) && /no folder can be made there/.test(words), `what happened is not said: ${words}`);
  check(/every decision is kept/.test(words), `that every decision is kept is not said: ${words}`);
  check(/choose a folder that is there/i.test(words), `what to do is not said: ${words}`);
  // The command says the same.
  const told = spawnSync(process.env.HABEAS_PROGRAM, ["bundle", "--estate", process.env.HABEAS_ESTATE, id, "--out", "/proc/nowhere/bundle"], { encoding: "utf8" });
  equal(told.status, 3, "how the command ends");
  check(/every decision is kept/.test(told.stderr) && /hint: choose a folder that is there/.test(told.stderr), `the command: ${told.stderr}`);
  // Another folder is typed, and all is well: nothing was lost.
  await page.getByLabel("Folder").fill("");
  await context.close();
  return words.replace(/\s+/g, " ").trim();
}

async function stopped() {
  const own = await world();
  const { context, page } = await tab(own);
  const id = own.caseId;
  const item = await firstItem(page, id);
  await visit(page, `#/case/${id}/item/${item}`);
  await settled(page);
  await page.route("**/api/**", (route) => route.abort());
  await page.keyboard.press("d");
  await page.waitForSelector(".message.trouble");
  check((await page.textContent(".message.trouble")).includes("does not answer"), "nobody says that the server stopped");
  await page.unroute("**/api/**");
  await context.close();
  await own.stop();
}

export const tests = {
  "a lost session keeps the place and what was typed": lost,
  "a link that was used says so": used,
  "a case closed meanwhile": closed,
  "a source gone offline": offline,
  "a folder that cannot be written": unwritable,
  "a server that does not answer": stopped,
};

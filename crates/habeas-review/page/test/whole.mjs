// A whole request by keyboard alone: from the dashboard to a bundle that is read through and delivered.
import { api, check, equal, focusIsSomewhere, keys, settled, tab, tabTo, world } from "./lib.mjs";

const dialogIsGone = (page) => page.waitForSelector("dialog", { state: "detached" });
const main = (page, words) => page.waitForFunction((wanted) => document.querySelector("#screen h1")?.textContent?.includes(wanted), words);

/** Fills the fields of a dialog one after another, as Tab leads to them. */
async function fill(page) {
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press("Tab");
    const own = await page.evaluate(() => {
      const held = document.activeElement;
      return { tag: held.tagName, type: held.type, value: held.value, isSubmit: held.matches("button.first"), isDisabled: held.disabled, words: held.labels?.[0]?.textContent ?? "" };
    });
    if (own.isSubmit) return;
    if (own.tag === "SELECT" && own.value === "") await page.keyboard.press("ArrowDown");
    if (own.tag === "INPUT" && own.type === "date" && own.value === "") await page.keyboard.type("20032026");
    if (own.tag === "INPUT" && own.type === "checkbox") await page.keyboard.press("Space");
    if ((own.tag === "INPUT" && own.type === "text" && !/items/i.test(own.words)) || own.tag === "TEXTAREA") if (own.value === "") await page.keyboard.type("Dr Hao Ho, GMC 0000000");
  }
  throw new Error("the dialog has no button that can be pressed");
}

async function whole() {
  const own = await world(120);
  const { context, page, errors, requests } = await tab(own);
  const id = own.caseId;
  const card = async () => (await api(page, "GET", `/cases/${id}`)).body.card;

  // Today: the request, by Tab and Enter.
  await main(page, "Today");
  await settled(page);
  await tabTo(page, `a[href="#/case/${id}"]`);
  await keys(page, "Enter");
  await page.waitForSelector(".deadline");
  await focusIsSomewhere(page, "on the overview");

  // The person: accept what stands beside theirs, if anything waits.
  await keys(page, "g", "w");
  await page.waitForSelector(".columns");
  await settled(page);
  if ((await card()).n_proposals > 0) {
    await page.waitForSelector(".proposal");
    const before = (await card()).n_proposals;
    await keys(page, "j", "k", "r");
    await page.waitForSelector(".message.done");
    await page.waitForFunction((n) => document.querySelectorAll(".proposal").length < n, before);
    for (let i = 0; i < 300 && (await api(page, "GET", "/jobs")).body.some((job) => job.state === "running"); i += 1) await page.waitForTimeout(200);
  }

  // Findings: open the first, read why, go through its mentions, disclose, come back.
  await keys(page, "g", "f");
  await page.waitForSelector(".list .title-line");
  await settled(page);
  await keys(page, "j", "Enter");
  await page.waitForSelector(".paper");
  await settled(page);
  await keys(page, "n", "n", "p", "2", "1");
  const item = page.url();
  await keys(page, "d");
  await page.waitForSelector(".message.done");
  await page.waitForFunction((url) => location.href !== url, item);
  await settled(page);
  await focusIsSomewhere(page, "on the next item");
  // Undo, and do it again by deciding in the list.
  await keys(page, "z");
  await page.waitForFunction(() => [...document.querySelectorAll(".message")].some((one) => one.textContent.startsWith("Taken back")));
  await keys(page, "Escape");
  await page.waitForSelector(".list .line.current");
  await keys(page, "x", "j", "j", "Shift+X");
  await page.waitForFunction(() => document.querySelectorAll(".line.chosen").length === 3);
  await keys(page, "d");
  await page.waitForFunction(() => document.querySelectorAll(".line.chosen").length === 0);

  // One is kept back, with its exemption and a reason.
  await keys(page, "w");
  await page.waitForSelector("dialog[open]");
  await page.waitForFunction(() => document.querySelectorAll("dialog select option").length > 1);
  await tabTo(page, "dialog select");
  for (let i = 0; i < 30 && (await page.inputValue("dialog select")) !== "LPP"; i += 1) await keys(page, "ArrowDown");
  await keys(page, "Tab");
  await tabTo(page, "dialog textarea");
  await page.keyboard.type("advice of our solicitor");
  await keys(page, "Tab", "Enter");
  await dialogIsGone(page);

  // The rest in bulk: as suggested, seen before it is done.
  await keys(page, "b");
  await page.waitForSelector("dialog[open] .preview b");
  await tabTo(page, "dialog button.first:not(:disabled)");
  await keys(page, "Enter");
  await dialogIsGone(page);
  equal((await card()).progress.n_open, 0, "certain and probable findings that are open");

  // Other people: the first one is shown on a ground, once.
  await keys(page, "g", "p");
  await main(page, "Other people");
  await settled(page);
  const listed = (await api(page, "GET", `/cases/${id}/people?limit=1`)).body;
  if (!listed.is_listed || !listed.is_current) {
    await tabTo(page, ".title .aside button");
    await keys(page, "Enter");
    for (let i = 0; i < 300 && !(await api(page, "GET", `/cases/${id}/people?limit=1`)).body.is_current; i += 1) await page.waitForTimeout(200);
    await settled(page);
  }
  await page.waitForSelector(".list .line");
  await tabTo(page, ".list");
  await keys(page, "j", "x", "p");
  await page.waitForFunction(() => document.activeElement?.matches(".policy-side input[type=radio]"));
  await tabTo(page, ".policy-side textarea");
  await page.keyboard.type("looked at");
  await keys(page, "Tab", "Enter");
  await page.waitForSelector(".message.done");

  // Gates: each open one is settled by what its first button asks for.
  await keys(page, "g", "g");
  await main(page, "Gates");
  await settled(page);
  for (let i = 0; i < 8; i += 1) {
    if (!(await page.$(".gate.open button.first"))) break;
    const open = await page.evaluate(() => document.querySelectorAll(".gate.open").length);
    await tabTo(page, ".gate.open button.first", 200);
    await keys(page, "Enter");
    await page.waitForSelector("dialog[open]");
    await fill(page);
    await keys(page, "Enter");
    await dialogIsGone(page);
    await page.waitForFunction((n) => document.querySelectorAll(".gate.open").length < n, open).catch(() => {});
  }

  // Release: the checklist is done, the bundle is made.
  await keys(page, "g", "r");
  await main(page, "Release");
  await settled(page);
  const { body: release } = await api(page, "GET", `/cases/${id}/release`);
  check(release.is_ready, `not ready: ${release.checks.filter((one) => one.state === "blocked").map((one) => one.message).join("; ")}`);
  await keys(page, "m");
  await page.waitForFunction(() => location.hash.includes("/bundle"), null, { timeout: 120_000 });
  await page.waitForSelector(".preview-page img");
  await keys(page, "n", "j");
  await page.waitForSelector(".preview-page img");
  await focusIsSomewhere(page, "on the bundle");

  // Delivery.
  await keys(page, "g", "r");
  await main(page, "Release");
  await settled(page);
  await tabTo(page, "input[placeholder=telephone]", 200);
  await keys(page, "Shift+Tab");
  await page.keyboard.type("eleanor.marsden@example.org");
  await keys(page, "Tab");
  await page.keyboard.type("telephone");
  await keys(page, "Tab", "Tab", "Enter");
  await page.waitForFunction(() => [...document.querySelectorAll(".message")].some((one) => one.textContent.includes("Delivery recorded")));

  // The record holds it all, and its chain is whole.
  await keys(page, "g", "l");
  await main(page, "Record");
  await settled(page);
  check((await page.textContent(".title")).includes("chain verified"), "the chain is not verified");
  const { body: after } = await api(page, "GET", `/cases/${id}/release`);
  check(after.deliveries.length > 0 && after.bundle.state !== "none", "the delivery is not recorded");
  equal(errors.join(" "), "", "errors");
  equal(requests.filter((url) => !url.startsWith(own.at) && !url.startsWith("blob:")).join(" "), "", "requests that left");
  const { n_exhibits: n } = (await api(page, "GET", `/cases/${id}/bundle`)).body;
  await context.close();
  await own.stop();
  return `${after.revision} records, ${n} exhibits`;
}

export const tests = { "a whole request by keyboard alone": whole };

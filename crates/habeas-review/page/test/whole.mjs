// A whole request by keyboard alone: from the dashboard to a bundle that is read through and delivered.
import { api, check, equal, focusIsSomewhere, keys, settled, tab, tabTo, world } from "./lib.mjs";

const dialogIsGone = (page) => page.waitForSelector("dialog", { state: "detached" });
const main = (page, words) => page.waitForFunction((wanted) => document.querySelector("#screen h1")?.textContent?.includes(wanted), words);

/** Fills the fields of a dialog one after another, as Tab leads to them. */
async function fill(page, known) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    const own = await page.evaluate(() => {
      const held = document.activeElement;
      return { tag: held.tagName, type: held.type, value: held.value, isOn: held.checked, isSubmit: held.matches("button.first"), words: held.labels?.[0]?.textContent ?? "" };
    });
    if (own.isSubmit) return;
    if (own.tag === "SELECT" && own.value === "") await page.keyboard.press("ArrowDown");
    if (own.tag === "INPUT" && own.type === "date" && own.value === "") await page.keyboard.type(known.day);
    // A yes where a yes settles it.
    if (own.tag === "INPUT" && own.type === "checkbox" && !own.isOn && /enough|applies|understands|works/i.test(own.words)) await page.keyboard.press("Space");
    if (own.tag === "INPUT" && own.type === "number" && own.value === "") await page.keyboard.type(String(known.person));
    const isWords = (own.tag === "INPUT" && own.type === "text" && !/items|item|place/i.test(own.words)) || own.tag === "TEXTAREA";
    if (isWords && own.value === "") await page.keyboard.type("Dr Hao Ho, GMC 0000000");
  }
  throw new Error("the dialog has no button that can be pressed");
}

/** Settles what is open by what the first button of each gate asks for; one pass a gate. */
async function settle(page, known) {
  for (let i = 0; i < 10; i += 1) {
    if (!(await page.$(".gate.open button.first:not(:disabled)"))) return;
    const open = await page.evaluate(() => document.querySelectorAll(".gate.open").length);
    await tabTo(page, ".gate.open button.first", 300);
    await keys(page, "Enter");
    await page.waitForSelector("dialog[open]");
    await fill(page, known);
    await keys(page, "Enter");
    await dialogIsGone(page);
    await settled(page);
    await page.waitForFunction((n) => document.querySelectorAll(".gate.open").length < n, open, { timeout: 5000 }).catch(() => {});
  }
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
  await focusIsSomewhere(page, "after a decision in bulk");
  equal((await card()).progress.n_open, 0, "certain and probable findings that are open");

  // Other people: those in doubt are taken out together; one of the staff is shown on a ground, once.
  await keys(page, "g", "p");
  await main(page, "Other people");
  await settled(page);
  const look = async () => (await api(page, "GET", `/cases/${id}/people?limit=500`)).body;
  if (!(await look()).is_listed || !(await look()).is_current) {
    await tabTo(page, ".title .aside button");
    await keys(page, "Enter");
    for (let i = 0; i < 600 && !(await look()).is_current; i += 1) await page.waitForTimeout(200);
    await settled(page);
  }
  await page.waitForSelector(".list .line");
  if ((await look()).n_in_doubt > 0) {
    await tabTo(page, ".filter-row .check input");
    await keys(page, "Space");
    await page.waitForFunction(() => location.hash.includes("doubts"));
    await settled(page);
    const nDoubtful = await page.evaluate(() => Number(document.querySelector('[role="option"]').getAttribute("aria-setsize")));
    await tabTo(page, ".list");
    for (let i = 0; i < nDoubtful; i += 1) await keys(page, "x", "j");
    await keys(page, "p");
    await page.waitForFunction(() => document.activeElement?.matches(".policy-side input[type=radio]"));
    await keys(page, "Space");
    await tabTo(page, ".policy-side textarea");
    await page.keyboard.type("looked at one by one");
    await keys(page, "Tab", "Enter");
    await page.waitForSelector(".message.done");
    await page.waitForFunction(() => document.querySelectorAll(".list .line").length === 0);
    equal((await look()).n_in_doubt, 0, "mentions in doubt");
    await focusIsSomewhere(page, "after everybody in doubt was decided about");
    await tabTo(page, ".filter-row .check input");
    await keys(page, "Space");
    await page.waitForFunction(() => !location.hash.includes("doubts"));
    await settled(page);
  }
  const staff = (await look()).rows.findIndex((one) => one.proposed !== null && one.fate === "taken_out");
  const person = (await look()).rows[Math.max(0, staff)].number;
  if (staff >= 0) {
    await tabTo(page, ".list");
    for (let i = 0; i < staff; i += 1) await keys(page, "j");
    await keys(page, "p");
    await page.waitForFunction(() => document.activeElement?.matches(".policy-side input[type=radio]"));
    await tabTo(page, ".policy-side textarea");
    await page.keyboard.type("acted in their role");
    await keys(page, "Tab", "Enter");
    for (let i = 0; i < 50 && (await look()).rows[staff].fate !== "shown"; i += 1) await page.waitForTimeout(100);
    equal((await look()).rows[staff].fate, "shown", "what happens with the member of staff");
    await focusIsSomewhere(page, "after a policy was set");
  }

  // Gates: what is kept back is answered for; each open one is settled by what it asks.
  const { today } = (await api(page, "GET", "/cases")).body;
  const known = { person, day: today.split("-").reverse().join("") };
  await keys(page, "g", "g");
  await main(page, "Gates");
  await settled(page);
  const nKept = await page.evaluate(() => document.querySelectorAll("tbody td button").length);
  for (let i = 1; i <= nKept; i += 1) {
    await tabTo(page, `tbody tr:nth-child(${i}) td button`, 300);
    await keys(page, "Enter");
    await page.waitForSelector("dialog[open]");
    await fill(page, known);
    await keys(page, "Enter");
    await dialogIsGone(page);
    await settled(page);
  }
  await settle(page, known);

  // Release: the bundle is made, read through.
  await keys(page, "g", "r");
  await main(page, "Release");
  await settled(page);
  await keys(page, "m");
  await page.waitForFunction(() => location.hash.includes("/bundle"), null, { timeout: 180_000 });
  await page.waitForSelector(".preview-page img");
  await keys(page, "n", "j");
  await page.waitForSelector(".preview-page img");
  await focusIsSomewhere(page, "on the bundle");
  const bundle = (await api(page, "GET", `/cases/${id}/bundle`)).body;
  check(bundle.n_exhibits > 0, "the bundle has no exhibit");

  // A second pair of eyes, if the organisation wants one.
  const blocked = async () => (await api(page, "GET", `/cases/${id}/release`)).body.checks.filter((one) => one.state === "blocked");
  if ((await blocked()).some((one) => one.code.startsWith("four"))) {
    await api(page, "PUT", "/session", { by: "Grace" });
    await keys(page, "g", "g");
    await main(page, "Gates");
    await settled(page);
    await settle(page, known);
    await api(page, "PUT", "/session", { by: "dana" });
  }
  equal((await blocked()).map((one) => `${one.code}: ${one.message}`).join("; "), "", "what blocks the release");

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
  await context.close();
  await own.stop();
  return `${after.revision} records, ${bundle.n_exhibits} exhibits`;
}

export const tests = { "a whole request by keyboard alone": whole };

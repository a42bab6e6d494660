// A reload loses nothing: neither the filter and the line, nor the pane and the mention, nor a reason half typed.
import { api, check, equal, settled, tab, tabTo, visit, world } from "./lib.mjs";

async function place() {
  const own = await world(400);
  const { context, page } = await tab(own);
  const id = own.caseId;
  await visit(page, `#/case/${id}/findings`);
  const { body: queue } = await api(page, "GET", `/cases/${id}/queue?limit=1`);
  const source = Object.keys(queue.facets.source)[0];
  await visit(page, `#/case/${id}/findings?source=${source}`);
  await page.keyboard.press("l");
  const many = await page.evaluate(() => Number(document.querySelector('[role="option"]')?.getAttribute("aria-setsize") ?? 0));
  const nDown = Math.min(30, many - 1);
  for (let i = 0; i < nDown; i += 1) await page.keyboard.press("j");
  await page.waitForTimeout(400);
  const line = () => page.evaluate(() => document.querySelector(".line.current")?.getAttribute("aria-posinset"));
  const before = await line();
  equal(before, String(nDown + 1), "the current line");
  await page.reload();
  await settled(page);
  await page.waitForSelector(".line.current");
  equal(await line(), before, "the current line after a reload");
  check(await page.evaluate(() => document.querySelector(".line.current").getBoundingClientRect().bottom <= innerHeight), "the current line is out of sight");
  check(page.url().includes(`source=${source}`), "the filter is lost");

  await page.keyboard.press("l");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".paper");
  await settled(page);
  await page.keyboard.press("n");
  await page.keyboard.press("2");
  await page.waitForSelector("#tab-why[aria-selected=true]");
  await tabTo(page, ".decide textarea");
  await page.keyboard.type("half a reas");
  const hit = await page.evaluate(() => document.querySelector(".hit.now")?.dataset.hit);
  await page.reload();
  await settled(page);
  await page.waitForSelector(".paper");
  equal(await page.evaluate(() => document.querySelector(".hit.now")?.dataset.hit), hit, "the mention after a reload");
  equal(await page.evaluate(() => document.querySelector("[role=tab][aria-selected=true]").id), "tab-why", "the pane after a reload");
  equal(await page.inputValue(".decide textarea"), "half a reas", "the draft after a reload");
  await page.keyboard.press("Escape");
  if (await page.$(".paper")) await page.keyboard.press("Escape");
  await page.waitForSelector(".list");
  await settled(page);
  equal(await line(), before, "the current line on the way back");
  await context.close();
  await own.stop();
}

async function switched() {
  const own = await world();
  const { context, page } = await tab(own);
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await tabTo(page, "dialog input[type=checkbox]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.waitForTimeout(200);
  check(!page.url().includes("estate"), "a single key works although it is switched off");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await tabTo(page, "dialog input[type=checkbox]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.waitForFunction(() => location.hash === "#/estate");
  await context.close();
  await own.stop();
}

export const tests = { "a reload keeps filter, line, mention, pane and draft": place, "single keys can be switched off": switched };

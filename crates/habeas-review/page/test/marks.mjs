// Mentions are decided, words and boxes are taken out and taken back, by keyboard and by mouse.
import { api, check, equal, keys, settled, tab, tabTo, visit, world } from "./lib.mjs";

/** An item with somebody else in it who can be decided about. */
async function anItem(page, id, wanted) {
  const { body } = await api(page, "GET", `/cases/${id}/queue?limit=100`);
  for (const row of body.rows) {
    const { body: own } = await api(page, "GET", `/cases/${id}/items/${row.item}`);
    if (wanted === "pages" && own.n_pages === 0) continue;
    if (!own.is_readable) continue;
    const { body: text } = await api(page, "GET", `/cases/${id}/items/${row.item}/passages?around=${own.findings[0]?.passages[0] ?? 0}`);
    if (wanted === "pages") return row.item;
    const mark = text.passages?.flatMap((one) => (one.fate === "left_out" ? [] : one.marks)).find((one) => one.person !== null && one.who !== "subject" && one.who !== "unknown" && one.fate === "taken_out" && one.decided === "default");
    if (mark) return row.item;
  }
  return null;
}

const undone = async (page) => {
  await page.keyboard.press("z");
  await page.waitForFunction(() => [...document.querySelectorAll(".message")].some((one) => one.textContent.startsWith("Taken back")));
};

async function mentions() {
  const own = await world();
  const { context, page, errors } = await tab(own);
  const item = await anItem(page, own.caseId, "mention");
  check(item, "no item names somebody else");
  await visit(page, `#/case/${own.caseId}/item/${item}`);
  await settled(page);
  // From mention to mention until somebody else is current.
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("n");
    await page.waitForTimeout(30);
    if (await page.$(".hit.now.taken_out:not(.unknown):not(.subject):not([aria-description*=elsewhere])")) break;
  }
  const fate = () => page.evaluate(() => document.querySelector(".hit.now")?.className ?? "");
  check((await fate()).includes("taken_out"), "nobody else became current");
  await page.keyboard.press("h");
  await page.waitForSelector("dialog[open] select");
  await tabTo(page, "dialog select");
  await page.keyboard.press("Home");
  for (let i = 0; i < 6; i += 1) {
    if ((await page.inputValue("dialog select")) === "known") break;
    await page.keyboard.press("ArrowDown");
  }
  await tabTo(page, "dialog button.first");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForFunction(() => document.querySelector(".hit.now")?.classList.contains("shown"));
  await undone(page);
  await page.waitForFunction(() => document.querySelector(".hit.now")?.classList.contains("taken_out"));
  await page.keyboard.press("y");
  await page.waitForFunction(() => document.querySelector(".hit.now")?.classList.contains("nobody"));
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelector(".hit.now")?.classList.contains("taken_out"));
  // As it will be given: the name is gone from what is shown.
  const name = await page.evaluate(() => document.querySelector(".hit.now").textContent);
  await page.keyboard.press("v");
  await page.waitForSelector(".paper.given .label");
  check(!(await page.evaluate((words) => [...document.querySelectorAll(".paper .passage .text")].some((one) => [...one.querySelectorAll(".hit")].some((hit) => hit.textContent === words && hit.classList.contains("taken_out"))), name)), "what is taken out is still shown");
  await page.keyboard.press("v");
  equal(errors.join(), "", "errors");
  await context.close();
  await own.stop();
}

async function words() {
  const own = await world();
  const { context, page } = await tab(own);
  const item = await anItem(page, own.caseId, "mention");
  await visit(page, `#/case/${own.caseId}/item/${item}`);
  await settled(page);
  // A word that is no mention yet, selected as a mouse would.
  const word = await page.evaluate(() => {
    for (const span of document.querySelectorAll(".passage.about span[data-at]:not(.caption)")) {
      const found = /[A-Za-z]{5,}/.exec(span.textContent);
      if (!found) continue;
      const range = document.createRange();
      range.setStart(span.firstChild, found.index);
      range.setEnd(span.firstChild, found.index + found[0].length);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      span.closest(".paper").dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
      return found[0];
    }
    return null;
  });
  check(word, "no word can be selected");
  await page.keyboard.press("r");
  await page.waitForSelector("dialog[open]");
  equal(await page.inputValue("dialog input[type=text]"), word, "the selected words");
  await tabTo(page, "dialog button.first");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForSelector(".hit.by-hand");
  equal(await page.evaluate(() => document.querySelector(".hit.by-hand").textContent), word, "what was marked");
  await undone(page);
  await page.waitForFunction(() => document.querySelector(".hit.by-hand") === null);
  // The same by keyboard alone, typed.
  await page.evaluate(() => getSelection().removeAllRanges());
  await page.keyboard.press("Escape");
  await visit(page, `#/case/${own.caseId}/item/${item}`);
  await page.keyboard.press("r");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.type(word);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".hit.by-hand");
  await undone(page);
  await page.waitForFunction(() => document.querySelector(".hit.by-hand") === null);
  await context.close();
  await own.stop();
}

async function boxes() {
  const own = await world();
  const { context, page } = await tab(own);
  const item = await anItem(page, own.caseId, "pages");
  if (!item) {
    await context.close();
    return "no item has pages";
  }
  await visit(page, `#/case/${own.caseId}/item/${item}?view=pages`);
  await page.waitForSelector(".sheet img");
  await keys(page, "Shift+B");
  await page.waitForSelector(".box.draft:focus");
  const at = () => page.evaluate(() => document.querySelector(".box.draft").getAttribute("aria-label").match(/\d+/g).map(Number));
  const [x, y, wide, high] = await at();
  await keys(page, "ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown");
  equal((await at()).join(), [x + 2, y + 1, wide + 1, high + 1].join(), "where the arrows put the box");
  await keys(page, "Enter");
  await page.waitForSelector("dialog[open]");
  await tabTo(page, "dialog button.first");
  await keys(page, "Enter");
  await page.waitForSelector(".box.kept");
  await undone(page);
  await page.waitForFunction(() => document.querySelector(".box.kept") === null);
  // By mouse.
  await page.evaluate(() => document.querySelector(".sheet-all").scrollTo(0, 0));
  const area = await page.locator(".sheet").boundingBox();
  await page.mouse.move(area.x + 100, area.y + 120);
  await page.mouse.down();
  await page.mouse.move(area.x + 260, area.y + 180, { steps: 4 });
  await page.mouse.up();
  await page.waitForSelector(".box.draft");
  await keys(page, "Escape");
  await page.waitForFunction(() => document.querySelector(".box.draft") === null);
  await context.close();
  await own.stop();
}

export const tests = { "mentions are shown, taken out, nobody, and undone": mentions, "words are taken out by selection and by typing": words, "boxes are drawn by arrows and by mouse": boxes };

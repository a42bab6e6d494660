// Every screen, light and dark: no violation of WCAG 2.2 AA that axe can see, and the focus on its heading.
import { readFileSync } from "node:fs";
import { check, focusIsSomewhere, SCREENS, settled, tab, visit, world, api } from "./lib.mjs";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function violations(page) {
  const found = await page.evaluate(async (tags) => {
    const out = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    // A mark on the picture of a page lies where its words are, as a pin on a map does (WCAG 2.5.8, essential), and
    // the list beside it and two keys lead to it as well.
    const isPin = (node) => document.querySelector(String(node.target[0]))?.matches(".spot");
    for (const one of out.violations) if (one.id === "target-size") one.nodes = one.nodes.filter((node) => !isPin(node));
    return out.violations.filter((one) => one.nodes.length > 0).map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any.map((why) => why.message).join("; ").slice(0, 160)}`).join(" | ")}`);
  }, TAGS);
  return found;
}

async function look(dark) {
  const own = await world();
  // axe is injected; the page's own policy forbids that, so it is set aside for this test alone.
  const { context, page, errors } = await tab(own, { dark, bypassCSP: true });
  const id = own.caseId;
  const { body: queue } = await api(page, "GET", `/cases/${id}/queue?limit=50`);
  const rows = queue.rows;
  const screens = SCREENS(id);
  const one = (words, row, more = "") => row && (screens[words] = `#/case/${id}/item/${row.item}${more}`);
  one("item", rows[0]);
  one("item, as given", rows[0], "?given=1");
  one("item, why", rows[0], "?pane=why");
  one("item, record", rows[0], "?pane=history");
  const related = rows.find((row) => row.n_thread > 1 || row.n_family > 1 || row.n_near > 1);
  one("item, related", related, "?pane=related");
  one("pages", rows.find((row) => row.type_words === "PDF" || /pdf/.test(row.media_type)), "?view=pages");
  const { body: people } = await api(page, "GET", `/cases/${id}/people?limit=1`);
  if (people.rows[0]) screens["one other person"] = `#/case/${id}/people/${people.rows[0].number}`;
  if (own.mock) own.mock.state.bundle = { state: "made", dir: "cases/x/bundle", made_at: "2026-03-20T09:00:00Z", by: "dana", manifest_sha256: "ab".repeat(32), is_packed: true };
  await page.evaluate(AXE);
  const bad = [];
  const see = async (name) => {
    for (const words of await violations(page)) bad.push(`${name}: ${words}`);
  };
  for (const [name, hash] of Object.entries(screens)) {
    await visit(page, hash);
    await focusIsSomewhere(page, `on ${name}`);
    // The marks of a page come after its picture.
    if (name === "pages") await page.waitForSelector(".spot", { timeout: 60_000 });
    await see(name);
  }
  // Dialogs, opened by their keys.
  await visit(page, screens.findings);
  for (const [name, key] of [["keys", "?"], ["many", "b"], ["withhold", "w"]]) {
    await page.keyboard.press(key);
    await page.waitForSelector("dialog[open]");
    await page.waitForTimeout(300);
    await see(`dialog: ${name}`);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await focusIsSomewhere(page, `after the dialog ${name}`);
  }
  await visit(page, screens.item);
  await settled(page);
  await page.keyboard.press("n");
  await page.waitForSelector(".mention");
  await see("a mention");
  await context.close();
  await own.stop();
  check(bad.length === 0, `${bad.length} violations:\n      ${bad.join("\n      ")}`);
  check(errors.length === 0, errors.join("\n"));
  return `${Object.keys(screens).length + 4} views`;
}

async function small() {
  const own = await world();
  const { context, page } = await tab(own);
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = [];
  for (const [name, hash] of Object.entries(SCREENS(own.caseId))) {
    await visit(page, hash);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 1) wide.push(`${name} is ${over} px too wide`);
  }
  await context.close();
  await own.stop();
  check(wide.length === 0, wide.join(", "));
}

export const tests = {
  "axe finds nothing in light": () => look(false),
  "axe finds nothing in dark": () => look(true),
  "no screen scrolls sideways at 320 px (400 % zoom)": small,
};

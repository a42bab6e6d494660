// Two reviewers decide about the same item: the second is told what the first decided, and asked.
import { api, check, equal, settled, tab, tabTo, visit, world } from "./lib.mjs";

const openItem = async (page, id) => {
  const { body } = await api(page, "GET", `/cases/${id}/queue?verdict=open&limit=50`);
  return body.rows.find((row) => row.n_findings === row.n_open)?.item;
};

async function conflict() {
  const own = await world();
  const first = await tab(own, { by: "Ada" });
  const second = await tab(own, { by: "Grace" });
  const id = own.caseId;
  const item = await openItem(first.page, id);
  check(item, "no item is open");
  for (const { page } of [first, second]) {
    await visit(page, `#/case/${id}/item/${item}`);
    await settled(page);
  }
  const verdict = async () => (await api(first.page, "GET", `/cases/${id}/items/${item}`)).body.findings[0].verdict;
  await first.page.keyboard.press("d");
  await first.page.waitForSelector(".message");
  equal(await verdict(), "disclose", "what Ada decided");

  await tabTo(second.page, ".decide textarea");
  await second.page.keyboard.type("a passing mention");
  await second.page.keyboard.press("Tab");
  await second.page.keyboard.press("i");
  await second.page.waitForSelector("dialog[open]");
  const words = await second.page.textContent("dialog[open]");
  check(words.includes("Ada"), "the second reviewer is not told who decided");
  equal(await verdict(), "disclose", "what stands while the second is asked");
  // Keep theirs: nothing is recorded, and the reason typed is still there.
  await second.page.keyboard.press("Escape");
  await second.page.waitForSelector("dialog", { state: "detached" });
  equal(await second.page.inputValue(".decide textarea"), "a passing mention", "the reason after keeping theirs");
  equal(await verdict(), "disclose", "what stands after keeping theirs");

  // Once more, unaware of a newer decision; this time overruling.
  await settled(second.page);
  await visit(first.page, `#/case/${id}/item/${item}`);
  await settled(first.page);
  await first.page.keyboard.press("s");
  await first.page.waitForFunction(() => [...document.querySelectorAll(".message")].some((one) => one.textContent.includes("Not about them")));
  await second.page.locator("#screen h1").focus();
  await second.page.keyboard.press("i");
  await second.page.waitForSelector("dialog[open]");
  await tabTo(second.page, "dialog button.danger");
  await second.page.keyboard.press("Enter");
  await second.page.waitForSelector("dialog", { state: "detached" });
  await second.page.waitForFunction(() => document.querySelector(".message.done") !== null);
  equal(await verdict(), "incidental", "what stands after overruling");
  const { body: history } = await api(first.page, "GET", `/cases/${id}/history?item=${item}`);
  check(history.rows.some((row) => row.by === "Ada") && history.rows[0].by === "Grace" && history.is_verified, "the record does not hold both");
  for (const { page } of [first, second]) await page.context().close();
  await own.stop();
}

export const tests = { "two reviewers at once": conflict };

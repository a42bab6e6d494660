// The page as its reader saw it, with its mentions drawn over it: by mouse, by keyboard, in words, at every size.
import { api, check, equal, keys, settled, tab, visit, world } from "./lib.mjs";

/** An item whose path ends so; against the stand-in any with pages. */
export async function itemCalled(page, id, name, isReal) {
  let cursor = null;
  do {
    const { body } = await api(page, "GET", `/cases/${id}/queue?group=item&limit=500${cursor ? `&cursor=${cursor}` : ""}`);
    const row = body.rows.find((one) => (isReal ? one.at.path.endsWith(name) : one.at.path.endsWith(".pdf")));
    if (row) return row.item;
    cursor = body.next_cursor;
  } while (cursor);
  throw new Error(`${name} is not among the findings`);
}

const spots = (page) =>
  page.evaluate(() => {
    const sheet = document.querySelector(".sheet").getBoundingClientRect();
    return [...document.querySelectorAll(".spot[data-hit]")].map((one) => {
      const own = one.getBoundingClientRect();
      return { hit: one.dataset.hit, name: one.getAttribute("aria-label"), letter: one.dataset.letter, look: one.className, x: (own.left - sheet.left) / sheet.width, y: (own.top - sheet.top) / sheet.height, width: own.width / sheet.width, height: own.height / sheet.height };
    });
  });

/** How dark what is drawn within a part of the picture is, 0 to 255. */
const ink = (page, area) =>
  page.evaluate(async (own) => {
    const image = document.querySelector(".sheet img");
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const at = [own.x * canvas.width, own.y * canvas.height, Math.max(1, own.width * canvas.width), Math.max(1, own.height * canvas.height)].map(Math.round);
    const { data } = drawing.getImageData(...at);
    let darkest = 255;
    for (let i = 0; i < data.length; i += 4) darkest = Math.min(darkest, (data[i] + data[i + 1] + data[i + 2]) / 3);
    return 255 - darkest;
  }, area);

async function open(page, id, item, number) {
  await visit(page, `#/case/${id}/item/${item}?view=pages&page=${number}`);
  await page.waitForFunction((wanted) => document.querySelector(".pages-bar .n")?.textContent.includes(`Page ${wanted} `), number);
  await page.waitForSelector(".sheet img");
  await page.waitForFunction(() => ![...document.querySelectorAll(".pages [role=status]")].some((one) => one.textContent.includes("Looking")), null, { timeout: 60_000 });
  await settled(page);
}

async function marked() {
  const own = await world();
  const isReal = own.mock === null;
  const { context, page, errors } = await tab(own);
  const id = own.caseId;
  const item = await itemCalled(page, id, "turned and cut.pdf", isReal);
  await open(page, id, item, 1);
  const all = await spots(page);
  check(all.length > 1, "no mention is on the picture");
  check(all.every((one) => one.name?.includes(": ") && one.letter), "a mark has no name, or no letter");
  const roles = new Set(all.map((one) => one.look.split(" ")[1]));
  check(roles.has("subject"), `whose the marks are: ${[...roles].join()}`);
  // By mouse: the mark becomes the current mention, in the panel too.
  const last = all.at(-1);
  await page.locator(`.spot[data-hit="${last.hit}"]`).click();
  await page.waitForSelector(`.spot.now[data-hit="${last.hit}"]`);
  const words = last.name.split(": ")[0];
  check((await page.textContent(".mention")).includes(words.split("\n")[0]), "the panel shows another mention");
  check((await page.$(".box.draft")) === null, "a click on a mark began a box");
  // By keyboard: n and p go through them, Tab and Enter choose one, and the panel's keys decide.
  await keys(page, "p");
  await page.waitForFunction((hit) => document.querySelector(".spot.now") && document.querySelector(".spot.now").dataset.hit !== hit, last.hit);
  await page.locator(`.spot[data-hit="${all[0].hit}"]`).focus();
  await keys(page, "Enter");
  await page.waitForSelector(`.spot.now[data-hit="${all[0].hit}"]:focus`);
  const other = all.find((one) => /\bother taken_out/.test(one.look) && !/elsewhere/.test(one.name));
  if (other) {
    await page.locator(`.spot[data-hit="${other.hit}"]`).focus();
    await keys(page, "Enter");
    await page.waitForSelector(`.spot.now[data-hit="${other.hit}"]`);
    if (!(await page.textContent(".mention")).includes("no person yet")) {
      const isHere = (wanted) => page.waitForFunction((is) => (document.querySelector(".mention")?.textContent.includes("decided here") ?? !is) === is, wanted);
      await keys(page, "t");
      await isHere(true);
      await keys(page, "u");
      await isHere(false);
    }
  }
  // A box may begin on a mark.
  const area = await page.locator(`.spot[data-hit="${all[0].hit}"]`).boundingBox();
  await page.mouse.move(area.x + 6, area.y + 4);
  await page.mouse.down();
  await page.mouse.move(area.x + 90, area.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForSelector(".box.draft");
  // Escape drops the box and nothing else, also where the focus is elsewhere.
  await page.locator(".pages-bar button").last().focus();
  await keys(page, "Escape");
  await page.waitForFunction(() => document.querySelector(".box.draft") === null && document.querySelector(".sheet") !== null);
  // Larger: every mark stays where it is on the page.
  await keys(page, "+");
  await page.waitForFunction(() => /150/.test(document.querySelector(".pages-bar").textContent));
  await page.waitForSelector(".sheet img");
  await settled(page);
  const larger = await spots(page);
  for (const [at, one] of all.entries()) for (const side of ["x", "y", "width", "height"]) check(Math.abs(one[side] - larger[at][side]) < 0.004, `${one.name}: ${side} is ${larger[at][side]} at 150 %, ${one[side]} before`);
  await keys(page, "-");
  // Back to the text and again: where one was is kept.
  await keys(page, "g", "i");
  await page.waitForSelector(".paper");
  await keys(page, "g", "i");
  await page.waitForSelector(".sheet img");
  equal(errors.join(), "", "errors");
  await context.close();
  await own.stop();
  return `${all.length} marks, ${[...roles].join(", ")}`;
}

/** Every mark lies on its letters: on the page as it is, turned, cut, in a note on it, and on a scan. */
async function placed() {
  const own = await world();
  if (own.mock) {
    await own.stop();
    return "only against the program: the stand-in draws no letters";
  }
  const { context, page } = await tab(own, { bypassCSP: true });
  const id = own.caseId;
  const item = await itemCalled(page, id, "turned and cut.pdf", true);
  const scan = await itemCalled(page, id, "scanned letter.png", true);
  const notes = [];
  for (const [of, number, least] of [[item, 1, 5], [item, 2, 5], [item, 3, 5], [item, 4, 6], [scan, 1, 4]]) {
    await open(page, id, of, number);
    const { body } = await api(page, "GET", `/cases/${id}/items/${of}/pages/${number}/marks`);
    check(body.n_placed >= least && body.n_placed === body.n_marks, `page ${number}: ${body.n_placed} of ${body.n_marks} marks are placed`);
    for (const mark of body.placed) {
      for (const area of mark.areas) {
        const inside = await ink(page, area);
        check(inside > 120, `page ${number}, mark ${mark.passage}.${mark.start}: nothing is written there (${Math.round(inside)})`);
      }
    }
    // Beside the lines there is nothing: so what was measured is letters, and not a dark page.
    const outside = await ink(page, { x: 0.01, y: 0.01, width: 0.03, height: 0.03 });
    check(outside < 10, `page ${number}: its edge is not white (${Math.round(outside)})`);
    notes.push(`${body.n_placed}`);
  }
  // A turned page is marked along its letters: higher than wide.
  await open(page, id, item, 2);
  const turned = await spots(page);
  const { width, height } = await page.locator(".sheet").boundingBox();
  check(turned.every((one) => one.height * height > one.width * width), "a mark on the turned page is not turned");
  await context.close();
  await own.stop();
  return `${notes.join(" + ")} marks on letters`;
}

/** What is marked in the text and not on the picture is said in words. */
async function missing() {
  const own = await world();
  const { context, page } = await tab(own);
  const id = own.caseId;
  const item = await itemCalled(page, id, "turned and cut.pdf", own.mock === null);
  // Whatever the server has, one of the marks has no box now.
  await page.route("**/pages/1/marks", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const gone = body.placed.pop();
    body.n_placed -= gone ? 1 : 0;
    await route.fulfill({ response, json: body });
  });
  await open(page, id, item, 1);
  const words = await page.textContent(".missing");
  check(/\b\d+ of \d+ marks (is|are) not on this picture/.test(words), `what is said: ${words}`);
  await page.locator(".missing button").click();
  await page.waitForSelector(".paper .hit.now");
  // And where nothing can be told, that is said too.
  await page.unroute("**/pages/1/marks");
  await page.route("**/pages/2/marks", (route) => route.fulfill({ status: 410, json: { code: "unreadable", message: "the item cannot be read again", hint: null, revision: null, conflicts: [] } }));
  await visit(page, `#/case/${id}/item/${item}?view=pages&page=2`);
  await page.waitForFunction(() => document.querySelector(".missing")?.textContent.includes("cannot be told"));
  await context.close();
  await own.stop();
}

export const tests = { "mentions are marked on the picture of their page": marked, "marks lie on their letters": placed, "what is not on the picture is said": missing };

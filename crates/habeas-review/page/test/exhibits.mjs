// What a person marks by hand on a scan, and a picture that is given, as they leave: the finished bundle is looked at with
// other programs (poppler, tesseract), and its archive, as the browser downloads it, is verified by `habeas verify`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api, check, equal, keys, settled, tab, tabTo, visit, world } from "./lib.mjs";
import { itemCalled } from "./pages.mjs";

const run = (program, ...words) => execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 64 << 20 });

/** The one picture that a PDF holds, in grey: its pixels as they are, without what is written over them. */
function picture(file, folder, name) {
  run("pdfimages", file, join(folder, name));
  const found = readdirSync(folder).filter((one) => one.startsWith(name));
  equal(found.length, 1, `pictures in ${file}`);
  const bytes = readFileSync(join(folder, found[0]));
  const [, head, kind, wide, high] = /^(P([56])\s+(\d+)\s+(\d+)\s+255\s)/.exec(bytes.subarray(0, 60).toString("latin1"));
  const pixels = bytes.subarray(head.length);
  const step = kind === "6" ? 3 : 1;
  return { width: Number(wide), height: Number(high), at: (x, y) => pixels[(y * Number(wide) + x) * step] };
}

/** The darkest and the lightest pixel within a box of the page, which is all picture. */
function range(paper, box) {
  const [left, right] = [box.x, box.x + box.width].map((part) => Math.round(part * paper.width));
  const [top, bottom] = [box.y, box.y + box.height].map((part) => Math.round(part * paper.height));
  let [low, high] = [255, 0];
  for (let y = top + 3; y < bottom - 3; y += 1) {
    for (let x = left + 3; x < right - 3; x += 1) {
      low = Math.min(low, paper.at(x, y));
      high = Math.max(high, paper.at(x, y));
    }
  }
  return { low, high };
}

const records = async (page, id) => (await api(page, "GET", `/cases/${id}/history?limit=1`)).body.revision;

async function made(page, id) {
  const { body } = await api(page, "POST", `/cases/${id}/bundle`, { expected: await records(page, id), packs: true, replaces: true });
  for (let i = 0; i < 900; i += 1) {
    const { body: job } = await api(page, "GET", `/jobs/${body.job}`);
    if (job.state === "done") return (await api(page, "GET", `/cases/${id}/bundle`)).body;
    check(job.state === "running", `the bundle: ${JSON.stringify(job.error)}`);
    await page.waitForTimeout(200);
  }
  throw new Error("the bundle takes more than three minutes");
}

const exhibitOf = (bundle, item) => {
  const own = bundle.exhibits.find((one) => one.item === item);
  check(own, `the item has no exhibit: ${JSON.stringify(bundle.refused)}`);
  return join(bundle.state.dir, own.file);
};

async function blackOut(page, reason) {
  await page.waitForSelector("dialog[open] textarea");
  await page.locator("dialog textarea").fill(reason);
  await tabTo(page, "dialog button.first");
  await keys(page, "Enter");
  await page.waitForSelector("dialog", { state: "detached" });
}

/** A box by mouse, over a part of what is in sight. */
async function drag(page, box) {
  await page.evaluate(() => document.querySelector(".sheet-all").scrollTo(0, 0));
  const sheet = await page.locator(".sheet").boundingBox();
  const at = (x, y) => [sheet.x + x * sheet.width, sheet.y + y * sheet.height];
  await page.mouse.move(...at(box.x, box.y));
  await page.mouse.down();
  await page.mouse.move(...at(box.x + box.width, box.y + box.height), { steps: 6 });
  await page.mouse.up();
  await page.waitForSelector(".box.draft:focus");
}

const kept = (page, n) => page.waitForFunction((wanted) => document.querySelectorAll(".box.kept").length === wanted, n);

async function handmade() {
  const own = await world(60, process.env.HABEAS_OTHER_CASE);
  if (own.mock) {
    await own.stop();
    return "only against the program: the stand-in makes no bundle";
  }
  const folder = mkdtempSync(join(tmpdir(), "habeas-exhibits-"));
  const { context, page, errors } = await tab(own);
  const id = own.caseId;
  const scan = await itemCalled(page, id, "scanned letter.png", true);
  const photo = await itemCalled(page, id, "photograph.jpg", true);
  const before = await made(page, id);
  const old = exhibitOf(before, scan);
  // The next bundle takes this one's place.
  const was = picture(old, folder, "then");
  check(/parrot[\s\S]*old letters/.test(run("pdftotext", old, "-")), "the scan is not given before a box is drawn");
  check(!/\d/.test(run("pdfimages", "-list", exhibitOf(before, photo)).split("\n").slice(2).join("")), "the photograph is given before anybody looked");

  // By mouse: the lines of the parrot.
  await visit(page, `#/case/${id}/item/${scan}?view=pages`);
  await page.waitForSelector(".spot", { timeout: 60_000 });
  const parrot = { x: 0.05, y: 0.345, width: 0.9, height: 0.07 };
  await drag(page, parrot);
  await page.locator(".pages-bar button.first").click();
  await blackOut(page, "not hers");
  await kept(page, 1);
  // By keyboard alone: the last line.
  await keys(page, "Shift+B");
  await page.waitForSelector(".box.draft:focus");
  for (let i = 0; i < 30; i += 1) await keys(page, "ArrowLeft");
  for (let i = 0; i < 60; i += 1) await keys(page, "Shift+ArrowRight");
  await keys(page, "ArrowUp");
  const [x, y, width, height] = await page.evaluate(() => document.querySelector(".box.draft").getAttribute("aria-label").match(/\d+/g).map((one) => Number(one) / 100));
  await keys(page, "Enter");
  await blackOut(page, "somebody else’s letters");
  await kept(page, 2);
  // One too many, taken back; another by the key for undoing.
  await drag(page, { x: 0.05, y: 0.06, width: 0.5, height: 0.035 });
  await keys(page, "Enter");
  await blackOut(page, "by mistake");
  await kept(page, 3);
  await page.locator(".box.kept button").nth(2).click();
  await kept(page, 2);
  await drag(page, { x: 0.05, y: 0.11, width: 0.5, height: 0.03 });
  await keys(page, "Enter");
  await blackOut(page, "by mistake as well");
  await kept(page, 3);
  await keys(page, "z");
  await kept(page, 2);

  // The photograph: looked at, then given; without a reason it is not.
  await visit(page, `#/case/${id}/item/${photo}?view=pages`);
  await page.waitForSelector(".sheet img");
  await settled(page);
  const colours = await page.evaluate(async () => {
    const image = document.querySelector(".sheet img");
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    return [...drawing.getImageData(canvas.width * 0.68, canvas.height * 0.55, 1, 1).data].slice(0, 3);
  });
  check(Math.abs(colours[0] - 0x88) < 12 && Math.abs(colours[2] - 0x44) < 12, `the picture that is looked at shows ${colours}`);
  await page.getByRole("button", { name: /Give this page’s pictures/ }).click();
  await page.waitForSelector("dialog[open]");
  check(await page.locator("dialog button.first").isDisabled(), "a picture can be given without a word");
  await page.locator("dialog textarea").fill("A house and a balloon; nobody is on it.");
  await tabTo(page, "dialog button.first");
  await keys(page, "Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForFunction(() => document.querySelector(".pages-bar")?.textContent.includes("pictures are given"));

  // What leaves.
  const bundle = await made(page, id);
  const exhibit = exhibitOf(bundle, scan);
  const text = run("pdftotext", "-layout", exhibit, "-");
  for (const gone of ["parrot", "curtain", "twice", "old letters", "Quillon"]) check(!text.includes(gone), `${gone} is in the exhibit's text`);
  for (const there of ["Lark Rise Clinics", "Eleanor Marsden", "the hall"]) check(text.includes(there), `${there} is not in the exhibit's text`);
  const number = text.split("\f").findIndex((one) => one.includes("Lark Rise Clinics")) + 1;
  const paper = picture(exhibit, folder, "now");
  for (const box of [parrot, { x, y, width, height }]) {
    const [now, then] = [range(paper, box), range(was, box)];
    check(now.low > 150, `ink is left in the box at ${box.y}: ${now.low} to ${now.high}`);
    check(then.low < 90, `nothing stood in the box at ${box.y} before`);
  }
  const head = range(paper, { x: 0.05, y: 0.06, width: 0.5, height: 0.035 });
  check(head.low < 90 && head.high > 240, "what was taken back is painted out");
  run("pdftoppm", "-r", "200", "-png", "-f", String(number), "-l", String(number), "-singlefile", exhibit, join(folder, "look"));
  const read = run("tesseract", join(folder, "look.png"), "stdout");
  check(read.includes("Marsden") && !/parrot|curtain|twice|old letters|Quillon/i.test(read), "a recogniser reads what was painted out");
  run("pdfimages", "-png", exhibit, join(folder, "scan"));
  for (const name of readdirSync(folder).filter((one) => one.startsWith("scan"))) check(!/parrot|curtain|letters/i.test(run("tesseract", join(folder, name), "stdout")), "the pixels within the file still say it");
  // The photograph is in it, encoded anew.
  const given = exhibitOf(bundle, photo);
  run("pdfimages", "-all", given, join(folder, "photo"));
  const pictures = readdirSync(folder).filter((one) => one.startsWith("photo"));
  equal(pictures.length, 1, "pictures in the photograph's exhibit");
  for (const file of [given, join(folder, pictures[0])]) {
    const bytes = readFileSync(file);
    for (const trace of ["Percy Lens", "Exif", "II*\0"]) check(!bytes.includes(trace), `${trace} is in the photograph's exhibit`);
  }
  check(!run("pdftotext", given, "-").includes("Percy"), "who took the photograph is in its exhibit's text");

  // Download, as a person does it; what comes is verified by the program.
  await visit(page, `#/case/${id}/release`);
  await settled(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  equal(download.suggestedFilename(), `${id}.zip`, "the name of the download");
  const zip = join(folder, download.suggestedFilename());
  await download.saveAs(zip);
  const said = run(process.env.HABEAS_PROGRAM, "verify", zip);
  check(/every file has its digest/.test(said), `habeas verify: ${said}`);
  equal(errors.join(), "", "errors");
  await context.close();
  rmSync(folder, { recursive: true });
  return `${bundle.n_exhibits} exhibits, ${readFileSync(exhibit).length} bytes of the scan`;
}

export const tests = { "boxes and a picture by hand, as they leave; the download verified": handmade };

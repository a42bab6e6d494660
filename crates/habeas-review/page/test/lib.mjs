// What the browser tests share: a world (the stand-in server, or a real one), Debian's Chromium, and checks.
import { chromium } from "playwright-core";
import { start } from "../mock/server.mjs";
import { hold } from "./contract.mjs";

export const REAL = process.env.HABEAS_URL ?? null;

const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function check(isTrue, words) {
  if (!isTrue) throw new Error(words);
}
export function equal(got, wanted, words) {
  if (got !== wanted) throw new Error(`${words}: ${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`);
}

let browser = null;
/** One browser for all tests; each has contexts of its own. */
export async function theBrowser() {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  return browser;
}
export async function closeBrowser() {
  await browser?.close();
}

let root = null;
/** A server to test against: the one that HABEAS_URL names, or a stand-in with so many findings. */
export async function world(nFindings = 60, wanted = process.env.HABEAS_CASE) {
  if (!REAL) {
    const mock = await start({ nFindings });
    return { at: mock.at, mock, caseId: "SAR-2026-0001", link: async () => mock.link(), stop: mock.stop };
  }
  const at = new URL(REAL).origin;
  const send = async (method, path, body) => {
    const response = await fetch(`${at}/api/v1${path}`, { method, headers: { ...(root ? { Authorization: `Bearer ${root.token}` } : {}), ...(body ? { "Content-Type": "application/json" } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  // The link's key is good once: the first test swaps it, and asks for more links.
  root ??= await send("POST", "/session", { key: REAL.split("#k=")[1] });
  const { cases } = await send("GET", "/cases");
  const open = cases.find((one) => !one.is_closed && (!wanted || one.case === wanted));
  if (!open) throw new Error("the estate has no open case");
  return { at, mock: null, caseId: open.case, link: async () => (await send("POST", "/session/link")).url, stop: async () => {} };
}

/** A tab that was let in, with a record of every request and error. */
export async function tab(own, { hash = null, dark = false, bypassCSP = false, by = null } = {}) {
  const context = await (await theBrowser()).newContext({ viewport: { width: 1366, height: 768 }, colorScheme: dark ? "dark" : "light", locale: "en-GB", bypassCSP, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(REAL ? 30_000 : 10_000);
  const requests = [];
  const errors = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("response", (response) => {
    const url = new URL(response.url());
    if (!url.pathname.startsWith("/api/v1/")) return;
    const isJson = (response.headers()["content-type"] ?? "").includes("json");
    // A page that is gone takes its answers along.
    (isJson ? response.json() : Promise.resolve(null)).then((body) => hold(response.request().method(), url.pathname.slice("/api/v1".length), response.status(), body)).catch(() => {});
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(await own.link());
  await page.waitForSelector("h1");
  check(!page.url().includes("k="), "the key stays in the address");
  if (by) {
    await page.evaluate(async (name) => {
      await fetch("api/v1/session", { method: "PUT", headers: { Authorization: `Bearer ${sessionStorage.getItem("habeas.token")}`, "Content-Type": "application/json" }, body: JSON.stringify({ by: name }) });
    }, by);
  }
  if (hash) await visit(page, hash);
  return { context, page, requests, errors };
}

export async function visit(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await settled(page);
}

/** Nothing more is on its way. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("h1") !== null && document.querySelector(".loading, .ghost") === null);
  await page.waitForTimeout(60);
}

/** What the API says, with the tab's own session. */
export function api(page, method, path, body) {
  return page.evaluate(
    async ([how, where, what]) => {
      const response = await fetch(`api/v1${where}`, { method: how, headers: { Authorization: `Bearer ${sessionStorage.getItem("habeas.token")}`, ...(what ? { "Content-Type": "application/json" } : {}) }, ...(what ? { body: JSON.stringify(what) } : {}) });
      return { status: response.status, body: response.status === 204 ? null : await response.json() };
    },
    [method, path, body ?? null],
  );
}

/** Presses Tab until what has the focus fits, as somebody without a mouse would. */
export async function tabTo(page, selector, most = 120) {
  for (let i = 0; i < most; i += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

export async function keys(page, ...names) {
  for (const name of names) await page.keyboard.press(name);
}

/** The focus stands on something of the page, never nowhere. */
export async function focusIsSomewhere(page, words) {
  const held = await page.evaluate(() => document.activeElement?.tagName ?? "nothing");
  check(held !== "BODY" && held !== "nothing", `the focus is lost ${words}`);
}

export const SCREENS = (id) => ({
  today: "#/",
  "new request": "#/new",
  estate: "#/estate",
  exceptions: "#/estate?tab=exceptions",
  evidence: "#/evidence",
  overview: `#/case/${id}`,
  findings: `#/case/${id}/findings`,
  "the person": `#/case/${id}/who`,
  "other people": `#/case/${id}/people`,
  gates: `#/case/${id}/gates`,
  release: `#/case/${id}/release`,
  bundle: `#/case/${id}/bundle`,
  record: `#/case/${id}/record`,
});

// A mail that tries everything is shown as words: nothing runs, nothing is fetched, nothing is sent.
import { api, check, equal, settled, tab, visit, world } from "./lib.mjs";

async function hostile() {
  const own = await world();
  const { context, page, requests, errors } = await tab(own);
  const id = own.caseId;
  let items;
  if (own.mock) items = [own.mock.state.findings[3].item];
  else {
    const wanted = process.env.HABEAS_HOSTILE ? `&text=${encodeURIComponent(process.env.HABEAS_HOSTILE)}` : "";
    const { body } = await api(page, "GET", `/cases/${id}/queue?limit=20${wanted}`);
    items = body.rows.map((row) => row.item);
    check(items.length > 0, "there is no item to look at");
  }
  let nDialogs = 0;
  page.on("dialog", (dialog) => {
    nDialogs += 1;
    void dialog.dismiss();
  });
  for (const item of items) {
    for (const more of ["", "?given=1", "?pane=related", "?view=pages"]) {
      await visit(page, `#/case/${id}/item/${item}${more}`);
      await settled(page);
      const inside = await page.evaluate(() => document.querySelectorAll(".paper :is(script, img, iframe, form, input, svg, a, link, style, object, embed, meta)").length);
      equal(inside, 0, "elements that came out of an item");
    }
    await visit(page, `#/case/${id}/findings`);
  }
  await page.waitForTimeout(300);
  if (own.mock) {
    await visit(page, `#/case/${id}/item/${items[0]}`);
    const text = await page.evaluate(() => document.querySelector(".paper")?.textContent ?? "");
    check(text.includes("<script>document.title='OWNED'") && text.includes("tracker.example.net/pixel.gif"), "the mail is not shown as its words");
  }
  equal(nDialogs, 0, "dialogs that an item opened");
  check((await page.title()).includes("Habeas"), "the title was changed");
  const out = requests.filter((url) => !url.startsWith(own.at) && !url.startsWith("blob:") && !url.startsWith("data:"));
  equal(out.join(" "), "", "requests that left");
  equal(errors.join(" "), "", "errors");
  await context.close();
  await own.stop();
  return `${items.length} items, ${requests.length} requests, none left`;
}

async function policy() {
  const own = await world();
  const { context, page } = await tab(own);
  // Somebody who got so far as to run a script still cannot turn words into elements, nor send them away.
  const tried = await page.evaluate(async () => {
    const out = {};
    try {
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\"document.title='OWNED'\">");
      out.html = "went through";
    } catch {
      out.html = "refused";
    }
    try {
      await fetch("https://tracker.example.net/gone");
      out.fetch = "went through";
    } catch {
      out.fetch = "refused";
    }
    // Later, so that the debugger's own leave to evaluate has ended.
    out.eval = await new Promise((resolve) => {
      setTimeout(() => {
        try {
          resolve((0, eval)("1") === 1 ? "went through" : "odd");
        } catch {
          resolve("refused");
        }
      }, 50);
    });
    const image = new Image();
    out.image = await new Promise((resolve) => {
      image.onload = () => resolve("went through");
      image.onerror = () => resolve("refused");
      image.src = "https://tracker.example.net/pixel.gif";
    });
    const script = document.createElement("script");
    out.script = "refused";
    try {
      script.textContent = "document.title='OWNED'";
      document.body.append(script);
      if (document.title === "OWNED") out.script = "went through";
    } catch {
      out.script = "refused";
    }
    return out;
  });
  for (const [name, outcome] of Object.entries(tried)) equal(outcome, "refused", name);
  equal(await page.evaluate(() => document.cookie), "", "cookies");
  await context.close();
  await own.stop();
}

export const tests = { "a hostile mail does nothing": hostile, "the policy refuses markup, eval, scripts and other hosts": policy };

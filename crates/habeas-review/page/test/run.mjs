// Runs the browser tests, one after another, and says what held: `node test/run.mjs [NAME …]`.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { broken, seen } from "./contract.mjs";
import { closeBrowser, REAL, theBrowser } from "./lib.mjs";

// What only reads comes first: against a real server all share one estate.
const NAMES = ["screens", "hostile", "foreign", "many", "place", "pages", "marks", "exhibits", "conflict", "trouble", "whole"];
const wanted = process.argv.slice(2);
let nFailed = 0;
let nShots = 0;
console.log(REAL ? "against the server of HABEAS_URL" : "against the stand-in server");
for (const name of NAMES) {
  if (wanted.length && !wanted.includes(name)) continue;
  const { tests } = await import(`./${name}.mjs`);
  for (const [words, test] of Object.entries(tests)) {
    const begun = performance.now();
    try {
      const note = await test();
      console.log(`ok    ${name}: ${words}${note ? ` (${note})` : ""} ${Math.round(performance.now() - begun)} ms`);
    } catch (trouble) {
      nFailed += 1;
      // What was on the screen, and a clean start for the next test.
      for (const context of (await theBrowser()).contexts()) {
        for (const page of context.pages()) {
          nShots += 1;
          const shot = join(tmpdir(), `habeas-page-${name}-${nShots}.png`);
          await page.screenshot({ path: shot }).then(() => console.log(`      ${shot}`), () => {});
        }
        await context.close();
      }
      console.log(`FAIL  ${name}: ${words}\n      ${trouble.stack.split("\n").slice(0, 6).join("\n      ")}`);
    }
  }
}
await closeBrowser();
if (broken().length) {
  nFailed += 1;
  console.log(`FAIL  the server does not say what the contract says:\n      ${broken().join("\n      ")}`);
} else console.log(`ok    ${seen()} answers are what the contract says`);
console.log(nFailed ? `${nFailed} failed` : "all hold");
process.exit(nFailed ? 1 : 0);

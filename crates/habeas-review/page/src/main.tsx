// Starts the page: swaps the link's key for a session, then shows the place that the address names.
import { render } from "preact";
import "./page.css";
import { App } from "./app.tsx";
import { keepFocus } from "./focus.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
const root = document.getElementById("page");
if (root) {
  keepFocus(root);
  render(<App />, root);
}

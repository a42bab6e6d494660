// A stand-in for `habeas review`, for building and testing the page without an estate: `node mock/server.mjs`.
// It answers ../api/openapi.json with made-up data and serves dist/ under the policy of the real server.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, normalize } from "node:path";
import { randomBytes } from "node:crypto";
import { CASE, State } from "./state.mjs";
import { answer } from "./answers.mjs";

const DIST = new URL("../dist/", import.meta.url);
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8" };
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const HEADERS = { "Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin" };

export class Refusal extends Error {
  constructor(status, code, message, more = {}) {
    super(message);
    this.status = status;
    this.body = { code, message, hint: null, revision: null, conflicts: [], ...more };
  }
}

export function start({ port = 0, nFindings = 50_000 } = {}) {
  const state = new State(nFindings);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://127.0.0.1");
    try {
      guard(request, server);
      if (url.pathname.startsWith("/api/v1/")) await api(state, server, request, response, url);
      else file(response, url.pathname);
    } catch (trouble) {
      if (!(trouble instanceof Refusal)) console.error(trouble);
      const refusal = trouble instanceof Refusal ? trouble : new Refusal(500, "failed", String(trouble));
      send(response, refusal.status, refusal.body);
    }
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const at = `http://127.0.0.1:${server.address().port}`;
      resolve({ state, at, link: () => `${at}/#k=${state.key()}`, stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) });
    });
  });
}

/** As the real server: this host by number only, and nothing that another site sent. */
function guard(request, server) {
  const foreign = (why) => new Refusal(403, "foreign", why, { hint: "open the link that `habeas review` printed" });
  if (request.headers.host !== `127.0.0.1:${server.address().port}`) throw foreign("the host is not this page's");
  const site = request.headers["sec-fetch-site"];
  if (site && site !== "same-origin" && site !== "none") throw foreign("another page sent this");
}

function file(response, path) {
  const name = normalize(path === "/" ? "index.html" : path.slice(1)).replace(/^(\.\.[/\\])+/, "");
  try {
    const bytes = readFileSync(new URL(name, DIST));
    response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" });
    response.end(bytes);
  } catch {
    response.writeHead(404, HEADERS);
    response.end();
  }
}

export function send(response, status, body) {
  response.writeHead(status, { ...HEADERS, "Content-Type": "application/json" });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

async function api(state, server, request, response, url) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let body = null;
  try {
    if (chunks.length) body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refusal(400, "usage", "the body is not JSON");
  }
  const path = url.pathname.slice("/api/v1".length);
  const ended = (message) => new Refusal(401, "session", message, { hint: "press Enter in the terminal where `habeas review` runs for a new link; nothing that was recorded is lost" });
  if (body !== null && request.headers["content-type"] !== "application/json") throw new Refusal(422, "usage", "a body has to be JSON");
  if (path === "/session" && request.method === "POST") {
    if (!state.keys.delete(body.key)) throw ended("this link was used already, or it is older than 5 minutes");
    const token = randomBytes(32).toString("hex");
    state.sessions.set(token, { by: body.by ?? "dana" });
    send(response, 200, { token, session: session(state.sessions.get(token)) });
    return;
  }
  const token = request.headers.authorization?.replace("Bearer ", "");
  const own = state.sessions.get(token);
  if (!own) throw ended("the session has ended");
  if (path === "/session") {
    if (request.method === "PUT") own.by = body.by;
    if (request.method === "DELETE") {
      state.sessions.delete(token);
      return send(response, 204);
    }
    return send(response, 200, session(own));
  }
  if (path === "/session/link") return send(response, 200, { url: `http://${request.headers.host}/#k=${state.key()}` });
  const out = answer(state, request.method, path, url.searchParams, body, own.by);
  if (out === null) throw new Refusal(404, "not_found", `nothing is at ${request.method} ${path}`);
  if (out.bytes) {
    response.writeHead(200, { ...HEADERS, "Content-Type": out.type, ...(out.name ? { "Content-Disposition": `attachment; filename="${out.name}"` } : {}) });
    response.end(out.bytes);
    return;
  }
  send(response, out.status ?? 200, out.body ?? out);
}

const session = (own) => ({ by: own.by, version: "0.1.0 (mock)", idle_seconds: 1800, case: null, controller: "Lark Rise Clinics Limited" });

if (import.meta.url === `file://${process.argv[1]}`) {
  const mock = await start({ port: Number(process.env.PORT ?? 4780), nFindings: Number(process.env.FINDINGS ?? 50_000) });
  console.log(`${mock.link()}\n${CASE}; press Enter for another link`);
  process.stdin.on("data", () => console.log(mock.link()));
}

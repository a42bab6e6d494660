// Is each answer of the server what ../api/openapi.json says? Looked at for every answer that a test meets.
import { readFileSync } from "node:fs";

const api = JSON.parse(readFileSync(new URL("../../api/openapi.json", import.meta.url), "utf8"));
const paths = Object.entries(api.paths).map(([path, operations]) => ({ pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`), path, operations, nFree: path.split("{").length }));
const found = new Map();
let nSeen = 0;

function look(schema, value, at, out) {
  if (out.length > 5 || !schema) return;
  if (schema.$ref) return look(api.components.schemas[schema.$ref.split("/").at(-1)], value, at, out);
  const several = schema.oneOf ?? schema.anyOf;
  if (several) {
    const fits = several.some((one) => {
      const own = [];
      look(one, value, at, own);
      return own.length === 0;
    });
    if (!fits) out.push(`${at} is none of its kinds`);
    return;
  }
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const kinds = schema.type === undefined ? null : [schema.type].flat();
  if (kinds && !kinds.includes(kind) && !(kind === "integer" && kinds.includes("number"))) return void out.push(`${at} is ${kind}, not ${kinds.join(" or ")}`);
  if (schema.enum && !schema.enum.includes(value)) return void out.push(`${at} is ${JSON.stringify(value)}, not one of ${schema.enum.join(", ")}`);
  if (kind === "array") value.slice(0, 20).forEach((one, index) => look(schema.items, one, `${at}[${index}]`, out));
  if (kind === "object" && schema.properties) {
    for (const name of schema.required ?? []) if (!(name in value)) out.push(`${at}.${name} is missing`);
    for (const [name, own] of Object.entries(value)) {
      if (schema.properties[name]) look(schema.properties[name], own, `${at}.${name}`, out);
      else if (schema.additionalProperties !== true) out.push(`${at}.${name} is not in the contract`);
    }
  } else if (kind === "object" && typeof schema.additionalProperties === "object") for (const [name, own] of Object.entries(value)) look(schema.additionalProperties, own, `${at}.${name}`, out);
}

/** Holds an answer against the contract; what does not fit is told at the end. */
export function hold(method, path, status, body) {
  nSeen += 1;
  const known = paths.filter((one) => one.pattern.test(path) && one.operations[method.toLowerCase()]).sort((a, b) => a.nFree - b.nFree)[0];
  const name = `${method} ${known?.path ?? path}`;
  if (!known) return void found.set(`${name}: nothing is there in the contract`, path);
  const responses = known.operations[method.toLowerCase()].responses;
  const response = status < 400 ? responses[String(status)] : (responses[String(status)] ?? responses.default);
  if (!response) return void found.set(`${name}: ${status} is not in the contract`, path);
  const schema = status >= 400 ? api.components.schemas.Error : response.content?.["application/json"]?.schema;
  if (!schema || body === null) return;
  const out = [];
  look(schema, body, `${status}`, out);
  for (const words of out) found.set(`${name}: ${words.replaceAll(/\[\d+\]/g, "[]")}`, path);
}

export const broken = () => [...found.keys()];
export const seen = () => nSeen;

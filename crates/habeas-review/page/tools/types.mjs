// Writes src/api-types.ts from the server's contract, so that page and server cannot drift apart.
// `node tools/types.mjs` writes it; `--check` fails where the committed file is another.
import { readFileSync, writeFileSync } from "node:fs";

// Names that TypeScript has for itself.
const RENAMED = { Error: "Problem", Record: "LedgerRecord" };
const named = (name) => RENAMED[name] ?? name;

const at = (path) => new URL(path, import.meta.url);
const api = JSON.parse(readFileSync(at("../../api/openapi.json"), "utf8"));

function type(schema, depth = 0) {
  if (!schema || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return named(schema.$ref.split("/").at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return several.map((one) => type(one, depth)).join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => type(one, depth)).join(" & ");
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return kinds
    .map((kind) => {
      if (kind === "array") {
        const inner = type(schema.items, depth);
        return inner.includes(" ") ? `(${inner})[]` : `${inner}[]`;
      }
      if (kind === "object" || (kind === undefined && schema.properties)) {
        if (!schema.properties) return `Record<string, ${type(schema.additionalProperties === true ? {} : schema.additionalProperties, depth)}>`;
        const pad = "  ".repeat(depth + 1);
        const lines = Object.entries(schema.properties).map(([name, inner]) => {
          const note = inner.description ? `${pad}/** ${inner.description} */\n` : "";
          return `${note}${pad}${name}${schema.required?.includes(name) ? "" : "?"}: ${type(inner, depth + 1)};`;
        });
        return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
      }
      return { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" }[kind] ?? "unknown";
    })
    .join(" | ");
}

const parts = Object.entries(api.components.schemas).map(([name, schema]) => {
  const note = schema.description ? `/** ${schema.description} */\n` : "";
  return `${note}export type ${named(name)} = ${type(schema)};\n`;
});
const text = `// Made from ../api/openapi.json by tools/types.mjs. Do not edit.\n\n${parts.join("\n")}`;
const target = at("../src/api-types.ts");
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("src/api-types.ts is not what the contract says: run `node tools/types.mjs`");
    process.exit(1);
  }
} else writeFileSync(target, text);

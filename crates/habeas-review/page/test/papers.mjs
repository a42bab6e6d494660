// Papers that a clinic keeps and the made-up one has none of: pages turned and cut, notes and forms on them, a scan, a
// photograph. `node test/papers.mjs FOLDER` makes them, before a real `habeas review` is tried.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeBrowser, theBrowser } from "./lib.mjs";

export const PERSON = "Eleanor Marsden";
const MAIL = "eleanor.marsden@example.org";
/** Where words stand on a page of 600 by 800 points as it is drawn: words, left, baseline from below. */
const LINES = [
  [`${PERSON}, born 3 April 1984, ${MAIL}`, 60, 740],
  ["Her neighbour Tobias Quillon drove her home.", 60, 700],
  ["Seen by Nurse Ada Okafor, who signed the form.", 60, 660],
];

/** A PDF by its objects; those that are streams are pairs. */
function pdf(objects) {
  let out = "%PDF-1.7\n";
  const at = [];
  objects.forEach((object, index) => {
    at.push(out.length);
    const [dict, stream] = Array.isArray(object) ? object : [object, null];
    const body = stream === null ? `<<${dict}>>` : `<<${dict} /Length ${stream.length}>>\nstream\n${stream}\nendstream`;
    out += `${index + 1} 0 obj\n${body}\nendobj\n`;
  });
  const start = out.length;
  const row = (value) => `${String(value).padStart(10, "0")} 00000 n \n`;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map(row).join("")}trailer\n<</Size ${objects.length + 1} /Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

const show = (lines, size = 12) => `BT /F ${size} Tf ${lines.map(([words, x, y]) => `1 0 0 1 ${x} ${y} Tm (${words}) Tj`).join("\n")} ET`;

/** One page a style: as it is, turned by 90 degrees, cut, and with a note, a free text and a field. */
function pages(title) {
  const font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding";
  const own = "/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources <</Font <</F 3 0 R>>>> /Contents 4 0 R";
  const form = (words) => [`/Type /XObject /Subtype /Form /BBox [0 0 300 24] /Resources <</Font <</F 3 0 R>>>>`, show([[words, 4, 8]])];
  return pdf([
    "/Type /Catalog /Pages 2 0 R /AcroForm <</Fields [12 0 R]>>",
    "/Type /Pages /Count 4 /Kids [5 0 R 6 0 R 7 0 R 8 0 R]",
    font,
    ["", show([[title, 60, 770], ...LINES])],
    own,
    `${own} /Rotate 90`,
    `${own} /CropBox [40 600 440 780]`,
    `${own} /Annots [9 0 R 10 0 R 12 0 R]`,
    "/Type /Annot /Subtype /Text /Rect [500 700 520 720] /Contents (Ring Tobias Quillon before Friday)",
    "/Type /Annot /Subtype /FreeText /F 4 /Rect [60 500 360 524] /Contents (Paid by Tobias Quillon) /DA (/F 12 Tf) /AP <</N 11 0 R>>",
    form("Paid by Tobias Quillon"),
    "/Type /Annot /Subtype /Widget /F 4 /FT /Tx /T (Next of kin) /V (Tobias Quillon) /DA (/F 12 Tf) /Rect [60 400 360 424] /AP <</N 13 0 R>>",
    form("Tobias Quillon"),
  ]);
}

/** As many pages as an old file has. */
function long(n) {
  const objects = ["/Type /Catalog /Pages 2 0 R", "", "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"];
  const kids = [];
  for (let page = 1; page <= n; page += 1) {
    const lines = Array.from({ length: 40 }, (_, i) => [i === 0 ? `Page ${page} of the file of ${PERSON}, ${MAIL}` : i === 7 ? "Her neighbour Tobias Quillon rang the desk." : `Line ${i} of page ${page}: the visit was kept as it was booked, and nothing else was said.`, 60, 740 - i * 17]);
    objects.push(["", show(lines)]);
    objects.push(`/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources <</Font <</F 3 0 R>>>> /Contents ${objects.length} 0 R`);
    kids.push(`${objects.length} 0 R`);
  }
  objects[1] = `/Type /Pages /Count ${n} /Kids [${kids.join(" ")}]`;
  return pdf(objects);
}

/** Puts EXIF into a JPEG: what it shows, and who took it. */
function withExif(jpeg, description, artist) {
  const texts = [
    [0x010e, `${description}\0`],
    [0x013b, `${artist}\0`],
  ];
  const head = Buffer.alloc(8 + 2 + texts.length * 12 + 4);
  head.write("II*\0", 0, "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(texts.length, 8);
  let at = head.length;
  texts.forEach(([tag, text], i) => {
    const field = 10 + i * 12;
    head.writeUInt16LE(tag, field);
    head.writeUInt16LE(2, field + 2);
    head.writeUInt32LE(text.length, field + 4);
    head.writeUInt32LE(at, field + 8);
    at += text.length;
  });
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), head, ...texts.map(([, text]) => Buffer.from(text, "latin1"))]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
}

const LETTER = `<body style="margin:0;padding:70px 60px;font:22px/1.9 'DejaVu Serif',serif;background:#fff;color:#111;width:674px">
  <p>Lark Rise Clinics</p>
  <p>Patient: ${PERSON}<br>Email: ${MAIL}<br>Born: 3 April 1984</p>
  <p>She came with her neighbour Tobias Quillon, who waited in the hall.</p>
  <p>The parrot of the house said the words behind the curtain twice.</p>
  <p>Come again in April and bring the old letters.</p></body>`;
const PHOTO = `<body style="margin:0;background:linear-gradient(#9cf,#dfe 60%,#7a5)"><div style="position:absolute;left:120px;top:90px;width:130px;height:170px;border-radius:50%;background:#c96"></div><div style="position:absolute;left:340px;top:150px;width:190px;height:160px;background:#854"></div></body>`;

/** A mail whose text a printer would need a day for. */
const huge = () => `From: ${MAIL}\r\nTo: desk@larkrise.example.org\r\nSubject: Everything, once more\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <huge@example.org>\r\n\r\nI am ${PERSON}.\r\n${Array.from({ length: 20_000 }, (_, i) => `Line ${i}: I was there on that day too, and Tobias Quillon was not, as I wrote before.`).join("\r\n")}\r\n`;

export async function make(folder, { withLong = false } = {}) {
  mkdirSync(folder, { recursive: true });
  const page = await (await theBrowser()).newPage({ viewport: { width: 794, height: 1123 }, deviceScaleFactor: 2 });
  await page.setContent(LETTER);
  writeFileSync(join(folder, "scanned letter.png"), await page.screenshot({ type: "png" }));
  await page.setViewportSize({ width: 640, height: 400 });
  await page.setContent(PHOTO);
  writeFileSync(join(folder, "photograph.jpg"), withExif(await page.screenshot({ type: "jpeg" }), `${PERSON}, ${MAIL}`, "Percy Lens"));
  await page.close();
  writeFileSync(join(folder, "turned and cut.pdf"), pages("One visit"));
  writeFileSync(join(folder, "another visit.pdf"), pages("Another visit"));
  if (withLong) {
    writeFileSync(join(folder, "long file.pdf"), long(200));
    writeFileSync(join(folder, "long mail.eml"), huge());
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  await make(process.argv[2], { withLong: process.argv.includes("--long") });
  await closeBrowser();
}

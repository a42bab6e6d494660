// Draws a made-up page as a PNG: lines of grey words, so that boxes have something to lie on.
import { deflateSync } from "node:zlib";

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};
function chunk(name, data) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(name, 4, "latin1");
  const body = Buffer.concat([head.subarray(4), data]);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc(body));
  return Buffer.concat([head.subarray(0, 4), body, tail]);
}

/** Boxes are `[x, y, wide, high, grey]` in pixels. */
export function png(wide, high, boxes) {
  const rows = Buffer.alloc((wide + 1) * high, 255);
  for (let y = 0; y < high; y += 1) rows[y * (wide + 1)] = 0;
  for (const [x, y, w, h, grey] of boxes) {
    for (let row = y; row < Math.min(high, y + h); row += 1) rows.fill(grey, row * (wide + 1) + 1 + x, row * (wide + 1) + 1 + Math.min(wide, x + w));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(wide, 0);
  head.writeUInt32BE(high, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

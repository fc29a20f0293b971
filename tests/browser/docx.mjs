// A Word file in the hands of somebody who changes its words: the parts of the package out of it, and into a new one.

import { deflateRawSync, inflateRawSync } from 'node:zlib';

const heads = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const deflated = 8;

/** The package with the text of its document changed by `change`; every other part stays as it is. */
export function rewrite(file, change) {
  const parts = unpack(file);
  const document = parts.find(part => part.name === 'word/document.xml');
  document.content = Buffer.from(change(document.content.toString('utf8')), 'utf8');
  return pack(parts);
}

/** The paragraphs of a document's body, each with its words. */
export function paragraphs(xml) {
  return [...xml.matchAll(/<w:p>.*?<\/w:p>|<w:p .*?<\/w:p>/gs)].map(([source]) => ({
    source, words: [...source.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, words]) => words).join(''),
  }));
}

function unpack(file) {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const parts = [];
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (file.readUInt32LE(at) !== heads.central) throw new Error('the package is broken');
    const [name, extra, comment] = [28, 30, 32].map(place => file.readUInt16LE(at + place));
    const local = file.readUInt32LE(at + 42);
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(from, from + file.readUInt32LE(at + 20));
    parts.push({
      name: file.toString('utf8', at + 46, at + 46 + name),
      content: file.readUInt16LE(at + 10) === deflated ? inflateRawSync(packed) : Buffer.from(packed),
    });
    at += 46 + name + extra + comment;
  }
  return parts;
}

function pack(parts) {
  const [bodies, list] = [[], []];
  let offset = 0;
  for (const { name, content } of parts) {
    const [title, packed] = [Buffer.from(name, 'utf8'), deflateRawSync(content)];
    // version, flags, method, time, date, sum, sizes, length of the name, length of what follows it
    const shared = Buffer.alloc(26);
    [20, 0, deflated, 0, 0x21].forEach((value, place) => shared.writeUInt16LE(value, place * 2));
    [sum(content), packed.length, content.length].forEach((value, place) => shared.writeUInt32LE(value, 10 + place * 4));
    shared.writeUInt16LE(title.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    bodies.push(number(heads.local), shared, title, packed);
    list.push(number(heads.central), Buffer.from([20, 0]), shared, tail, title);
    offset += 30 + title.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  [parts.length, parts.length].forEach((value, place) => end.writeUInt16LE(value, 4 + place * 2));
  [directory.length, offset].forEach((value, place) => end.writeUInt32LE(value, 8 + place * 4));
  return Buffer.concat([...bodies, directory, number(heads.end), end]);
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** CRC-32 as packages carry it; zlib of the oldest Node that runs these has none of its own. */
function sum(content) {
  let rest = ~0;
  for (const byte of content) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

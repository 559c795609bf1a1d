// What an application knows of AWS stands in its environment; S3 is spoken to by path, as any server at an address is.
import { readFile } from "node:fs/promises";

import { S3Client } from "@aws-sdk/client-s3";

export const BUCKET = "javascript-files";
export const ROLE = "arn:aws:iam::123456789012:role/reader";
export const s3 = new S3Client({ forcePathStyle: true });

/** One of the examples' documents. */
export async function example(name) {
  return readFile(new URL(name, `file://${process.env.EXAMPLES}/`));
}

/** Seconds of a tone, as a WAV file of one channel. */
export function sound(seconds = 2, rate = 16000) {
  const head = Buffer.alloc(44);
  const samples = Buffer.alloc(seconds * rate * 2, 1);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

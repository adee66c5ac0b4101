import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Reads a request body, refusing one that says or turns out to be longer than `maxBytes`. @throws Refusal 413 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLong = () =>
    new Refusal(413, `the body is longer than ${maxBytes} bytes`, undefined, { connection: 'close' });
  const announced = request.headers['content-length'];
  if (
    announced === '0' ||
    (announced === undefined &&
      request.headers['transfer-encoding'] === undefined &&
      request.httpVersionMajor === 1)
  ) {
    return Buffer.alloc(0);
  }
  if (Number(announced ?? 0) > maxBytes) throw tooLong();
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.pause();
        reject(tooLong());
      } else chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    );
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Refusal(400, 'the request ended early'));
    });
  });
}

import type { Handler } from './handler.ts';
import { acl } from './acl.ts';
import { copy, move } from './copy-move.ts';
import { lock, unlock } from './lock.ts';
import { remove } from './delete.ts';
import { get } from './get.ts';
import { mkcalendar, mkcol } from './make-collection.ts';
import { options } from './options.ts';
import { post } from './post.ts';
import { propfind } from './propfind.ts';
import { proppatch } from './proppatch.ts';
import { put } from './put.ts';
import { report } from './report.ts';

export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['OPTIONS', options],
  ['GET', get],
  ['HEAD', get],
  ['PUT', put],
  ['POST', post],
  ['DELETE', remove],
  ['PROPFIND', propfind],
  ['PROPPATCH', proppatch],
  ['REPORT', report],
  ['MKCOL', mkcol],
  ['MKCALENDAR', mkcalendar],
  ['COPY', copy],
  ['MOVE', move],
  ['LOCK', lock],
  ['UNLOCK', unlock],
  ['ACL', acl],
]);

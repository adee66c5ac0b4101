import type { DavContext } from '../context.ts';
import type { Exchange } from '../http/exchange.ts';
import type { View } from './property.ts';
import { createStoredReader } from './stored.ts';

export const createView = (
  context: DavContext,
  { user, origin }: Pick<Exchange, 'user' | 'origin'>,
): View => ({
  context,
  user,
  origin,
  stored: createStoredReader(context.store.properties.all),
});

export const requestKinds = [
  'sync-token',
  'sync-collection',
  'multiget',
  'put',
  'delete',
  'register',
  'home',
  'list',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Something for each kind of request; what not every client sends may be left out. */
export type PerRequest<Value> = {
  readonly [Kind in Exclude<RequestKind, 'home' | 'list'>]: Value;
} & { readonly [Kind in 'home' | 'list']?: Value };

/** What stands for a kind of request: what is left out resembles the report, which is what a list is to a server too. */
export const ofRequest = <Value>(values: PerRequest<Value>, kind: RequestKind): Value =>
  values[kind] ?? values['sync-collection'];

/** What `of` gives for each kind. */
export const perRequest = <Value>(of: (kind: RequestKind) => Value): Record<RequestKind, Value> => ({
  'sync-token': of('sync-token'),
  'sync-collection': of('sync-collection'),
  multiget: of('multiget'),
  put: of('put'),
  delete: of('delete'),
  register: of('register'),
  home: of('home'),
  list: of('list'),
});

/** The same for each kind that is there, changed. */
export const mapRequests = <From, To>(
  { home, list, ...always }: PerRequest<From>,
  change: (value: From) => To,
): PerRequest<To> => ({
  'sync-token': change(always['sync-token']),
  'sync-collection': change(always['sync-collection']),
  multiget: change(always.multiget),
  put: change(always.put),
  delete: change(always.delete),
  register: change(always.register),
  ...(home !== undefined && { home: change(home) }),
  ...(list !== undefined && { list: change(list) }),
});

/** What an event is about; the rest of its code is a number whose meaning depends on the kind. */
export const eventKinds = {
  /** A contact of the device may be due. */
  contact: 0,
  /** A request reaches the server; the number is the slot of its contact. */
  request: 1,
  /** A device writes, or a change arises at the server; the number is the change. */
  change: 2,
  /** The PUT of a device reaches the server; the number is the change. */
  put: 3,
  /** A message may be due; the number is the place of the collection in the device's list. */
  send: 4,
  /** A message reaches the device; the number is its slot. */
  pushed: 5,
  /** A device comes online with a change to write; the number is the change. */
  write: 6,
  /** The server starts on a request that had to wait; the number is the slot of its contact. */
  started: 7,
  /** A contact tries its failed request again; the number is its slot. */
  retry: 8,
  /** The server goes away; the number is the restart. */
  restart: 9,
  /** A device takes up its push connection again; the number is how often it has tried. */
  reconnect: 10,
  /** The server answers a request that it held; the number is the slot of its contact. */
  released: 11,
} as const;

const numbers = 2 ** 27;

/** @throws RangeError when the number does not fit into 27 bits. */
export function eventCode(kind: number, number: number): number {
  if (number >= numbers) throw new RangeError(`event number ${number} is out of range`);
  return kind * numbers + number;
}

export const kindOfCode = (code: number): number => code >>> 27;
export const numberOfCode = (code: number): number => code & (numbers - 1);

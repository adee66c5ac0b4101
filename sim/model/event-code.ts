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
  /** A message reaches the device; the number is the place of the collection in the device's list. */
  pushed: 5,
  /** A device comes online with a change to write; the number is the change. */
  write: 6,
} as const;

const numbers = 2 ** 28;

/** @throws RangeError when the number does not fit into 28 bits. */
export function eventCode(kind: number, number: number): number {
  if (number >= numbers) throw new RangeError(`event number ${number} is out of range`);
  return kind * numbers + number;
}

export const kindOfCode = (code: number): number => code >>> 28;
export const numberOfCode = (code: number): number => code & (numbers - 1);

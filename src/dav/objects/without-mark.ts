/** A byte order mark is no part of iCalendar or vCard text, but editors put one there and clients send it. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

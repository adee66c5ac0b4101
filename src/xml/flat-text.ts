/**
 * The same text in one piece. Text that was put together is a tree of its parts, which is walked anew each time that
 * something it went into is written: what is kept to be used again should be flat.
 */
export const flatText = (text: string): string => Buffer.from(text).toString();

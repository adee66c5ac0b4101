/**
 * Gathers the text of an answer, of which parts are encoded as they come: a string put together from a hundred
 * thousand pieces takes many times its length until it is written.
 */
export interface AnswerBody {
  add(text: string): void;
  /** Everything so far. */
  end(): string | Buffer;
}

const longestText = 256 * 1024;

export function createAnswerBody(start: string): AnswerBody {
  const parts: Buffer[] = [];
  let text = start;
  return {
    add: (more) => {
      text += more;
      if (text.length < longestText) return;
      parts.push(Buffer.from(text));
      text = '';
    },
    end: () => (parts.length === 0 ? text : Buffer.concat([...parts, Buffer.from(text)])),
  };
}

/** What the doctor found at one step, in words for a person who runs a server or uses one. */
export type Finding =
  | { readonly well: true; readonly step: string; readonly found: string }
  | {
      readonly well: false;
      readonly step: string;
      /** What is wrong. */
      readonly found: string;
      /** What to do, most likely remedy first. */
      readonly advice: readonly string[];
    };

/** Ends the examination: no later step can go well. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly advice: readonly string[];

  constructor(found: string, advice: readonly string[]) {
    super(found);
    this.advice = advice;
  }
}

/** A pre- or postcondition of RFC 4918 section 16: the element inside `D:error`. */
export interface Condition {
  readonly ns: string;
  readonly name: string;
  /** XML inside the element. */
  readonly inner?: string;
}

/** Ends a request with an answer that is not success; never reaches a person as an error of davpulse. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly condition: Condition | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    condition?: Condition,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.condition = condition;
    this.headers = headers;
  }
}

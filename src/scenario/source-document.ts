import { readFileSync } from 'node:fs';
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { DavpulseError } from '../errors/index.ts';
import { describeIssue } from './describe-issue.ts';

export type Path = readonly (string | number)[];

/** A YAML file that remembers where each value stands, so that an error can name line and column. */
export class SourceDocument {
  readonly file: string;
  readonly text: string;
  readonly #lines: LineCounter;
  readonly #document: Document;

  private constructor(file: string, text: string, lines: LineCounter, document: Document) {
    this.file = file;
    this.text = text;
    this.#lines = lines;
    this.#document = document;
  }

  /** @throws DavpulseError DAVPULSE_FILE_UNREADABLE, DAVPULSE_SCENARIO_INVALID for broken YAML */
  static read(file: string): SourceDocument {
    try {
      return SourceDocument.parse(file, readFileSync(file, 'utf8'));
    } catch (error) {
      if (error instanceof DavpulseError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new DavpulseError('DAVPULSE_FILE_UNREADABLE', `${file} cannot be read: ${reason}`, {
        cause: error,
      });
    }
  }

  /** @throws DavpulseError DAVPULSE_SCENARIO_INVALID for broken YAML */
  static parse(file: string, text: string): SourceDocument {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
    const [broken] = document.errors;
    if (broken !== undefined) {
      const { line, col } = lines.linePos(broken.pos[0]);
      throw new DavpulseError(
        'DAVPULSE_SCENARIO_INVALID',
        `${file}:${line}:${col}: not valid YAML: ${broken.message}`,
      );
    }
    inlineAliases(file, document);
    return new SourceDocument(file, text, lines, document);
  }

  /** The same file with other values at some paths; those keep the place that they were written at. */
  with(values: Iterable<readonly [Path, unknown]>): SourceDocument {
    const document = this.#document.clone();
    for (const [path, value] of values) {
      try {
        // A later path may lie below this one, and what is put here serves other points as well.
        document.setIn(path, isNode(value) ? value.clone() : value);
      } catch (error) {
        throw this.errorAt(path, 'no such field in this file', error);
      }
    }
    return new SourceDocument(this.file, this.text, this.#lines, document);
  }

  /** The part of the file below a path, as a document of its own. */
  at(path: Path): SourceDocument {
    const document = this.#document.clone();
    const node = document.getIn(path, true);
    document.contents = isNode(node) ? node : document.createNode(node);
    return new SourceDocument(this.file, this.text, this.#lines, document);
  }

  /** The value at a path with its places, to be put elsewhere by `with`. */
  node(path: Path): unknown {
    return this.#document.getIn(path, true);
  }

  /** The plain value at a path. */
  value(path: Path = []): unknown {
    return this.at(path).#document.toJS();
  }

  /** @throws DavpulseError DAVPULSE_SCENARIO_INVALID that lists each issue as `file:line:column: what was expected` */
  validate<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
    const value: unknown = this.#document.toJS();
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const messages = parsed.error.issues.flatMap((issue) =>
      describeIssue(issue, value, schema).map(
        ({ path, message, atKey }) => `${this.#place(path, atKey)}: ${subject(path)}${message}`,
      ),
    );
    throw new DavpulseError('DAVPULSE_SCENARIO_INVALID', [...new Set(messages)].join('\n'));
  }

  errorAt(path: Path, message: string, cause?: unknown): DavpulseError {
    const subject = path.length === 0 ? '' : `${path.join('.')}: `;
    return new DavpulseError('DAVPULSE_SCENARIO_INVALID', `${this.#place(path)}: ${subject}${message}`, {
      cause,
    });
  }

  /** `file:line:column` of the value at a path (or of its key) or, when it is absent, of what should hold it. */
  #place(path: Path, atKey = false): string {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = this.#offset(path.slice(0, length), atKey && length === path.length);
      if (offset !== undefined) {
        const { line, col } = this.#lines.linePos(offset);
        return `${this.file}:${line}:${col}`;
      }
    }
    return `${this.file}:1:1`;
  }

  #offset(path: Path, atKey: boolean): number | undefined {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    if (atKey && isMap(parent)) {
      const key = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))?.key;
      if (isNode(key) && key.range) return key.range[0];
    }
    return firstOffset(this.#document.getIn(path, true));
  }
}

/** Puts what an alias stands for in its place, so that any part of the file can be taken on its own. */
function inlineAliases(file: string, document: Document): void {
  try {
    // Refuses aliases that would multiply without bound.
    document.toJS();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DavpulseError('DAVPULSE_SCENARIO_INVALID', `${file}:1:1: not usable YAML: ${reason}`, {
      cause,
    });
  }
  visit(document, { Alias: (_, alias) => alias.resolve(document) });
  visit(document, {
    Node: (_, node) => {
      if ('anchor' in node) delete node.anchor;
    },
  });
}

const subject = (path: Path): string => (path.length === 0 ? '' : `${path.join('.')}: `);

/** Where a node starts; one that a sweep has put there starts where the first part with a place does. */
function firstOffset(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  if (node.range) return node.range[0];
  if (!isMap(node)) return undefined;
  return node.items.map((item) => firstOffset(item.value)).find((offset) => offset !== undefined);
}

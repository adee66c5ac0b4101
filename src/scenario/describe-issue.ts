import type { z } from 'zod';
import { knownFields, nearestName } from './known-fields.ts';

type Issue = z.core.$ZodIssue;

interface Described {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The key itself is wrong, not the value it holds. */
  readonly atKey?: true;
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const valueAt = (root: unknown, path: Described['path']): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );

/** What a schema expected and what it got, in one phrase for each place that is wrong. */
export function describeIssue(issue: Issue, root: unknown, schema: z.ZodType): Described[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = knownFields(schema, path, root);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownField(key, known),
      atKey: true,
    }));
  }
  const inner = issue.code === 'invalid_union' ? likeliestBranch(issue) : undefined;
  if (inner !== undefined) {
    return inner.flatMap((deeper) =>
      describeIssue({ ...deeper, path: [...path, ...deeper.path] }, root, schema),
    );
  }
  const value = valueAt(root, path);
  const got = value === undefined ? 'the field is missing' : `got ${shown(value)}`;
  return [{ path, message: `${expectation(issue)}; ${got}` }];
}

/** Beyond that many fields a list would hide the rest of the message. */
const mostListed = 16;

function unknownField(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  if (meant !== undefined) return `unknown field; did you mean ${meant}?`;
  const others = known.filter((name) => name !== 'kind');
  return others.length === 0 || others.length > mostListed
    ? 'unknown field'
    : `unknown field; there are ${others.join(', ')}`;
}

const isForeign = ({ code, path }: Issue): boolean => code === 'invalid_type' && path.at(-1) === 'like';

/** In a union of a name and an object the branch that got furthest is the one that was meant; without `like` not that one. */
function likeliestBranch(issue: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  const meant = issue.errors.filter((branch) =>
    branch.every(
      (deeper) => (deeper.path.length > 0 && !isForeign(deeper)) || deeper.code === 'unrecognized_keys',
    ),
  );
  return meant.length === 1 ? meant[0] : undefined;
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'object' ? 'fields (a mapping)' : issue.expected === 'array' ? 'a list' : `a ${issue.expected}`}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    default:
      return issue.message;
  }
}

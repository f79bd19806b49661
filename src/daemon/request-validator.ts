// SPDX-License-Identifier: Apache-2.0
import type { TSchema } from '../contract/schema.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { completeValue, problemText } from '../contract/validate.ts';

/** The parts of a request as Fastify calls them, and as we call them to whoever sent it. */
const partNames = { params: 'path', querystring: 'query', body: 'body' } as const;
export type RequestPart = keyof typeof partNames;

type Verdict = { value: unknown } | { error: PhyllomeError };
type Group = Record<string, unknown>;

// One request can have any number of mistakes; more than these help nobody.
const reported = 5;

/**
 * Checks one part of a request against its schema of contract/api.ts and fills in defaults, with the code that
 * also reads machine definitions: unknown keys and wrong types are refused, in the same words everywhere.
 *
 * In a query everything is text, so there whole numbers are read; in a body "5" is not a number.
 */
export function requestValidator(schema: TSchema, part: RequestPart): (given: unknown) => Verdict {
  const where = partNames[part];
  const properties = ((schema as { properties?: Record<string, TSchema> }).properties ?? {}) as Record<
    string,
    Group
  >;

  return (given) => {
    const value = part === 'querystring' ? readNumbers(properties, given as Group) : (given ?? {});
    if (Object.keys(properties).length === 0) {
      return isGroup(value) && Object.keys(value).length === 0
        ? { value }
        : refuse(`its ${where} must be empty`);
    }
    const free = freeGroups(properties, value);
    const checked = completeValue(schema, without(value, free));
    if (checked.problems.length === 0) return { value: { ...(checked.value as Group), ...free } };
    const problems = checked.problems.map((problem) =>
      problemText({ ...problem, path: [where, ...problem.path] }),
    );
    const rest = problems.length > reported ? [`and ${problems.length - reported} more`] : [];
    return refuse([...problems.slice(0, reported), ...rest].join('. '));
  };
}

function refuse(reason: string): Verdict {
  return { error: new PhyllomeError('bad-request', { reason }) };
}

function readNumbers(properties: Record<string, Group>, query: Group): Group {
  const read = ([key, text]: [string, unknown]): [string, unknown] => {
    const isNumber =
      properties[key]?.['type'] === 'integer' && typeof text === 'string' && /^-?\d{1,16}$/.test(text);
    return [key, isNumber ? Number(text) : text];
  };
  return Object.fromEntries(Object.entries(query).map(read));
}

// Groups with keys of any name (Type.Record) are only checked to be groups: whoever uses one knows its rules.
function freeGroups(properties: Record<string, Group>, value: unknown): Group {
  if (!isGroup(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, content]) => properties[key]?.['patternProperties'] !== undefined && isGroup(content),
    ),
  );
}

function without(value: unknown, keys: Group): unknown {
  if (!isGroup(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !Object.hasOwn(keys, key)));
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// SPDX-License-Identifier: Apache-2.0
import type { TSchema } from './schema.ts';
import { parseSize, formatSize } from './size.ts';
import { sizeKeyword } from './machine.ts';

/** One mistake in a value: where, what stands there, what may stand there. */
export interface Problem {
  /** Keys and indexes from the root, e.g. ['disks', 0, 'format'] */
  path: readonly (string | number)[];
  found: string;
  allowed: string;
}

// The part of JSON Schema that our definitions use. Anything else in a schema is a defect of ours, and
// `completeValue` throws for it rather than let a value through unchecked.
interface Node {
  type?: string;
  const?: unknown;
  enum?: readonly string[];
  anyOf?: readonly Node[];
  properties?: Record<string, Node>;
  required?: readonly string[];
  items?: Node;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
  default?: unknown;
  description?: string;
  /** A secret: what breaks a rule is not shown to whoever reads the message */
  writeOnly?: boolean;
  [sizeKeyword]?: boolean;
}

/**
 * Fills in defaults, turns sizes into bytes and reports every mistake of a value against a schema.
 *
 * JSON Schema validators say "must match anyOf" where a person needs "disks[0].bus: found "ide", allowed is
 * one of virtio, …", which is why this walk is ours. A test compares its verdicts with TypeBox's own.
 *
 * @returns the completed value (only to be trusted when there are no problems) and all problems found
 */
export function completeValue(schema: TSchema, value: unknown): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const completed = walk(schema, value, [], problems);
  return { value: completed, problems };
}

/** 'disks[0].bus: found "ide"; allowed: one of virtio, scsi' */
export function problemText({ path, found, allowed }: Problem): string {
  return `${pathText(path)}: found ${found}; allowed: ${allowed}`;
}

function pathText(path: Problem['path']): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return text === '' ? 'the definition' : text.replace(/^\./, '');
}

type Path = readonly (string | number)[];

function walk(schema: Node, value: unknown, path: Path, problems: Problem[]): unknown {
  const refuse = (allowed: string): unknown => {
    problems.push({ path, found: schema.writeOnly === true ? 'a secret (not shown)' : show(value), allowed });
    return value;
  };
  if (schema.anyOf !== undefined) {
    const branch = chooseBranch(schema.anyOf, value);
    return branch === null ? refuse(branchesText(schema.anyOf)) : walk(branch, value, path, problems);
  }
  if ('const' in schema) return value === schema.const ? value : refuse(JSON.stringify(schema.const));
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? walkObject(schema, value, path, problems) : refuse('a group of keys');
    case 'array': {
      if (!Array.isArray(value)) return refuse('a list');
      if (value.length > (schema.maxItems ?? Infinity)) return refuse(`at most ${schema.maxItems} entries`);
      return value.map((item, index) => walk(schema.items as Node, item, [...path, index], problems));
    }
    case 'string':
      return typeof value === 'string' && stringFits(schema, value) ? value : refuse(stringText(schema));
    case 'integer': {
      const number = schema[sizeKeyword] === true ? readSize(value) : value;
      const { minimum = -Infinity, maximum = Infinity } = schema;
      const fits =
        Number.isSafeInteger(number) && (number as number) >= minimum && (number as number) <= maximum;
      return fits ? number : refuse(integerText(schema));
    }
    case 'null':
      return value === null ? value : refuse('nothing');
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case undefined:
      // A schema that says nothing about the value takes any; one that says something we cannot read is a defect.
      if (Object.keys(schema).every((keyword) => keyword === 'description')) return value;
      throw new Error(`schema with unsupported keywords ${JSON.stringify(schema)} at ${pathText(path)}`);
    default:
      throw new Error(`schema with unsupported type ${JSON.stringify(schema)} at ${pathText(path)}`);
  }
}

function walkObject(schema: Node, value: Record<string, unknown>, path: Path, problems: Problem[]) {
  const properties = schema.properties ?? {};
  const known = Object.keys(properties);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(properties, key)) {
      problems.push({ path: [...path, key], found: 'an unknown key', allowed: `only ${known.join(', ')}` });
    }
  }
  const completed: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(properties)) {
    const given = Object.hasOwn(value, key) ? value[key] : structuredClone(child.default);
    if (given !== undefined) completed[key] = walk(child, given, [...path, key], problems);
    else if (schema.required?.includes(key)) {
      problems.push({ path: [...path, key], found: 'nothing', allowed: allowedText(child) });
    }
  }
  return completed;
}

// Alternatives are told apart by their `type` first, then by the keys a value uses: whichever alternative
// knows most of them is the one that was meant, and its mistakes are the ones worth reporting.
function chooseBranch(branches: readonly Node[], value: unknown): Node | null {
  if (!isRecord(value)) {
    const scalars = branches.filter(({ properties }) => properties === undefined);
    // Where none fits, its mistake is told with the first that is not just "nothing".
    return (
      scalars.find(({ type }) => type === scalarType(value)) ??
      (value === null ? null : (scalars.find(({ type }) => type !== 'null') ?? null))
    );
  }
  const sameType = branches.filter((branch) => branch.properties?.['type']?.const === value['type']);
  const score = (branch: Node): number => {
    const misfits = Object.keys(value).filter((key) => !Object.hasOwn(branch.properties ?? {}, key)).length;
    const missing = (branch.required ?? []).filter((key) => {
      return !Object.hasOwn(value, key) && branch.properties?.[key]?.default === undefined;
    }).length;
    return misfits + missing;
  };
  return sameType.toSorted((a, b) => score(a) - score(b))[0] ?? null;
}

function scalarType(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? 'integer' : typeof value;
}

function branchesText(branches: readonly Node[]): string {
  if (branches.every(({ properties }) => properties === undefined))
    return branches.map(allowedText).join(' or ');
  const types = new Set(branches.map((branch) => String(branch.properties?.['type']?.const)));
  return `a group of keys with type: ${[...types].join(', ')}`;
}

function stringFits(schema: Node, value: string): boolean {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? Infinity)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
}

function stringText(schema: Node): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  const what = schema.description === undefined ? 'a text' : `a text (${schema.description})`;
  if (schema.pattern !== undefined) return `${what} of the form ${schema.pattern}`;
  return schema.maxLength === undefined ? what : `${what} of at most ${schema.maxLength} characters`;
}

function integerText(schema: Node): string {
  const write = schema[sizeKeyword] === true ? formatSize : String;
  const kind = schema[sizeKeyword] === true ? 'a size such as 512MiB or 4GiB' : 'a whole number';
  return `${kind} from ${write(schema.minimum ?? 0)} to ${write(schema.maximum ?? Infinity)}`;
}

function allowedText(schema: Node): string {
  if (schema.anyOf !== undefined) return branchesText(schema.anyOf);
  if (schema.type === 'integer') return integerText(schema);
  if (schema.type === 'string') return stringText(schema);
  if ('const' in schema) return JSON.stringify(schema.const);
  return schema.type === 'array' ? 'a list' : 'a group of keys';
}

function readSize(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? parseSize(value) : value;
}

/** Is it a group of keys? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Long or hostile values must not flood the message that quotes them.
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { isMap, isScalar, LineCounter, parseDocument, stringify, type Document } from 'yaml';
import { definitionError, examineDefinition } from '../contract/definition.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { sizeKeyword, MachineDefinition } from '../contract/machine.ts';
import { nameProblem } from '../contract/name.ts';
import { formatSize } from '../contract/size.ts';
import { problemText, type Problem } from '../contract/validate.ts';

/**
 * Reads the text of a machine.yaml.
 * @throws PhyllomeError `definition-unreadable` (not YAML), `definition-invalid` (each problem with its line),
 *   `definition-too-new`
 */
export function readDefinitionText(text: string): MachineDefinition {
  const lines = new LineCounter();
  const document = parseText(text, lines);
  const { definition, problems } = examineDefinition(toValue(document));
  if (problems.length === 0) return definition;
  const placed = problems.map((problem) => ({
    ...problem,
    path: problem.path,
    text: withLine(document, lines, problem),
  }));
  const error = definitionError(problems);
  throw new PhyllomeError('definition-invalid', {
    ...error.facts,
    summary: placed
      .slice(0, 5)
      .map((problem) => problem.text)
      .join('. '),
    problems: placed.map((problem) => problem.text),
  });
}

/** The name in a text that is otherwise bad, so that people recognise the machine; undefined when there is none. */
export function nameInText(text: string): string | undefined {
  const document = parseDocument(text);
  const name: unknown = isMap(document.contents) ? document.get('name') : undefined;
  return typeof name === 'string' && nameProblem(name) === null ? name : undefined;
}

/** The text of a new machine.yaml: sizes as people write them, keys in the order of the schema. */
export function writeDefinitionText(definition: MachineDefinition): string {
  const heading = `# ${oneLine(definition.name)}: a machine of Phyllome OS. Edit it freely; docs/machine-definition.md explains\n# every key. Changes take effect at the next start.\n`;
  return heading + stringify(sizesAsText(MachineDefinition as SizedSchema, definition), { lineWidth: 0 });
}

/** Changes whenever the text does: guards against two people editing at once. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** @throws PhyllomeError `definition-unreadable` */
export function parseText(text: string, lines = new LineCounter()): Document {
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const error = document.errors[0];
  if (error !== undefined) {
    throw new PhyllomeError('definition-unreadable', {
      reason: oneLine(error.message),
      line: error.linePos?.[0].line ?? 1,
    });
  }
  return document;
}

/** @throws PhyllomeError `definition-unreadable` */
export function toValue(document: Document): unknown {
  try {
    // Aliases are how a few bytes of YAML become gigabytes of value; the library refuses beyond this count.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new PhyllomeError('definition-unreadable', { reason: reasonOf(error), line: 1 }, { cause: error });
  }
}

function withLine(document: Document, lines: LineCounter, problem: Problem): string {
  // The nearest thing that stands in the file: a missing key is reported at the group that lacks it.
  for (let depth = problem.path.length; depth > 0; depth -= 1) {
    const node = document.getIn(problem.path.slice(0, depth), true);
    const offset = isScalar(node) ? node.range?.[0] : (node as { range?: [number] } | undefined)?.range?.[0];
    if (offset !== undefined) return `line ${lines.linePos(offset).line}: ${problemText(problem)}`;
  }
  return problemText(problem);
}

interface SizedSchema {
  properties?: Record<string, SizedSchema>;
  items?: SizedSchema;
  [sizeKeyword]?: boolean;
}

/** A value for some place of a definition, with its sizes as people write them. */
export function sizesAsTextAt(path: readonly (string | number)[], value: unknown): unknown {
  let schema: SizedSchema = MachineDefinition as SizedSchema;
  for (const key of path) schema = (typeof key === 'number' ? schema.items : schema.properties?.[key]) ?? {};
  return sizesAsText(schema, value);
}

function sizesAsText(schema: SizedSchema, value: unknown): unknown {
  if (schema[sizeKeyword] === true) return isSize(value) ? formatSize(value) : value;
  if (Array.isArray(value)) return value.map((item) => sizesAsText(schema.items ?? {}, item));
  if (schema.properties === undefined || typeof value !== 'object' || value === null) return value;
  const known = schema.properties;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, sizesAsText(known[key] ?? {}, child)]),
  );
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

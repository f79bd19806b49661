// SPDX-License-Identifier: Apache-2.0
//
// What the published API descriptions in test/api allow, for tests: OpenAPI 3.0 (Cloud Hypervisor) and Swagger 2.0
// (Firecracker). Stricter than the descriptions: a key that they do not name is a mistake of ours, where the VMM may
// ignore it silently.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

const directory = join(import.meta.dirname, '../../test/api');

export const cloudHypervisorApi = 'cloud-hypervisor-v53.0.openapi.yaml';
export const firecrackerApi = 'firecracker-v1.16.1.swagger.yaml';

export interface ApiDescription {
  /**
   * @param path as in the description: without the prefix /api/v1 that Cloud Hypervisor has
   * @param body parsed; undefined: none was sent
   * @throws Error with everything that the description does not allow
   */
  checkRequest(method: string, path: string, body: unknown): void;
  /** The same for an answer with a body. @throws Error */
  checkAnswer(method: string, path: string, status: number, body: unknown): void;
  /** "PUT /vm.create" and all others, as in the description */
  readonly operations: readonly string[];
}

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  [key: string]: unknown;
}

interface Body {
  schema?: Schema;
  content?: Record<string, { schema: Schema }>;
}

interface Operation {
  requestBody?: Body & { required?: boolean };
  parameters?: { in: string; required?: boolean; schema?: Schema }[];
  responses?: Record<string, Body>;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas: Record<string, Schema> };
  definitions?: Record<string, Schema>;
}

/** @param file in test/api */
export function readApi(file: string): ApiDescription {
  const description = parse(readFileSync(join(directory, file), 'utf8')) as Description;
  const schemas = description.components?.schemas ?? description.definitions ?? {};
  // Formats (int64, an address) are notes for people there; strict mode would refuse words like `example`.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'api', definitions: mapValues(schemas, closed) });
  const compiled = new Map<Schema, ValidateFunction>();

  const check = (what: string, schema: Schema, value: unknown): void => {
    const validate = compiled.get(schema) ?? ajv.compile(closed(schema));
    compiled.set(schema, validate);
    if (!validate(value)) throw new Error(`${what}: ${problemsOf(validate)}`);
  };

  const find = (method: string, path: string): { what: string; operation: Operation } => {
    const [template, operations] =
      Object.entries(description.paths).find(([candidate]) => matches(candidate, path)) ?? [];
    const operation = operations?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`${method} ${path} is not in the API`);
    return { what: `${method} ${template}`, operation };
  };

  return {
    operations: Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    ),
    checkRequest(method, path, body) {
      const { what, operation } = find(method, path);
      const parameter = operation.parameters?.find((one) => one.in === 'body');
      const wanted = parameter ?? operation.requestBody;
      const schema = wanted === undefined ? undefined : schemaOf(wanted);
      if (schema === undefined) {
        if (body !== undefined) throw new Error(`${what} takes no body`);
      } else if (body === undefined) {
        if (wanted?.required === true) throw new Error(`${what} needs a body`);
      } else check(what, schema, body);
    },
    checkAnswer(method, path, status, body) {
      const { what, operation } = find(method, path);
      const answer = operation.responses?.[String(status)] ?? operation.responses?.['default'];
      const schema = answer === undefined ? undefined : schemaOf(answer);
      if (schema === undefined) throw new Error(`${what} answers nothing with status ${status}`);
      check(`${what} ${status}`, schema, body);
    },
  };
}

function schemaOf({ schema, content }: Body): Schema | undefined {
  return schema ?? content?.['application/json']?.schema;
}

/** /drives/{drive_id} and /drives/rootfs */
function matches(template: string, path: string): boolean {
  const words = path.split('/');
  const pattern = template.split('/');
  return (
    words.length === pattern.length &&
    pattern.every((word, index) => (/^\{.*\}$/.test(word) ? words[index] !== '' : word === words[index]))
  );
}

/** The same schema, but with no room for keys that it does not name, and with its references in our one place. */
function closed(schema: Schema): Schema {
  const { $ref, properties, items, additionalProperties, ...rest } = schema;
  if ($ref !== undefined) return { $ref: `api#/definitions/${$ref.split('/').at(-1)}` };
  const others =
    typeof additionalProperties === 'object'
      ? closed(additionalProperties)
      : (additionalProperties ?? properties === undefined);
  return {
    ...rest,
    ...(items && { items: closed(items) }),
    ...(properties && { properties: mapValues(properties, closed) }),
    ...((properties !== undefined || additionalProperties !== undefined) && { additionalProperties: others }),
  };
}

function mapValues<Value, Result>(
  record: Record<string, Value>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function problemsOf({ errors }: ValidateFunction): string {
  return (errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`)
    .join('; ');
}

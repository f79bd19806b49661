// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { operations, streamPaths } from '../contract/operations.ts';
import { openApiDocument, type Json } from './openapi.ts';
import { openApiFile, openApiText } from './write-openapi.ts';

type Group = { [key: string]: any };
const document: Group = openApiDocument();
const all: Group[] = Object.entries<Group>(document['paths']).flatMap(([path, item]) =>
  Object.entries<Group>(item).map(([method, operation]) => ({ path, method, ...operation })),
);

test('docs/openapi.json is what the routes make of it (else: npm run gen)', async () => {
  expect(await readFile(openApiFile, 'utf8')).toBe(openApiText());
});

test('every operation and stream is there once, with its id, method and path', () => {
  const found = all.map(({ operationId, method, path }) => `${operationId}: ${method.toUpperCase()} ${path}`);
  const expected = [
    ...Object.entries(operations).map(([id, [method, path]]) => `${id}: ${method} ${path}`),
    ...Object.entries(streamPaths).map(([id, path]) => `${id}: ${id === 'upload' ? 'PUT' : 'GET'} ${path}`),
  ].map((line) => line.replaceAll(/:(\w+)/g, '{$1}'));
  expect(found).toHaveLength(expected.length);
  expect(new Set(found)).toEqual(new Set(expected));
});

describe('as OpenAPI 3.1 wants it', () => {
  test('the root', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String) },
    });
    const known = ['openapi', 'info', 'servers', 'security', 'paths', 'components'];
    expect(Object.keys(document).filter((key) => !known.includes(key))).toEqual([]);
    for (const requirement of document['security']) {
      expect(Object.keys(document['components'].securitySchemes)).toEqual(
        expect.arrayContaining(Object.keys(requirement)),
      );
    }
  });

  test('every operation', () => {
    for (const operation of all) {
      const known = ['path', 'method', 'operationId', 'summary', 'parameters', 'requestBody', 'responses'];
      expect(Object.keys(operation).filter((key) => !known.includes(key))).toEqual([]);
      expect(operation['path']).toMatch(/^\//);
      expect(operation['summary']).not.toBe('');
      const inPath = operation['parameters'].filter((parameter: Group) => parameter['in'] === 'path');
      const templates = [...operation['path'].matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(inPath.map((parameter: Group) => parameter['name'])).toEqual(templates);
      for (const parameter of operation['parameters']) {
        expect(['path', 'query', 'header']).toContain(parameter.in);
        expect(parameter.schema).toBeTypeOf('object');
        if (parameter.in === 'path') expect(parameter.required).toBe(true);
      }
      if (operation['method'] === 'get') expect(operation['requestBody']).toBeUndefined();
      expect(Object.keys(operation['responses'])).toEqual([expect.stringMatching(/^(200|101)$/), 'default']);
      expect(operation['responses'].default).toEqual({ $ref: '#/components/responses/Failure' });
      for (const response of Object.values<Group>(operation['responses'])) {
        expect('$ref' in response || typeof response['description'] === 'string').toBe(true);
      }
    }
  });

  test('every reference leads somewhere, and every named shape is used', () => {
    const used = new Set<string>();
    walk(document, (node) => {
      const reference = node['$ref'];
      if (typeof reference !== 'string') return;
      used.add(reference);
      const target = reference
        .slice(2)
        .split('/')
        .reduce<any>((at, key) => at?.[key], document);
      expect([reference, typeof target]).toEqual([reference, 'object']);
    });
    const named = Object.keys(document['components'].schemas).map((name) => `#/components/schemas/${name}`);
    expect(named.filter((name) => !used.has(name))).toEqual([]);
    expect(named).toEqual(
      expect.arrayContaining(['#/components/schemas/Machine', '#/components/schemas/ErrorReport']),
    );
    for (const name of Object.keys(document['components'].schemas)) expect(name).toMatch(/^[\w.-]+$/);
  });

  test('every schema is JSON Schema 2020-12', () => {
    const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];
    let seen = 0;
    walk(document['components'] as Json, (node) => {
      if (typeof node['type'] !== 'string' || 'in' in node || 'scheme' in node) return;
      seen += 1;
      expect(types).toContain(node['type']);
      // 3.0 words that 3.1 dropped.
      for (const old of ['nullable', 'example']) expect(node).not.toHaveProperty(old);
      for (const bound of ['exclusiveMinimum', 'exclusiveMaximum'])
        expect(node[bound]).not.toBeTypeOf('boolean');
      if (node['required'] !== undefined) {
        const properties = Object.keys((node['properties'] ?? {}) as Group);
        expect(properties).toEqual(expect.arrayContaining(node['required'] as string[]));
      }
      if (node['type'] === 'array') expect(node['items']).toBeTypeOf('object');
      if (node['pattern'] !== undefined)
        expect(() => new RegExp(node['pattern'] as string, 'u')).not.toThrow();
    });
    expect(seen).toBeGreaterThan(100);
  });

  test('what has a default need not be sent', () => {
    const stop = document['paths']['/machines/{ref}/stop'].post.requestBody;
    expect(stop.required).toBe(false);
    expect(stop.content['application/json'].schema).toMatchObject({
      required: [],
      additionalProperties: false,
    });
    const logs = document['paths']['/machines/{ref}/logs'].get.parameters as Group[];
    expect(logs.map(({ name, required }) => [name, required])).toEqual([
      ['ref', true],
      ['source', false],
      ['lines', false],
    ]);
  });
});

function walk(node: Json, visit: (node: { [key: string]: Json }) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

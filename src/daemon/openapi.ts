// SPDX-License-Identifier: Apache-2.0
//
// The description of the API, made from the same table that the service routes by. We write it ourselves
// rather than let a plugin of Fastify collect it from its routes: the schemas are OpenAPI 3.1 already, and so
// the document has names for them, the streams, and what the service really checks.
import type { TSchema } from '../contract/schema.ts';
import { routes, streams, type Route } from '../contract/api.ts';
import { ErrorReportSchema } from '../contract/error-report.ts';
import { PhyllomeEvent } from '../contract/event.ts';
import { Image } from '../contract/image.ts';
import { LoadReport } from '../contract/load.ts';
import { apiPrefix } from '../contract/operations.ts';
import {
  displayQuery,
  eventsQuery,
  imageParams,
  machineParams,
  serialQuery,
  snapshotParams,
} from './stream-parameters.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Group = Record<string, Json>;

/** The whole document. It changes with the API and not with the version of the program. */
export function openApiDocument(): Group {
  const components: Group = {};
  const shape = (schema: TSchema): Json => nameShapes(plain(schema), components);
  const failed: Group = { default: { $ref: '#/components/responses/Failure' } };
  const failure = reply('Any failure, see docs/errors.md', 'application/json', shape(ErrorReportSchema));

  const paths: Record<string, Group> = {};
  const add = (method: string, path: string, operation: Group): void => {
    const address = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[address] = { ...paths[address], [method.toLowerCase()]: operation };
  };

  for (const [operationId, route] of Object.entries(routes) as [string, Route][]) {
    add(route.method, route.path, {
      operationId,
      summary: route.summary,
      parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
      ...(route.body !== null && { requestBody: requestBody(shape(route.body)) }),
      responses: { 200: reply('Done', 'application/json', shape(route.reply)), ...failed },
    });
  }

  const image = { ...reply('The screen', 'image/png', {}), description: 'The screen' };
  const feed = reply('Events, one a message, as JSON in "data"', 'text/event-stream', shape(PhyllomeEvent));
  const socket = { description: 'Now a WebSocket with binary messages' };
  const addStream = (id: keyof typeof streams, accepts: Json[], responses: Group, body?: Group): void => {
    const { path, summary } = streams[id];
    add(body === undefined ? 'GET' : 'PUT', path, {
      operationId: id,
      summary,
      parameters: accepts,
      ...(body !== undefined && { requestBody: body }),
      responses: { ...responses, ...failed },
    });
  };
  const machine = parameters(machineParams, 'path');
  addStream('screenshot', machine, { 200: image });
  addStream('snapshotPicture', parameters(snapshotParams, 'path'), { 200: image });
  const upload = { 200: reply('It is in the library', 'application/json', shape(Image)) };
  addStream('upload', parameters(imageParams, 'path'), upload, {
    required: true,
    content: { 'application/octet-stream': {} },
  });
  const load = reply(
    'What machines do, one a message, as JSON in "data"',
    'text/event-stream',
    shape(LoadReport),
  );
  addStream('load', [], { 200: load });
  addStream('events', [...parameters(eventsQuery, 'query'), lastEventIdHeader], { 200: feed });
  addStream('serial', [...machine, ...parameters(serialQuery, 'query')], { 101: socket });
  addStream('display', [...machine, ...parameters(displayQuery, 'query')], { 101: socket });

  return {
    openapi: '3.1.0',
    info: {
      title: 'Phyllome OS',
      version: '1',
      description:
        'The API of the Phyllome service. On its unix socket nobody is asked for a token; over TCP every request carries the token of the file "token" in the state folder, or the cookie that a link of "phyllome open" sets. Bodies hold no other keys than the ones named here.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: apiPrefix }],
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: { Failure: failure },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'phyllome-7411',
          description: 'The number is the port',
        },
      },
    },
  };
}

const lastEventIdHeader: Group = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Id of the last event you know; the stream continues after it, or begins with events.lost',
  schema: { type: 'integer' },
};

function parameters(schema: TSchema, place: 'path' | 'query'): Group[] {
  const { properties = {}, required = [] } = plain(schema) as {
    properties?: Record<string, Group>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name) && rest['default'] === undefined,
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

// Whoever sends a request may leave out what has a default; whoever gets a reply finds it there.
function requestBody(schema: Json): Group {
  const {
    properties = {},
    required = [],
    ...rest
  } = schema as { properties?: Record<string, Group>; required?: string[] };
  const needed = required.filter((key) => properties[key]?.['default'] === undefined);
  const isReference = Object.keys(properties).length === 0;
  const shape = isReference ? schema : { ...rest, properties, required: needed };
  return { required: isReference || needed.length > 0, content: { 'application/json': { schema: shape } } };
}

function reply(description: string, type: string, schema: Json): Group {
  return { description, content: { [type]: { schema } } };
}

// TypeBox keeps notes of its own in schemas, which JSON leaves out.
function plain(schema: TSchema): Group {
  return JSON.parse(JSON.stringify(schema)) as Group;
}

/** Moves every schema that has a title to `components` and leaves a reference in its place. */
function nameShapes(schema: Json, components: Group): Json {
  if (Array.isArray(schema)) return schema.map((item) => nameShapes(item, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, nameShapes(value, components)]),
  );
  const { title, ...named } = inner;
  if (typeof title !== 'string') return inner;
  components[title] = named;
  return { $ref: `#/components/schemas/${title}` };
}

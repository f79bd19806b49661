// SPDX-License-Identifier: Apache-2.0
import type { Body, OperationId, Params, Query, Reply } from '../../contract/api.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import { apiPrefix, operations, streamPaths } from '../../contract/operations.ts';

/** What the service said no with, or that it could not be reached. The report is for people. */
export class ServiceError extends Error {
  readonly report: ErrorReport;
  /** HTTP status; 0 when there was no answer */
  readonly status: number;

  constructor(report: ErrorReport, status: number) {
    super(report.message);
    this.report = report;
    this.status = status;
  }
}

type Given<Part> = object extends Part ? Partial<Part> : Part;
type Options<Id extends OperationId> = (keyof Params<Id> extends never
  ? { params?: never }
  : { params: Params<Id> }) &
  (keyof Query<Id> extends never ? { query?: never } : { query?: Partial<Given<Query<Id>>> }) &
  (Body<Id> extends undefined ? { body?: never } : { body: DefaultsLeftOut<Body<Id>> }) & {
    signal?: AbortSignal;
  };
// stopMachine's values have defaults, which the types cannot show.
type DefaultsLeftOut<B> = B extends { force: boolean } ? Partial<B> : B;

/**
 * Calls one operation of contract/api.ts.
 * @throws ServiceError
 */
export async function call<Id extends OperationId>(
  id: Id,
  ...[options = {} as Options<Id>]: object extends Options<Id> ? [Options<Id>?] : [Options<Id>]
): Promise<Reply<Id>> {
  const [method, path] = operations[id];
  const { params, query, body, signal } = options as {
    params?: Record<string, string>;
    query?: Record<string, string | number>;
    body?: unknown;
    signal?: AbortSignal;
  };
  const response = await reach(apiPath(path, params, query), {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    ...(signal !== undefined && { signal }),
  });
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as Reply<Id>;
}

/** The address of a path of contract/operations.ts with its parameters filled in. */
export function apiPath(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, string | number> = {},
): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return apiPrefix + filled + (search.size > 0 ? `?${search.toString()}` : '');
}

/** The address of one of the two WebSockets of a machine. */
export function webSocketUrl(
  stream: 'serial' | 'display',
  machineId: string,
  query: Record<string, number> = {},
) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}${apiPath(streamPaths[stream], { ref: machineId }, query)}`;
}

/** The error an answer stands for; answers that do not come from the service are told apart. */
export async function failureOf(response: Response): Promise<ServiceError> {
  const text = await response.text();
  try {
    return new ServiceError(JSON.parse(text) as ErrorReport, response.status);
  } catch {
    const report = {
      code: 'internal-error',
      message: text.slice(0, 200),
      hint: '',
      facts: { reason: text.slice(0, 200) },
    };
    return new ServiceError(report, response.status);
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
}

/** The page cannot know where the socket of the service is, so this one is worded by the page itself. */
export function unreachable(): ServiceError {
  return new ServiceError({ code: 'page-unreachable', message: '', hint: '', facts: {} }, 0);
}

// SPDX-License-Identifier: Apache-2.0
//
// How an error leaves the service: always the status of the catalogue, always an ErrorReport as JSON.
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PhyllomeError } from '../contract/errors.ts';
import { STATUS_CODES } from './http.ts';
import { securityHeaders } from './security-headers.ts';

/** The largest body a request may have (bytes); the largest we expect is a definition of 256 KiB. */
export const bodyLimit = 2 ** 20;

export const badEncoding = 'a "%" in its address does not begin the code of a character';

// What Fastify and Node find wrong with a request, in our words.
const reasons: Record<string, string> = {
  FST_ERR_BAD_URL: badEncoding,
  FST_ERR_CTP_BODY_TOO_LARGE: `its body is larger than ${bodyLimit / 2 ** 20} MiB`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'its body must be sent as application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'it announces JSON, but its body is empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'its body is not valid JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'its body is not as long as it announces',
  HPE_HEADER_OVERFLOW: 'its headers are larger than 16 KiB',
};

/** Anything thrown while a request was handled as an error of the catalogue. */
export function failureOf(thrown: unknown): PhyllomeError {
  if (thrown instanceof PhyllomeError || !(thrown instanceof Error)) return PhyllomeError.from(thrown);
  const { statusCode = 500 } = thrown as Error & { statusCode?: number };
  return statusCode >= 400 && statusCode < 500 ? badRequest(thrown) : PhyllomeError.from(thrown);
}

/** What Fastify or Node threw because of the request itself. */
export function badRequest(thrown: Error): PhyllomeError {
  const known = reasons[(thrown as NodeJS.ErrnoException).code ?? ''];
  return new PhyllomeError(
    'bad-request',
    { reason: known ?? thrown.message.replace(/\.$/, '') },
    { cause: thrown },
  );
}

/** Refuses a request before or beside Fastify. */
export function sendFailure(response: ServerResponse, failure: PhyllomeError): void {
  const body = JSON.stringify(failure.report());
  response.writeHead(failure.status, { ...failureHeaders(body), connection: 'close' }).end(body);
}

/** Refuses on a bare connection: a WebSocket handshake, or something that is not HTTP at all. */
export function writeFailure(socket: Duplex, failure: PhyllomeError): void {
  if (!socket.writable) return;
  const body = JSON.stringify(failure.report());
  const headers = Object.entries({ ...securityHeaders, ...failureHeaders(body), connection: 'close' });
  const head = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  // Ends both directions when it is sent, whatever else the other side still has to say.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function failureHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  };
}

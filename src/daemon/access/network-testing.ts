// SPDX-License-Identifier: Apache-2.0
//
// A service whose page is on the network, and a browser on another device, for the tests.
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { apiPrefix } from '../../contract/operations.ts';
import type { Engine } from '../../engine/engine.ts';
import { accessText, noAccess } from '../../host/access/access-file.ts';
import { hashPassword, leastCost } from '../../host/access/password.ts';
import { serve, type Question, type TestServer } from '../testing.ts';

export const password = 'correct horse battery';

interface NetworkAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface NetworkServer extends AsyncDisposable {
  server: TestServer;
  port: number;
  /** Asks over TLS */
  away(path: string, question?: Question): Promise<NetworkAnswer>;
  /** Sends the form of the sign-in page */
  form(given: string, headers?: Record<string, string>): Promise<NetworkAnswer>;
  /** Signs a browser in. @returns its cookie */
  signIn(): Promise<string>;
}

/** A password is set, cheap to check; the page is on the network unless `on` is false. */
export async function serveOnNetwork(functions: Partial<Engine> = {}, on = true): Promise<NetworkServer> {
  const server = await serve(functions);
  const settings = { ...noAccess, password: await hashPassword(password, leastCost) };
  writeFileSync(join(dirname(dirname(server.socketPath)), 'access.json'), accessText(settings), {
    mode: 0o600,
  });
  const port = await freePort();
  if (on) {
    const body = { on: true, port };
    const answer = await server.local(`${apiPrefix}/access/network`, { method: 'PUT', body });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  const away = (path: string, question: Question = {}): Promise<NetworkAnswer> => ask(port, path, question);
  const form = (given: string, headers: Record<string, string> = {}): Promise<NetworkAnswer> =>
    away('/sign-in', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: `https://localhost:${port}`,
        ...headers,
      },
      body: new URLSearchParams({ username: 'phyllome', password: given }).toString(),
    });
  return {
    server,
    port,
    away,
    form,
    async signIn() {
      const { headers } = await form(password);
      return (headers['set-cookie']?.[0] ?? '').split(';', 1)[0] as string;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Question,
): Promise<NetworkAnswer> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = content === undefined ? {} : { 'content-type': 'application/json' };
  const target = { host: '127.0.0.1', port, path, method, agent: false, rejectUnauthorized: false };
  const reply = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const usual = { host: `localhost:${port}`, ...type, ...headers };
    const asked = request({ ...target, headers: usual }, resolve);
    asked.once('error', reject);
    asked.end(content);
  });
  return { status: reply.statusCode ?? 0, headers: reply.headers, text: await text(reply) };
}

// SPDX-License-Identifier: Apache-2.0
import type { LoadReport } from '../../contract/load.ts';
import { streamPaths } from '../../contract/operations.ts';
import { address, unreachable, type Client } from './client.ts';
import type { Paths } from '../../contract/paths.ts';
import { createSseReader } from './sse.ts';

/**
 * What machines do, as the service says it: one report at once, then one every two seconds while machines run.
 * @throws PhyllomeError `service-unreachable`, also when the service ends meanwhile
 */
export async function* loadReports(client: Client, paths: Paths): AsyncGenerator<LoadReport> {
  const reply = await client.open(address(streamPaths.load), { accept: 'text/event-stream' });
  const next = createSseReader();
  reply.setEncoding('utf8');
  try {
    for await (const piece of reply as AsyncIterable<string>) {
      for (const message of next(piece)) yield JSON.parse(message.data) as LoadReport;
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
  } finally {
    reply.destroy();
  }
  throw unreachable(paths);
}

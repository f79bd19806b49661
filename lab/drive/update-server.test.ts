// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveUpdates } from './update-server.ts';

test('serves files, parts of them, and nothing outside of its folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  await writeFile(join(folder, 'SHA256SUMS'), '0123456789');
  {
    await using server = await serveUpdates(folder);
    expect(server.url).toMatch(/^http:\/\/10\.0\.2\.2:\d+\/$/);
    const here = server.url.replace('10.0.2.2', '127.0.0.1');
    expect(await (await fetch(`${here}SHA256SUMS`)).text()).toBe('0123456789');
    const rest = await fetch(`${here}SHA256SUMS`, { headers: { range: 'bytes=4-' } });
    expect([rest.status, await rest.text()]).toEqual([206, '456789']);
    expect((await fetch(`${here}missing`)).status).toBe(404);
    expect((await fetch(`${here}..%2f..%2fetc/hostname`)).status).toBe(404);
    expect(server.asked).toContain('missing');
  }
  await rm(folder, { recursive: true });
});

test('sends no faster than it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  await writeFile(join(folder, 'part'), Buffer.alloc(300_000));
  {
    await using server = await serveUpdates(folder, 1_000_000);
    const began = performance.now();
    const answer = await fetch(`${server.url.replace('10.0.2.2', '127.0.0.1')}part`);
    expect((await answer.arrayBuffer()).byteLength).toBe(300_000);
    expect(performance.now() - began).toBeGreaterThan(250);
  }
  await rm(folder, { recursive: true });
});

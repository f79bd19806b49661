// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { runTool, ToolFailed } from './tool.ts';

const options = { purpose: 'testing', install: 'nothing', signal: undefined };
const script = (text: string): [string, string[]] => [process.execPath, ['-e', text]];

describe('runTool', () => {
  test('returns what the tool prints, and its status lines', async () => {
    const lines: string[] = [];
    const text =
      "require('fs').writeSync(3, 'one\\ntw'); require('fs').writeSync(3, 'o\\n'); console.log('out')";
    const output = await runTool(...script(text), { ...options, onStatus: (line) => lines.push(line) });
    expect(output).toBe('out\n');
    expect(lines).toEqual(['one', 'two']);
  });

  test('repeats the error apt gave, not its warnings and summary', async () => {
    const text =
      "console.error('W: old\\nE: Failed to fetch x\\nE: Some index files failed to download.'); process.exit(100)";
    const error = await runTool(...script(text), options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ToolFailed);
    expect((error as Error).message).toMatch(/ended with code 100: Failed to fetch x$/);
  });

  test('names a tool that is missing', async () => {
    await expect(runTool('/nonexistent/apt-get', [], options)).rejects.toMatchObject({
      code: 'tool-missing',
      facts: { tool: '/nonexistent/apt-get', purpose: 'testing' },
    });
  });

  test('an abort ends the tool, and the reason is what is thrown', async () => {
    const controller = new AbortController();
    const running = runTool(...script("require('fs').writeSync(3, 'up\\n'); setInterval(() => {}, 1000)"), {
      ...options,
      signal: controller.signal,
      onStatus: () => controller.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
  });

  test('an abort before the start', async () => {
    await expect(
      runTool(...script(''), { ...options, signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow('no');
  });
});

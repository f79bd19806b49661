// SPDX-License-Identifier: Apache-2.0
//
// What root does for the service on Phyllome OS: one request a connection, one line of JSON; then lines of progress, and one
// with the result or the error. systemd lets nobody but the service connect (phyllome-root.socket).
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { PhyllomeError } from '../../contract/errors.ts';
import { osVerbNames, type OsAnswer, type OsVerbName } from '../../contract/os.ts';
import { completeValue, problemText } from '../../contract/validate.ts';
import { lockFile, lockHolder } from '../../host/lock.ts';
import type { Verb, VerbContext } from './verb.ts';
import { verbs } from './verbs.ts';

// Answers of an installation are the longest; nothing that long is meant well (characters).
const longestRequest = 2 ** 20;

export interface OsProgram {
  input: Readable;
  output: Writable;
  /** "/" outside of tests */
  root: string;
  known?: Readonly<Partial<Record<OsVerbName, () => Promise<Verb>>>>;
}

/** Answers one request. Never throws: failures are answers, too. */
export async function osProgram({ input, output, root, known = verbs }: OsProgram): Promise<void> {
  const hungUp = new AbortController();
  const tell = (answer: OsAnswer): void => void output.write(`${JSON.stringify(answer)}\n`);
  output.on('error', () => hungUp.abort());
  try {
    const line = await firstLine(input, () => hungUp.abort());
    const { verb, request } = await readRequest(line, known);
    await using _ = verb.exclusive ? await takeTurn(root) : null;
    // Whoever asked may be gone before anything began.
    hungUp.signal.throwIfAborted();
    const context: VerbContext = { root, signal: hungUp.signal, progress: (progress) => tell({ progress }) };
    tell({ result: (await verb.run(request as never, context)) ?? null });
  } catch (error) {
    tell({ error: PhyllomeError.from(error).report() });
  }
  await new Promise((resolve) => output.end(resolve));
}

function firstLine(input: Readable, onEnd: () => void): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const lines = createInterface({ input });
  let length = 0;
  input.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= longestRequest) return;
    reject(new PhyllomeError('bad-request', { reason: 'the request is too long' }));
    input.destroy();
  });
  lines.once('line', resolve);
  lines.once('close', () => {
    reject(new PhyllomeError('bad-request', { reason: 'there was no request' }));
    onEnd();
  });
  return promise;
}

async function readRequest(
  line: string,
  known: NonNullable<OsProgram['known']>,
): Promise<{ verb: Verb; request: unknown }> {
  let parsed: { verb?: unknown; request?: unknown } | null;
  try {
    parsed = JSON.parse(line) as typeof parsed;
  } catch {
    throw refuse('it is not JSON');
  }
  const name = osVerbNames.find((one) => one === parsed?.verb);
  const load = name === undefined ? undefined : known[name];
  if (load === undefined) throw refuse('root knows no such verb');
  const verb = await load();
  const { value, problems } = completeValue(verb.request, parsed?.request ?? {});
  if (problems.length > 0) throw refuse(problems.map(problemText).join('; '));
  return { verb, request: value };
}

const refuse = (reason: string): PhyllomeError => new PhyllomeError('bad-request', { reason });

async function takeTurn(root: string): Promise<AsyncDisposable> {
  await mkdir(join(root, 'run'), { recursive: true });
  const path = join(root, 'run/phyllome-root.lock');
  const lock = await lockFile(path);
  if (lock === null) throw new PhyllomeError('os-busy', { pid: await lockHolder(path) });
  return lock;
}

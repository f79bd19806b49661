// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from '../../contract/schema.ts';
import { spawn } from 'node:child_process';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Architecture } from '../../contract/machine.ts';
import { boards } from './board.ts';
import { isRecord, openQmp, type Qmp } from './qmp.ts';
import { atLeast } from '../version.ts';

/** What a QEMU binary says about itself, cut down to what we ask of it. */
export const BinaryAnswers = Type.Object({
  version: Type.String(),
  /** Our board under the full name of its newest version */
  machine: Type.Optional(Type.Object({ name: Type.String(), maxVcpus: Type.Integer() })),
  /** Names of every device it can make, processors included */
  devices: Type.Array(Type.String()),
  /** Kinds of network backends */
  netdevs: Type.Array(Type.String()),
  /** Kinds of character devices */
  chardevs: Type.Array(Type.String()),
  /** Kinds of objects: memory backends, guests with encrypted memory */
  objects: Type.Array(Type.String()),
  /** It has the board without PCI */
  microvm: Type.Boolean(),
  vnc: Type.Boolean(),
  /** Built with seccomp */
  sandbox: Type.Boolean(),
});
export type BinaryAnswers = Static<typeof BinaryAnswers>;

/** The oldest QEMU whose options we know: netdev "stream" and working JSON -device came with it. */
const oldestVersion = '7.2';

/**
 * Starts the binary without any machine and asks it. Takes about 0.1 s.
 * @throws PhyllomeError `vmm-too-old`, `vmm-probe-failed`
 */
export async function askBinary(binary: string, architecture: Architecture): Promise<BinaryAnswers> {
  const child = spawn(
    binary,
    ['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-S', '-qmp', 'stdio'],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 2000)));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  let answers: BinaryAnswers;
  try {
    const streams = { input: child.stdout, output: child.stdin };
    const qmp = await Promise.race([openQmp(streams, { name: 'the test of QEMU' }), failed]);
    answers = await questions(qmp, boards[architecture]);
    await qmp.execute('quit').catch(() => {});
  } catch (error) {
    throw new PhyllomeError(
      'vmm-probe-failed',
      { binary, reason: said.trim() || reasonOf(error) },
      { cause: error },
    );
  } finally {
    child.kill('SIGKILL');
  }
  const found = answers.version;
  if (!atLeast(found, oldestVersion))
    throw new PhyllomeError('vmm-too-old', { binary, found, needed: oldestVersion });
  return answers;
}

async function questions(qmp: Qmp, board: string): Promise<BinaryAnswers> {
  const schema = list(await qmp.execute('query-qmp-schema'));
  const options = list(await qmp.execute('query-command-line-options'));
  const machines = list(await qmp.execute('query-machines'));
  const devices = list(await qmp.execute('qom-list-types', { implements: 'device', abstract: false }));
  return {
    version: readVersion(await qmp.execute('query-version')),
    ...readMachine(machines, board),
    microvm: machines.some((entry) => entry['name'] === 'microvm'),
    devices: devices.map((type) => String(type['name'])).toSorted(),
    netdevs: readKinds(schema, ['hubport', 'nic']),
    chardevs: readKinds(schema, ['ringbuf', 'pty']),
    objects: readKinds(schema, ['memory-backend-ram', 'rng-random']),
    vnc: schema.some((entry) => entry['name'] === 'query-vnc'),
    sandbox: options.some((entry) => entry['option'] === 'sandbox'),
  };
}

function readVersion(answer: unknown): string {
  const version = isRecord(answer) && isRecord(answer['qemu']) ? answer['qemu'] : {};
  return ['major', 'minor', 'micro'].map((part) => Number(version[part] ?? 0)).join('.');
}

function readMachine(
  machines: readonly Record<string, unknown>[],
  board: string,
): Pick<BinaryAnswers, 'machine'> {
  const machine = machines.find((entry) => entry['alias'] === board || entry['name'] === board);
  if (machine === undefined) return {};
  return { machine: { name: String(machine['name']), maxVcpus: Number(machine['cpu-max']) } };
}

// The schema hides the names of its types; this enumeration is the one with these values.
function readKinds(schema: readonly Record<string, unknown>[], telling: readonly string[]): string[] {
  for (const { values } of schema) {
    if (Array.isArray(values) && telling.every((value) => values.includes(value))) return values.map(String);
  }
  return [];
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

// SPDX-License-Identifier: Apache-2.0
//
// A running emulated PC, and everything one does to a PC from outside.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openQmp, type Qmp } from '../../src/vmm/qemu/qmp.ts';
import { openAgent, type Agent } from '../drive/agent.ts';
import { agentCredentials } from '../drive/agent-unit.ts';
import { patience } from '../drive/patience.ts';
import { followSerial, type SerialLog } from '../drive/serial-log.ts';
import { pcArguments, pcFiles } from './arguments.ts';
import { diskBackend, diskDevice } from './disk-arguments.ts';
import { emptyDisk } from './disks.ts';
import { makeFirmware } from './firmware.ts';
import type { LabDisk, PcSpec } from './pc-spec.ts';
import type { Tools } from './tools.ts';
import { startTpm } from './tpm.ts';

export interface Pc extends AsyncDisposable {
  folder: string;
  serial: SerialLog;
  agent: Agent;
  qmp: Qmp;
  /** Ports of 127.0.0.1 that lead to `spec.ports`, in their order */
  hostPorts: readonly number[];
  /** Keeps a picture (PNG) of what is on its screen */
  screenshot(file: string): Promise<void>;
  /** Types on its keyboard: names of keys as QEMU has them, those of one string at once ("ctrl-alt-delete") */
  press(...keys: readonly string[]): Promise<void>;
  /** Plugs in a USB stick */
  plug(disk: LabDisk): Promise<void>;
  unplug(disk: LabDisk): Promise<void>;
  /** The power button, and patience until the PC is off. @throws when it stays on */
  powerOff(seconds?: number): Promise<void>;
  /** Waits until it went off by itself */
  off(seconds: number): Promise<void>;
  /** The plug is pulled */
  powerCut(): Promise<void>;
}

export interface PcOptions {
  tools: Tools;
  spec: PcSpec;
  /** Its folder: firmware variables and TPM in it are kept, so the same folder is the same PC */
  folder: string;
  /** With Secure Boot: what the owner trusts (PEM) */
  certificate?: string | null;
}

/** Switches an emulated PC on. Disposing pulls its plug. */
export async function startPc({ tools, spec, folder, certificate = null }: PcOptions): Promise<Pc> {
  await mkdir(folder, { recursive: true });
  for (const name of [pcFiles.control, pcFiles.serial, pcFiles.agent, pcFiles.tpm])
    await rm(join(folder, name), { force: true });
  const vars = join(folder, 'vars.fd');
  const firmware = await makeFirmware(tools, spec.firmware, folder, certificate, existsSync(vars));
  if (spec.tpm) await startTpm(tools, folder);
  const hostPorts = await Promise.all(spec.ports.map(freePort));
  const spareStick = spec.spares ? await emptyDisk(join(folder, 'spare-stick.raw'), 64) : '';
  const withAgent = { ...spec, credentials: { ...agentCredentials(), ...spec.credentials } };
  const args = pcArguments(withAgent, { folder, firmware, hostPorts, spareStick });

  const log = await open(join(folder, pcFiles.log), 'a');
  const child = tools.start('qemu-system-x86_64', args, ['ignore', log.fd, log.fd]);
  await log.close();
  const ended = once(child, 'exit');
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const lookAtLog = async (): Promise<string> =>
    (await readFile(join(folder, pcFiles.log), 'utf8')).slice(-2000);
  const atOnce = async (cause?: unknown): Promise<Error> =>
    new Error(`QEMU ended at once: ${await lookAtLog()}`, { cause });
  while (!existsSync(join(folder, pcFiles.agent))) {
    if (gone()) throw await atOnce();
    await delay(50);
  }
  const control = connect(join(folder, pcFiles.control));
  await once(control, 'connect');
  const qmp = await openQmp({ input: control, output: control }, { name: 'lab', timeoutSeconds: 60 }).catch(
    async (error: unknown) => {
      throw await atOnce(error);
    },
  );
  const serial = await followSerial(join(folder, pcFiles.serialLog));
  const agent = await openAgent(join(folder, pcFiles.agent));

  const off = async (seconds: number): Promise<void> => {
    const deadline = new AbortController();
    const late = delay(patience(seconds), true, { signal: deadline.signal }).catch(() => false);
    if (!gone() && (await Promise.race([ended.then(() => false), late])))
      throw new Error(`still on after ${seconds} s; ${serial.lines().slice(-10).join('\n')}`);
    deadline.abort();
  };
  const powerCut = async (): Promise<void> => {
    if (!gone()) child.kill('SIGKILL');
    if (!gone()) await ended;
  };

  return {
    folder,
    serial,
    agent,
    qmp,
    hostPorts,
    screenshot: async (file) => void (await qmp.execute('screendump', { filename: file, format: 'png' })),
    async press(...keys) {
      for (const key of keys) {
        const together = key.split('-').map((data) => ({ type: 'qcode', data }));
        await qmp.execute('send-key', { keys: together });
        await delay(120);
      }
    },
    async plug(disk) {
      await qmp.execute('blockdev-add', diskBackend(disk) as Record<string, unknown>);
      await qmp.execute('device_add', diskDevice(disk));
    },
    async unplug({ id }) {
      await qmp.execute('device_del', { id });
      // USB lets go at once; the block layer hears of it a moment later.
      await delay(500);
      await qmp.execute('blockdev-del', { 'node-name': `disk-${id}` });
    },
    async powerOff(seconds = 120) {
      await qmp.execute('system_powerdown');
      await off(seconds);
    },
    off,
    powerCut,
    async [Symbol.asyncDispose]() {
      await powerCut();
      qmp.close();
      agent.close();
      await serial.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

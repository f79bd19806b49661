// SPDX-License-Identifier: Apache-2.0
//
// node main.ts: the rescue menu on this terminal. phyllome-rescue.service runs it.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { osTool } from '../os-tool.ts';
import { rollback } from '../rollback.ts';
import { askForReset, hindrance } from '../system/factory-reset.ts';
import { trustedPath } from '../../run-tool.ts';
import { rescueMenu, type RescueActions, type RescueTerminal } from './menu.ts';
import { checkState, isOwner, onTerminal } from './state.ts';

process.env['PATH'] = trustedPath;
const root = '/';
const { signal } = new AbortController();

/** A reader for each question: between them the terminal belongs to the programs that we run. */
async function ask(question: string, shown: boolean): Promise<string | null> {
  process.stdout.write(question);
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  const reader = createInterface({
    input: process.stdin,
    output: shown ? process.stdout : nowhere,
    terminal: true,
  });
  try {
    const gone = new Promise<null>((resolve) => reader.once('close', () => resolve(null)));
    return await Promise.race([reader.question(shown ? question : ''), gone]);
  } finally {
    reader.close();
    process.stdin.resume();
    if (!shown) process.stdout.write('\n');
  }
}

const terminal: RescueTerminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  ask: (question) => ask(question, true),
  askSecret: (question) => ask(question, false),
};

const systemctl = async (verb: string): Promise<void> => {
  await osTool(root, ['/usr/bin/systemctl', '--no-block', verb], { signal });
};

const actions: RescueActions = {
  checkFileSystem: () => checkState(root, signal),
  async rollBack() {
    const { to } = (await rollback.run({}, { root, signal, progress: () => {} })) as { to: string };
    return to;
  },
  async factoryReset() {
    const reason = await hindrance(root, signal);
    if (reason !== null && !reason.startsWith('no partition')) throw new Error(reason);
    await askForReset(root);
    await systemctl('reboot');
  },
  isOwner: (password) => isOwner(root, signal, password),
  shell: () =>
    onTerminal(
      root,
      ['/bin/sh', '-l'],
      Array.from({ length: 256 }, (_, code) => code),
    ),
  restart: () => systemctl('reboot'),
  powerOff: () => systemctl('poweroff'),
};

await rescueMenu(terminal, actions, wait);

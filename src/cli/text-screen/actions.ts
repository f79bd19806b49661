// SPDX-License-Identifier: Apache-2.0
//
// What the keys of the text screen do. Longer things are other commands of ours, run as programs of their own with the
// terminal to themselves.
import { spawn } from 'node:child_process';
import type { Context } from '../context.ts';
import { askSecret } from '../terminal/ask-secret.ts';
import { askForText, askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';

/** @returns what each key does @param program with its first arguments: how this command line is started */
export function screenActions(
  { client, output }: Pick<Context, 'client' | 'output'>,
  program: readonly string[],
): Readonly<Record<string, () => Promise<void>>> {
  const command = async (...words: string[]): Promise<void> => {
    const [file = '', ...first] = program;
    const child = spawn(file, [...first, ...words], { stdio: 'inherit' });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.once('error', reject);
    child.once('close', () => resolve());
    await promise;
  };

  async function password(): Promise<void> {
    output.say(
      'The password of the page: at least 10 characters. It is not shown; enter alone keeps things as they are.',
    );
    const first = await askSecret('Password');
    if (first === '') return;
    if ((await askSecret('The same once more')) !== first) {
      output.say('The two are not the same. Nothing was changed.');
      return wait();
    }
    await client.call('setPassword', { body: { password: first } });
    await client.call('setAccessNetwork', { body: { on: true } });
    output.say('Done. The page is on the network; its addresses are on the screen.');
    await wait();
  }

  async function network(): Promise<void> {
    await command('network');
    const { wifi } = await client.call('network');
    if (!wifi) return wait();
    output.say('Looking for wireless networks...');
    const found = await client.call('scanWifi');
    const joinable = found.filter(({ security }) => !['wep', 'enterprise'].includes(security));
    joinable.forEach(({ name, signal, security, connected }, index) =>
      output.say(`${index + 1}) ${plain(name)}  ${signal} %  ${security}${connected ? '  (connected)' : ''}`),
    );
    const chosen = joinable[Number(await askForText('Join which one (enter: none)? ')) - 1];
    if (chosen === undefined) return;
    const open = ['open', 'owe'].includes(chosen.security) || chosen.known !== null;
    const passphrase = open ? '' : await askSecret('Its password');
    await client.call('connectWifi', {
      body: { ssid: chosen.ssid, hidden: false, ...(passphrase !== '' && { passphrase }) },
    });
    await wait();
  }

  return {
    p: password,
    n: network,
    i: async () => {
      await command('os', 'install');
      await wait();
    },
    l: async () => {
      await command('logs', '--service', '--lines', '40');
      await wait();
    },
    r: async () => {
      if (await askYesNo('Restart this PC? Machines that run are saved and go on afterwards.'))
        await command('os', 'restart');
    },
    o: async () => {
      if (await askYesNo('Switch this PC off? Machines that run are saved.'))
        await command('os', 'power-off');
    },
  };
}

const wait = async (): Promise<void> => void (await askForText('Press enter to go back. '));

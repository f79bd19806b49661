// SPDX-License-Identifier: Apache-2.0
//
// "phyllome access": the password of the page, the page on the network, and the browsers that are signed in.
import { resolve } from 'node:path';
import type { AccessStatus, Session } from '../../contract/access.ts';
import type { Body } from '../../contract/api.ts';
import type { Context, Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { askSecret, canAsk, passphraseFromFile } from '../terminal/ask-secret.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { ageText, timeText } from '../terminal/words.ts';

export const access: Run = async ({ client, output, json }) => {
  const status = await client.call('accessStatus');
  if (json) output.json(status);
  else statusLines(status).forEach((line) => output.say(line));
};

export const accessPassword: Run = async (context, input) => {
  const { client, output, json } = context;
  const password = await newPassword(context, input);
  const status = await client.call('setPassword', { body: { password } });
  if (json) {
    output.json(status);
    return;
  }
  output.say('The password of the page is set. Browsers that signed in with an old one are signed out.');
  if (!status.network.on) output.note('To reach the page from other devices: phyllome access on');
};

export const accessOn: Run = async ({ client, output, json }, input) => {
  const status = await client.call('setAccessNetwork', { body: { on: true, ...networkOptions(input) } });
  if (json) output.json(status);
  else networkLines(status).forEach((line) => output.say(line));
};

export const accessOff: Run = async ({ client, output, json }) => {
  const status = await client.call('setAccessNetwork', { body: { on: false } });
  if (json) output.json(status);
  else output.say('Only this PC reaches the page.');
};

export const accessSessions: Run = async ({ client, output, json }) => {
  const { sessions } = await client.call('accessStatus');
  if (json) output.json(sessions);
  else sessionLines(sessions).forEach((line) => output.say(line));
};

export const accessSignOut: Run = async ({ client, output, json }, input) => {
  const session = input.argument('SESSION') || undefined;
  const all = input.flag('all');
  if (all === (session !== undefined))
    throw usageError('Give the id of a browser, or --all.', 'access sign-out');
  await client.call('signOut', { body: all ? { all } : { session: session as string } });
  if (json) output.json({});
  else output.say(all ? 'All browsers are signed out.' : 'That browser is signed out.');
};

export const accessLock: Run = async ({ client, output, json }, input) => {
  const session = input.argument('SESSION') || undefined;
  await client.call('lockSession', { body: session === undefined ? {} : { session } });
  if (json) output.json({});
  else output.say(session === undefined ? 'The browsers on this PC are locked.' : 'That browser is locked.');
};

async function newPassword(context: Context, input: Input): Promise<string> {
  const given = await passphraseFromFile(input, 'password-file');
  if (given !== undefined) return given;
  if (!canAsk(context))
    throw usageError(
      'Give --password-file FILE ("-" reads standard input): there is no terminal to ask on.',
      'access password',
    );
  for (;;) {
    const first = await askSecret('New password (it is not shown)');
    if ((await askSecret('The same once more')) === first) return first;
    context.output.warn('The two are not the same. Once more, please.');
  }
}

function networkOptions(input: Input): Omit<Body<'setAccessNetwork'>, 'on'> {
  const [certificate, key] = [input.text('certificate'), input.text('key')];
  const ours = input.flag('own-certificate');
  if ((certificate === undefined) !== (key === undefined))
    throw usageError('--certificate and --key belong together.', 'access on');
  if (ours && certificate !== undefined)
    throw usageError('--own-certificate and --certificate exclude each other.', 'access on');
  const port = input.number('port');
  const names = input.texts('name');
  return {
    ...(port !== undefined && { port }),
    ...(names.length > 0 && { names: names.filter((name) => name !== 'none') }),
    ...(ours && { certificate: null }),
    ...(certificate !== undefined &&
      key !== undefined && { certificate: { certificate: resolve(certificate), key: resolve(key) } }),
  };
}

/** Everything about it, in lines of plain words. */
function statusLines(status: AccessStatus): string[] {
  const { password, sessions } = status;
  return [
    password === null
      ? 'There is no password. Set one with: phyllome access password'
      : `The password was set on ${timeText(password.setAt)}.`,
    '',
    ...networkLines(status),
    '',
    ...sessionLines(sessions),
  ];
}

function networkLines({ network }: AccessStatus): string[] {
  const { on, listening, problem, addresses, certificate } = network;
  if (problem !== null) return [plain(problem.message), plain(problem.hint)];
  if (!on || !listening) return ['Only this PC reaches the page.'];
  return [
    'Other devices reach the page at:',
    ...addresses.map((address) => `  ${plain(address)}`),
    ...(certificate === null
      ? []
      : [
          certificate.own
            ? `With a certificate of yours, good until ${timeText(certificate.until)}. Its fingerprint (SHA-256):`
            : 'Browsers warn the first time, because this PC made its certificate itself. Compare its fingerprint (SHA-256):',
          `  ${certificate.fingerprint}`,
        ]),
  ];
}

function sessionLines(sessions: readonly Session[]): string[] {
  if (sessions.length === 0) return ['No browser is signed in.'];
  const columns = ['ID', 'BROWSER', 'FROM', 'SIGNED IN', 'SEEN', ''].map((title) => ({ title }));
  return textTable(
    columns,
    sessions.map(({ id, name, from, since, lastSeen, locked }) => [
      plain(id),
      plain(name === '' ? 'a program' : name),
      plain(from),
      timeText(since),
      ageText(lastSeen),
      locked ? 'locked' : '',
    ]),
  );
}

// SPDX-License-Identifier: Apache-2.0
//
// The questions of an installation on a terminal, one after the other; enter takes what stands in brackets.
import { sameName } from '../../contract/disk-name.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { EncryptionAnswer, InstallAnswers, InstallOffer, OsDisk } from '../../contract/os-install.ts';
import type { Context } from '../context.ts';
import { Interrupted } from '../failure.ts';
import { askSecret } from '../terminal/ask-secret.ts';
import { askForText, askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';
import { diskLines } from './os-disk-text.ts';

/** @throws Interrupted when nothing is to be installed */
export async function askAnswers({ client, output }: Context): Promise<InstallAnswers> {
  const offer = await client.call('osDisks');
  if (!offer.live) throw new PhyllomeError('install-not-live');
  const choices = offer.disks.filter(({ refused }) => refused === null);
  offer.disks.forEach((disk) => {
    const number = choices.indexOf(disk) + 1;
    output.say(number > 0 ? `${number})` : '-)');
    diskLines(disk, output).forEach((line) => output.say(`   ${line}`));
    output.say('');
  });
  const disk = await askDisk(choices);
  const hostname = await askFor(
    'Name of this PC in the network',
    'phyllome',
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  );
  const name = await askFor('Your user name', '', /^[a-z][a-z0-9_-]{0,30}$/);
  const password = await askNew('Your password, also that of the page (at least 10 characters)', 10);
  const keyboard = await askFor(
    'Keyboard (us, fr, de, ch(fr), ...)',
    'us',
    /^[a-z]{2,8}(\([a-z0-9_-]{1,32}\))?$/,
  );
  const timezone = await askFor('Time zone (Europe/Paris, ...)', 'UTC', /^[A-Za-z][\w+/-]*$/);
  const encryption = await askEncryption(offer);
  output.say('');
  output.say(eraseText(disk));
  const confirmation = await askForText(`Type the name of the disk, ${plain(disk.name)}, to erase it: `);
  if (!sameName(confirmation, disk.name)) throw new Interrupted('That is not its name. Nothing was changed.');
  return {
    disk: { id: disk.id, confirmation },
    hostname,
    user: { name, password },
    keyboard,
    timezone,
    locale: 'C.UTF-8',
    encryption,
    afterwards: 'nothing',
  };
}

async function askDisk(choices: readonly OsDisk[]): Promise<OsDisk> {
  if (choices.length === 0)
    throw new Interrupted(
      'There is no disk that this system could be installed on; the reasons stand above.',
    );
  for (;;) {
    const said = await askForText(`On which disk (1 to ${choices.length}; enter: none)? `);
    if (said === '') throw new Interrupted('Nothing was changed.');
    const disk = choices[Number(said) - 1];
    if (disk !== undefined) return disk;
  }
}

async function askFor(question: string, usual: string, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    const said = await askForText(`${question}${usual === '' ? '' : ` [${usual}]`}: `);
    const answer = said === '' ? usual : said;
    if (pattern.test(answer)) return answer;
  }
  throw new Interrupted('Nothing was changed.');
}

async function askNew(question: string, fewest: number): Promise<string> {
  for (;;) {
    const first = await askSecret(question);
    if (first.length >= fewest && (await askSecret('The same once more')) === first) return first;
    process.stderr.write(
      `Too short (${fewest} characters at least), or not the same twice. Once more, please.\n`,
    );
  }
}

async function askEncryption({ tpm }: InstallOffer): Promise<EncryptionAnswer> {
  process.stderr.write(
    [
      'Encryption:',
      '  1) none: whoever has the disk can read it',
      '  2) the machines: their folder is encrypted, the system around them is not',
      '  3) the whole disk: everything that this PC writes is encrypted',
      '',
    ].join('\n'),
  );
  const said = await askFor('Which', '1', /^[123]$/);
  const kind = said === '1' ? 'none' : said === '2' ? 'folder' : 'disk';
  if (kind === 'none') return { kind, tpm: false };
  const byTpm =
    tpm && (await askYesNo('Shall the TPM of this PC open it at each start, without a question?'));
  const wanted = !byTpm || (await askYesNo('Shall a passphrase open it, too?'));
  return {
    kind,
    tpm: byTpm,
    ...(wanted && {
      passphrase: await askNew('Passphrase (at least 8 characters; typed with a US keyboard)', 8),
    }),
  };
}

function eraseText({ path, size, partitions }: OsDisk): string {
  const systems = [...new Set(partitions.map(({ system }) => system))].filter((system) => system !== null);
  const what =
    systems.length === 0 ? 'All that is on it' : `${systems.join(', ')} and all else that is on it`;
  return `${what} will be erased for good: ${path}, ${sizeText(size)}, ${partitions.length} partitions.`;
}

// SPDX-License-Identifier: Apache-2.0
import type { FirmwareState, SecureBootCertificate } from '../../contract/catalog.ts';
import type { Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';

export const showFirmware: Run = async ({ client, output, json }, input) => {
  const state = await client.call('machineFirmware', { params: { ref: input.argument('NAME') } });
  if (json) output.json(state);
  else firmwareLines(state).forEach(output.say);
};

export const enrollFirmware: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  if (!input.flag('yes')) {
    if (!output.interactive || json)
      throw usageError(
        'A guest whose disk is bound to the TPM may ask for its recovery key afterwards. Without a terminal, --yes says that you have it.',
        'firmware enroll',
      );
    output.say(bitLocker);
    if (!(await askYesNo(`Enroll Microsoft's certificates of 2023 into ${plain(ref)}?`)))
      throw new Interrupted('Nothing was changed.');
  }
  const state = await client.call('enrolCertificates', { params: { ref } });
  if (json) return output.json(state);
  const who = state.microsoft2023 ? "Microsoft's certificates of 2023" : 'who a new machine trusts';
  output.say(`${plain(ref)} trusts ${who}. Nothing that it trusted was removed.`);
  state.warnings.forEach((warning) => output.say(plain(warning)));
};

const bitLocker =
  'If Windows in this machine encrypts its disk with BitLocker, it asks for its recovery key at the next start, because what the firmware trusts has changed; so may other encryption that is bound to the TPM. Have the key at hand, or suspend the protection from inside first, in Windows with: manage-bde -protectors -disable C: -RebootCount 1';

const words: Record<FirmwareState['secureBoot'], string> = {
  enforced: 'on: only signed boot loaders are started',
  off: 'off: any boot loader is started',
  'setup-mode': 'not set up: it trusts nobody yet, and starts any boot loader',
  unsupported: 'not possible',
  'not-started': 'on from the first start, which writes down what is trusted',
};
const types: Record<FirmwareState['type'], string> = {
  uefi: 'UEFI',
  bios: 'BIOS',
  none: 'none: its kernel is started directly',
};

const has = (is: boolean): string => (is ? 'enrolled' : 'not enrolled');

function firmwareLines(state: FirmwareState): string[] {
  const { type, secureBoot, certificates, microsoft2011, microsoft2023, warnings } = state;
  const listed = certificates.filter(({ validUntil }) => validUntil !== null);
  const hashes = certificates.length - listed.length;
  const lines = [
    `firmware     ${types[type]}`,
    `Secure Boot  ${words[secureBoot]}`,
    ...(certificates.length === 0
      ? []
      : [`Microsoft    2011: ${has(microsoft2011)}, 2023: ${has(microsoft2023)}`]),
    ...warnings.flatMap((warning) => ['', plain(warning)]),
  ];
  if (listed.length > 0) {
    const columns = [{ title: 'IN' }, { title: 'CERTIFICATE' }, { title: 'UNTIL' }, { title: 'ISSUED BY' }];
    lines.push('', ...textTable(columns, listed.map(row)));
  }
  if (hashes > 0)
    lines.push(
      '',
      `${hashes} ${hashes === 1 ? 'hash or other entry' : 'hashes and other entries'}, which --json lists.`,
    );
  return lines;
}

const row = ({ database, name, validUntil, issuer }: SecureBootCertificate): string[] => [
  database,
  plain(name),
  validUntil?.slice(0, 10) ?? '',
  plain(issuer),
];

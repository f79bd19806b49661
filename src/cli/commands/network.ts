// SPDX-License-Identifier: Apache-2.0
import {
  confirmSeconds,
  type NetworkStatus,
  type SetAddresses,
  type WifiNetwork,
} from '../../contract/network.ts';
import type { Task } from '../../contract/task.ts';
import type { Context, Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { askSecret, canAsk, passphraseFromFile } from '../terminal/ask-secret.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { networkLines, signalText } from './network-text.ts';

export const network: Run = async ({ client, output, json }) => {
  const status = await client.call('network');
  if (json) output.json(status);
  else networkLines(status, output).forEach(output.say);
};

export const wifi: Run = async ({ client, output, json }, input) => {
  const networks = await client.call(input.flag('scan') ? 'scanWifi' : 'listWifi');
  if (json) {
    output.json(networks);
    return;
  }
  if (networks.length === 0)
    output.say('No Wi-Fi network is heard. "phyllome network wifi --scan" listens anew.');
  else
    textTable(
      [{ title: 'NAME' }, { title: 'SIGNAL' }, { title: 'PROTECTION' }, { title: '' }],
      networks.map((one) => [plain(one.name), signalText(one.signal), one.security, noteOf(one)]),
    ).forEach(output.say);
};

const noteOf = ({ connected, known }: WifiNetwork): string =>
  connected ? 'connected' : known === null ? '' : 'remembered';

export const connect: Run = async (context, input) => {
  const { client, output, json } = context;
  const wanted = input.argument('NAME');
  const found = (await client.call('scanWifi')).find(({ ssid, name }) => name === wanted || ssid === wanted);
  const hidden = input.flag('hidden');
  if (found === undefined && !hidden)
    throw usageError(
      `No network "${plain(wanted)}" is heard. One that hides its name needs --hidden.`,
      'network connect',
    );
  const ssid = found?.ssid ?? Buffer.from(wanted, 'utf8').toString('hex');
  const passphrase = await passphraseFor(context, input, found);
  const body = { ssid, hidden: found === undefined, ...(passphrase !== undefined && { passphrase }) };
  const task = await followTask(
    context,
    () => client.call('connectWifi', { body }),
    'Stopped. The network is as it was before.',
  );
  if (json) output.json(task);
  else output.say(`Connected to ${plain(found?.name ?? wanted)}.`);
};

/** Asked for where one is wanted and none is remembered. */
async function passphraseFor(
  context: Context,
  input: Input,
  found: WifiNetwork | undefined,
): Promise<string | undefined> {
  const fromFile = await passphraseFromFile(input);
  if (fromFile !== undefined) return fromFile;
  const wants = found === undefined || found.security === 'wpa' || found.security === 'sae';
  if (!wants || found?.known != null || !canAsk(context)) return undefined;
  const typed = await askSecret(found === undefined ? 'Passphrase (empty: none)' : 'Passphrase');
  return typed === '' ? undefined : typed;
}

export const wired: Run = async (context, input) => {
  const name = input.argument('DEVICE');
  const address = input.text('address');
  if ((address === undefined) === !input.flag('dhcp'))
    throw usageError('Say either --dhcp or --address.', 'network wired');
  const gateway = input.text('gateway');
  const addresses: SetAddresses['addresses'] =
    address === undefined
      ? 'dhcp'
      : { address, nameservers: input.texts('dns'), ...(gateway !== undefined && { gateway }) };
  await onTrial(context, input, () =>
    context.client.call('setAddresses', { params: { name }, body: { addresses } }),
  );
};

export const bridge: Run = async (context, input) => {
  const name = input.argument('BRIDGE');
  const device = input.argument('DEVICE');
  const { client } = context;
  if (input.flag('remove') === (device !== ''))
    throw usageError('Say either a DEVICE to make the bridge over, or --remove.', 'network bridge');
  await onTrial(context, input, () =>
    device === ''
      ? client.call('removeBridge', { params: { name } })
      : client.call('makeBridge', { body: { name, device } }),
  );
};

/** Makes a change that is taken back unless somebody says that all is well. */
async function onTrial(context: Context, input: Input, change: () => Promise<Task>): Promise<void> {
  const { client, output, json } = context;
  const task = await followTask(context, change, 'Stopped. The network is as it was before.');
  const keep = input.flag('yes');
  let status: NetworkStatus;
  if (keep) status = await client.call('confirmNetwork');
  else {
    status = await client.call('network');
    if (canAsk(context)) {
      networkLines(status, output).forEach(output.say);
      const asked = `Keep it so? Without an answer it goes back in ${status.pending?.secondsLeft ?? confirmSeconds} s.`;
      status = await client.call((await askYesNo(asked)) ? 'confirmNetwork' : 'revertNetwork');
    }
  }
  if (json) output.json({ task, status });
  else networkLines(status, output).forEach(output.say);
}

export const forget: Run = async ({ client, output, json }, input) => {
  const wanted = input.argument('NAME');
  const { known } = await client.call('network');
  const fits = known.filter(({ id, name }) => name === wanted || id === wanted);
  const [found] = fits;
  if (found === undefined || fits.length > 1) {
    const names = known.map(({ name, id }) => `${plain(name)} (${id})`).join(', ');
    throw usageError(
      `${fits.length > 1 ? 'Several are' : 'None is'} remembered as "${plain(wanted)}": ${names}.`,
      'network forget',
    );
  }
  const status = await client.call('forgetNetwork', { params: { id: found.id } });
  if (json) output.json(status);
  else output.say(`${plain(found.name)} is forgotten.`);
};

export const confirm: Run = async ({ client, output, json }) => {
  const status = await client.call('confirmNetwork');
  if (json) output.json(status);
  else output.say('The network stays as it is now.');
};

export const revert: Run = async ({ client, output, json }) => {
  const status = await client.call('revertNetwork');
  if (json) output.json(status);
  else networkLines(status, output).forEach(output.say);
};

// SPDX-License-Identifier: Apache-2.0
import type { NetworkDevice, NetworkStatus } from '../../contract/network.ts';
import { plain, type Output } from '../terminal/output.ts';

const internet = {
  yes: 'The internet is reached.',
  portal: 'A page of the network wants something before the internet is reached.',
  limited: 'This network is reached, the internet is not.',
  no: 'Nothing is reached.',
  unknown: 'Whether the internet is reached is not known.',
} as const satisfies Record<NetworkStatus['internet'], string>;

/** Four steps, as telephones show it. */
export function signalText(percent: number): string {
  const bars = Math.min(4, Math.ceil(percent / 25));
  return `${'▂▄▆█'.slice(0, bars)}${'·'.repeat(4 - bars)} ${String(percent).padStart(3)} %`;
}

export function networkLines(status: NetworkStatus, output: Pick<Output, 'style'>): string[] {
  const { hostName, devices, known, pending } = status;
  return [
    `${output.style('bold', plain(hostName))}: ${internet[status.internet]}`,
    ...(devices.length === 0 ? ['  This PC has no network device.'] : []),
    ...devices.flatMap((device) => deviceLines(device, output)),
    ...(known.length === 0 ? [] : ['', `Remembered: ${known.map(({ name }) => plain(name)).join(', ')}`]),
    ...(pending === null
      ? []
      : [
          '',
          output.style(
            'yellow',
            `The last change is taken back in ${pending.secondsLeft} s unless it is confirmed:`,
          ),
          '  phyllome network confirm',
        ]),
  ];
}

function deviceLines(device: NetworkDevice, output: Pick<Output, 'style'>): string[] {
  const { name, kind, state, addresses, gateway, nameservers, bridge, ports, wifi, mac, speed } = device;
  const about = [
    wifi === null ? null : `${plain(wifi.name)} (${wifi.signal} %)`,
    bridge === null ? null : `port of ${plain(bridge)}`,
    ports.length === 0 ? null : `ports: ${ports.map(plain).join(', ')}`,
    speed === null ? null : `${speed} Mbit/s`,
    mac,
  ].filter((part) => part !== null);
  const where = [
    addresses.length === 0 ? null : addresses.join(', '),
    device.connection?.addresses === 'static' ? 'fixed' : null,
    gateway === null ? null : `by way of ${gateway}`,
    nameservers.length === 0 ? null : `names from ${nameservers.join(', ')}`,
  ].filter((part) => part !== null);
  return [
    '',
    `${output.style('bold', plain(name))}  ${kind}, ${output.style(state === 'connected' ? 'green' : 'dim', state)}`,
    ...[about.join(', '), where.join(', ')].filter((line) => line !== '').map((line) => `  ${line}`),
  ];
}

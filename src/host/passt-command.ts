// SPDX-License-Identifier: Apache-2.0
import type { Forward } from '../contract/machine.ts';

/** Guests ask their DNS questions here when passt can hand them on; the address podman uses for the same. */
const dnsAddress = '169.254.1.1';

/** A passt that works on this PC. */
export interface Passt {
  path: string;
  /** null: distributions build it without one */
  version: string | null;
  /** The long options its --help names */
  options: readonly string[];
  /** Whether we, and so passt, run as root */
  asRoot: boolean;
  /** DNS servers to tell guests, because they cannot reach those of /etc/resolv.conf; usually empty */
  nameservers: readonly string[];
}

/** What a passt is started for. */
export interface PasstPlan {
  /** Where the VMM will find it: a path of at most 107 bytes */
  socket: string;
  forwards: readonly Forward[];
  /** Speak vhost-user rather than QEMU's own protocol. A guest that begins anew comes back, so it waits for it */
  vhostUser?: boolean;
}

/**
 * The whole command of a passt that serves one NIC, stays in the foreground and ends with its VMM (with vhost-user: is ended
 * by the service). Pure.
 *
 * @param passt as `probePasst` found it: versions differ in their options
 */
export function passtCommand(passt: Passt, { socket, forwards, vhostUser = false }: PasstPlan): string[] {
  const optional = (option: string): string[] => (passt.options.includes(option) ? [option] : []);
  return [
    passt.path,
    '--foreground',
    vhostUser ? '--vhost-user' : '--one-off',
    '--socket',
    socket,
    // Old versions talk to the system's log only, once they have started.
    ...optional('--stderr'),
    // Without this, services that listen on 127.0.0.1 of this PC are open to the guest at the address of its gateway.
    '--no-map-gw',
    ...dnsArguments(passt),
    // As root, passt becomes "nobody" and then cannot make its socket in a folder of ours. It gives up all privileges
    // and the view of the file system in either case.
    ...(passt.asRoot ? ['--runas', '0:0'] : []),
    ...forwards.flatMap(({ protocol, hostAddress, hostPort, guestPort }) => [
      protocol === 'tcp' ? '--tcp-ports' : '--udp-ports',
      `${hostAddress}/${hostPort}:${guestPort}`,
    ]),
  ];
}

/** Came with passt 2024_11_27. */
export function speaksVhostUser({ options }: Pick<Passt, 'options'>): boolean {
  return options.includes('--vhost-user');
}

/** Which DNS servers guests are told, and who asks them. */
export function dnsArguments(passt: Pick<Passt, 'options' | 'nameservers'>): string[] {
  if (forwardsDns(passt)) return ['--dns-forward', dnsAddress];
  return passt.nameservers.flatMap((address) => ['--dns', address]);
}

/**
 * Can this passt ask the DNS server of this PC on behalf of guests? It often listens on 127.0.0.53, where no guest can
 * reach it. Versions that know --dns-host can; in older ones --dns-forward breaks all other DNS servers, so they are told
 * the server behind the local one instead.
 */
export function forwardsDns({ options }: Pick<Passt, 'options'>): boolean {
  return options.includes('--dns-host');
}

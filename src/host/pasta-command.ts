// SPDX-License-Identifier: Apache-2.0
//
// A network without privileges for a VMM that knows nothing but tap devices (Firecracker). pasta, passt's sister, makes a
// network namespace that it connects to the network by a tap of its own. In there, a bridge joins that tap with one for the
// guest, so the guest talks to pasta as if both were on one cable: pasta answers its DHCP, ARP and DNS. The VMM is then
// started in the namespace. Of our user namespaces, AppArmor lets only such programs make one (Ubuntu since 23.10).
import { join } from 'node:path';
import type { Forward } from '../contract/machine.ts';
import { dnsArguments, type Passt } from './passt-command.ts';

/** A pasta that works on this PC, and the programs it takes to use it. */
export interface Pasta extends Passt {
  tools: Record<'sh' | 'ip' | 'nsenter' | 'setpriv' | 'unshare', string>;
}

/** Name of the guest's tap inside the namespace. */
export const guestTap = 'nic0';
const pastaTap = 'pasta0';

const files = (run: string) => ({ pid: join(run, 'net.pid'), ready: join(run, 'net.ready') });

/** Appears when the network can be used. */
export const networkReady = (run: string): string => files(run).ready;

// These texts are constant. Whatever differs comes as an argument, which the shell does not interpret.

// $1 a file that gets the number of this process, which becomes that of pasta; then the command
const remember = 'echo "$$" >"$1" && shift && exec "$@"';

// $1 the file that says "ready", $2 ip, $3 how long this may live (s), $4 the guest's tap, $5 pasta's tap.
// The largest packets that taps take spare the PC work; the guest's card has the size that the guest wants. Nobody but
// the guest is to speak on this cable, or pasta would take him for it: hence no IPv6 of our own.
const build = `set -e
trap 'exit 0' TERM
"$2" link add name bridge0 type bridge
"$2" tuntap add dev "$4" mode tap vnet_hdr user 0
for link in "$5" "$4" bridge0; do
  setting=/proc/sys/net/ipv6/conf/$link/disable_ipv6
  [ ! -w "$setting" ] || echo 1 >"$setting"
  "$2" link set dev "$link" addrgenmode none mtu 65520
  [ "$link" = bridge0 ] || "$2" link set dev "$link" master bridge0
  "$2" link set dev "$link" up
done
: >"$1"
sleep "$3" &
wait`;

// $1 the file with the number of pasta, $2 nsenter; then its arguments. The namespace is the one of pasta's only child.
const enter = `read -r pasta <"$1" && read -r holder _ <"/proc/$pasta/task/$pasta/children"
[ -n "$holder" ] || { echo "The network of the machine is gone." >&2; exit 1; }
nsenter=$2
shift 2
exec "$nsenter" --target "$holder" "$@"`;

// "For ever" (s): the largest number that every sleep takes.
const forEver = 2 ** 31 - 1;

export interface PastaPlan {
  /** Folder for its two small files */
  run: string;
  forwards: readonly Forward[];
  /** Ends by itself after so long (s); left out: is ended by the service, or never */
  seconds?: number;
}

/** The whole command that makes the network and keeps it. Pure. */
export function pastaCommand(pasta: Pasta, { run, forwards, seconds = forEver }: PastaPlan): string[] {
  const { tools, options, asRoot } = pasta;
  const { pid, ready } = files(run);
  return [
    tools.sh,
    '-c',
    remember,
    'sh',
    pid,
    // As root it needs no user namespace, and its way to make one does not work. It mounts a /proc of its own, which on
    // systems where mounts are shared would take the place of everybody's.
    ...(asRoot ? [tools.unshare, '--mount', '--propagation', 'private'] : []),
    pasta.path,
    '--foreground',
    '--ns-ifname',
    pastaTap,
    ...(asRoot ? ['--netns-only', '--runas', '0:0'] : []),
    // Old versions talk to the system's log only, once they have started.
    ...(options.includes('--stderr') ? ['--stderr'] : []),
    // Connections from this PC itself go to the guest as well, not to the namespace around it.
    ...(options.includes('--no-splice') ? ['--no-splice'] : []),
    // Without this, services that listen on 127.0.0.1 of this PC are open to the guest at the address of its gateway.
    '--no-map-gw',
    '--dhcp-dns',
    ...dnsArguments(pasta),
    // Left to itself, pasta opens every port in either direction that somebody listens on.
    '--tcp-ns',
    'none',
    '--udp-ns',
    'none',
    ...(['tcp', 'udp'] as const).flatMap((protocol) => forwardArguments(protocol, forwards)),
    '--',
    tools.sh,
    '-c',
    build,
    'sh',
    ready,
    tools.ip,
    String(seconds),
    guestTap,
    pastaTap,
  ];
}

function forwardArguments(protocol: Forward['protocol'], forwards: readonly Forward[]): string[] {
  const own = forwards.filter((forward) => forward.protocol === protocol);
  const option = `--${protocol}-ports`;
  if (own.length === 0) return [option, 'none'];
  return own.flatMap(({ hostAddress, hostPort, guestPort }) => [
    option,
    `${hostAddress}/${hostPort}:${guestPort}`,
  ]);
}

/**
 * The beginning of a command that runs in that network. Without root it enters the user namespace, too, and leaves all
 * powers that it has there behind: the guest's tap belongs to this user.
 */
export function inNetwork({ tools, asRoot }: Pasta, run: string): string[] {
  return [
    tools.sh,
    '-c',
    enter,
    'sh',
    files(run).pid,
    tools.nsenter,
    ...(asRoot
      ? ['--net', '--']
      : [
          '--user',
          '--net',
          '--preserve-credentials',
          '--',
          tools.setpriv,
          '--no-new-privs',
          '--bounding-set=-all',
          '--inh-caps=-all',
        ]),
  ];
}

/**
 * Whether a forward reaches the guest. Connections from this PC itself to 127.0.0.1 are handed to the namespace, where
 * nobody listens, unless pasta can be told not to.
 */
export function canForward(
  { options }: Pick<Pasta, 'options'>,
  { hostAddress }: Pick<Forward, 'hostAddress'>,
): boolean {
  return options.includes('--no-splice') || !hostAddress.startsWith('127.');
}

// SPDX-License-Identifier: Apache-2.0
import type { NetworkInterface } from '../../contract/host.ts';
import { numberIn, type Tree } from '../tree.ts';

const folder = 'sys/class/net';

/** Network interfaces by name. Hardware addresses (MAC) are not read. */
export function readNetwork(tree: Tree): NetworkInterface[] {
  const defaults = defaultRoutes(tree);
  return tree.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    // bonding_masters is a file in this folder.
    if (!tree.exists(`${path}/type`) && !tree.exists(`${path}/ifindex`)) return [];
    const kind = kindOf(tree, path);
    const bridge = tree.linkName(`${path}/master`);
    const speed = numberIn(tree, `${path}/speed`);
    const carrier = tree.text(`${path}/carrier`);
    const reason = whyNotBridgeable(kind, bridge);
    return [
      {
        name,
        kind,
        driver: tree.linkName(`${path}/device/driver`),
        address: pciAddressOf(tree.resolve(`${path}/device`)),
        // Without a carrier, or switched off (then reading the carrier fails).
        up: tree.exists(path) ? carrier === '1' : null,
        megabitsPerSecond: speed === null || speed <= 0 ? null : speed,
        bridge,
        defaultRoute: defaults === null ? null : defaults.has(name),
        bridgeable: reason === null,
        bridgeableReason: reason,
      },
    ];
  });
}

// ARPHRD_* of include/uapi/linux/if_arp.h
const ethernet = 1;
const loopback = 772;

function kindOf(tree: Tree, path: string): NetworkInterface['kind'] {
  const type = numberIn(tree, `${path}/type`);
  // DEVTYPE is what the driver calls its devices: wlan, bridge, wwan, vlan, bond, ...
  const device = /^DEVTYPE=(.+)$/m.exec(tree.text(`${path}/uevent`) ?? '')?.[1];
  if (type === loopback) return 'loopback';
  if (tree.exists(`${path}/bridge`)) return 'bridge';
  if (device === 'wlan' || tree.exists(`${path}/wireless`) || tree.exists(`${path}/phy80211`))
    return 'wireless';
  if (device === 'wwan') return 'mobile';
  if (tree.exists(`${path}/tun_flags`)) return 'tap';
  return type === ethernet && tree.exists(`${path}/device`) ? 'wired' : 'virtual';
}

function whyNotBridgeable(kind: NetworkInterface['kind'], bridge: string | null): string | null {
  switch (kind) {
    case 'wired':
      return bridge === null ? null : `It is already part of ${bridge}.`;
    case 'wireless':
      return 'Access points accept only the hardware address of the card itself, so guests behind a bridge would get no answers.';
    case 'mobile':
      return 'Mobile networks give one address to one device.';
    case 'loopback':
      return 'It leads nowhere but to this PC.';
    case 'bridge':
      return 'It is a bridge itself: guests can be attached to it.';
    case 'tap':
      return 'It belongs to a program or to a guest.';
    case 'virtual':
      return 'There is no network card behind it.';
  }
}

function pciAddressOf(device: string | null): string | null {
  const addresses = device?.match(/[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g);
  return addresses?.at(-1) ?? null;
}

const fields = (text: string | null): string[][] =>
  (text ?? '').split('\n').map((line) => line.trim().split(/\s+/));

// Iface Destination Gateway Flags ... Mask: the default route goes to 00000000/00000000. That of IPv6 has 32 zeroes and
// a prefix of 00; the kernel also lists one on lo that only says "unreachable".
function defaultRoutes(tree: Tree): Set<string> | null {
  const v4 = tree.text('proc/net/route');
  const v6 = tree.text('proc/net/ipv6_route');
  if (v4 === null && v6 === null) return null;
  const names = fields(v4).flatMap((line) =>
    line[1] === '00000000' && line[7] === '00000000' ? (line[0] ?? []) : [],
  );
  const more = fields(v6).flatMap((line) =>
    /^0{32}$/.test(line[0] ?? '') && line[1] === '00' ? (line[9] ?? []) : [],
  );
  return new Set([...names, ...more.filter((name) => name !== 'lo')]);
}

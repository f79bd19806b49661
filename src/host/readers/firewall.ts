// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { numberIn, type Tree } from '../tree.ts';

/** Who writes rules for the network here. Judged by what each leaves behind while it runs, readable by everybody. */
export function readFirewall(tree: Tree): HostReport['firewall'] {
  const interfaces = tree.list('sys/class/net');
  const filter = numberIn(tree, 'proc/sys/net/bridge/bridge-nf-call-iptables');
  const netfilter = tree.exists('sys/module/br_netfilter') || tree.exists('proc/sys/net/bridge');
  return {
    docker: interfaces.includes('docker0') || tree.exists('run/docker.pid') || tree.exists('run/docker.sock'),
    firewalld: tree.exists('run/firewalld') || tree.exists('run/firewalld.pid'),
    ufw: /^ENABLED=yes$/m.test(tree.text('etc/ufw/ufw.conf') ?? ''),
    libvirt: interfaces.some((name) => /^virbr\d+$/.test(name)),
    // Without the module no packet of a bridge comes to the firewall.
    filtersBridges: netfilter
      ? filter === null
        ? null
        : filter === 1
      : interfaces.length > 0
        ? false
        : null,
  };
}

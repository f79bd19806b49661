// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { HostReport } from '../../contract/host.ts';
import { recordedPc, unpack } from '../recorded-pc.ts';
import { openTree } from '../tree.ts';
import { diagnose } from './diagnose.ts';
import { privateNames, shareable } from './share.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{4,14}$/);
const hexPair = fc.integer({ min: 0, max: 255 }).map((byte) => byte.toString(16).padStart(2, '0'));
const mac = fc.array(hexPair, { minLength: 6, maxLength: 6 }).map((pairs) => pairs.join(':'));
const secrets = fc.record({
  user: name,
  person: fc.stringMatching(/^[A-Z][a-z]{5,9} [A-Z][a-z]{5,9}$/),
  host: name,
  domain: fc.stringMatching(/^[a-z]{6,12}\.example$/),
  mac,
  ip: fc.ipV4(),
  ip6: fc.ipV6().filter((text) => text.includes(':') && !text.includes('.') && text.length > 8),
  uuid: fc.uuid(),
  serial: fc.stringMatching(/^[A-F0-9]{20}$/),
});

test('planted secrets never appear', async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async (secret) => {
      const { user, person, host, domain, uuid, serial } = secret;
      const inText = `of ${user} (${person}) on ${host}.${domain} at /home/${user}/x ${secret.mac} ${secret.ip} [${secret.ip6}] ${uuid} ${serial}`;
      using pc = unpack(`
cpu model="A processor ${inText}" flags="svm"
mem 8000000 100
proc/sys/kernel/osrelease = 6.1.0-${host}
proc/sys/kernel/hostname = ${host}
proc/cmdline = root=UUID=${uuid} vfio-pci.ids=10de:1234 iommu=pt pcie_acs_override=${serial}
etc/hostname = ${host}
etc/hosts = 127.0.1.1 ${host}.${domain} ${host}
etc/os-release = PRETTY_NAME="System ${inText}"
etc/passwd = ${user}:x:1000:1000:${person},,,:/home/${user}:/bin/sh
etc/group = ${user}:x:1000:
sys/class/dmi/id/product_name = PC ${inText}
sys/class/dmi/id/product_serial = ${serial}
sys/class/dmi/id/product_uuid = ${uuid}
sys/class/dmi/id/board_name = board-${serial}
sys/devices/usb1/1-1/idVendor = 05ac
sys/devices/usb1/1-1/idProduct = 12a8
sys/devices/usb1/1-1/product = Phone ${inText}
sys/devices/usb1/1-1/serial = ${serial}
sys/bus/usb/devices/1-1 -> ../../../devices/usb1/1-1
sys/class/sound/card0/id = ${user}
net enx${secret.mac.replaceAll(':', '')} wired at=usb1/1-1 master=br-${user}
net br-${user} bridge
disk sda 8:0 model="Disk ${serial}" parts=1
proc/swaps = Filename Type Size Used Priority

[proc/self/status]
Uid:	1000	1000	1000	1000
Gid:	1000	1000	1000	1000
Groups:	1000

@folder /home/${user}/.local/share/phyllome
@kvm aborts "qemu: /home/${user}/${serial}"
`);
      const report = await pc.report();
      report.notes.push(`note ${inText}`);
      const before = JSON.stringify(report);
      const shared = shareable(report, privateNames(openTree(pc.root)));
      expect(Value.Check(HostReport, shared.host)).toBe(true);
      const text = JSON.stringify(shared).toLowerCase();
      const planted = [
        user,
        person,
        host,
        domain,
        uuid,
        serial,
        secret.mac,
        secret.mac.replaceAll(':', ''),
        secret.ip,
        secret.ip6,
      ];
      for (const word of planted) expect(text).not.toContain(word.toLowerCase());
      // And the report that was shared out of still has them: the test can fail.
      expect(before).toContain(serial);
      expect(before).toContain(user);
    }),
    { numRuns: 30 },
  );
});

test.each(['desktop-amd-coarse', 'laptop-intel', 'server-numa-sev', 'vtd-off'])(
  '%s: the doctor says the same of it',
  async (pcName) => {
    using pc = recordedPc(pcName);
    const report = await pc.report();
    const shared = shareable(report, privateNames(openTree(pc.root)));
    expect(shared.doctor.findings.map(({ id }) => id)).toEqual(diagnose(report).findings.map(({ id }) => id));
    expect(shared.doctor.tiers).toEqual(diagnose(report).tiers);
    // What makes the report worth reading stays.
    expect(shared.host.pciDevices).toEqual(report.pciDevices);
    expect(shared.host.cpu).toEqual(report.cpu);
    expect(shared.host.dmi).toEqual(report.dmi);
    expect(JSON.stringify(shared)).not.toMatch(/anna/i);
  },
);

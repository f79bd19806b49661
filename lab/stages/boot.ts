// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DoctorReport, Tier } from '../../src/contract/doctor.ts';
import { readPicture } from '../drive/picture.ts';
import { must } from './expect.ts';
import { whenUp, type Guest } from './guest.ts';
import { startSystem } from './system.ts';
import type { Findings, Stage } from './stage.ts';

export const boot: Stage = {
  name: 'boot',
  shows:
    'the headless image comes up whole on an empty disk, its service answers, and guests would have KVM and an IOMMU',
  images: [{ edition: 'headless' }],
  after: [],
  seconds: 120,
  async run(context) {
    await using pc = await startSystem(context, { spares: true });
    const began = Date.now();
    const guest = await whenUp(pc);
    const upAfter = Math.round((Date.now() - began) / 1000);
    context.say(`up after ${upAfter} s`);
    const findings = { upAfterSeconds: upAfter, ...(await inspect(guest)) };
    const slots = (
      await guest.sh("lsblk -n -b -o PARTTYPENAME,SIZE | sed -n 's/.*Linux \\/usr (x86-64) *//p'")
    )
      .trim()
      .split('\n');
    must(slots.length === 2 && slots[0] === slots[1], 'both slots are equally large', slots);
    await pc.screenshot(join(context.output, 'boot.png'));
    const { colours } = readPicture(await readFile(join(context.output, 'boot.png')));
    must(colours > 1, 'the text screen is on the screen of the PC', colours);
    await pc.powerOff();
    return findings;
  },
};

/** What the doctor says of a PC on which guests run: KVM works, and nothing is a problem. */
export async function judge(guest: Guest): Promise<DoctorReport> {
  let report = await ask(guest);
  // Two processors that are emulated themselves may be so busy with a start that a trial guest seems to hang. The service
  // asks again after ten minutes, which nobody waits for here.
  for (let again = 0; again < 2 && report.findings.some(({ id }) => id === 'kvm-broken'); again += 1) {
    await guest.sh('rm -f /var/lib/phyllome/.cache/phyllome/accelerator*');
    report = await ask(guest);
  }
  const problems = report.findings.filter(({ severity }) => severity === 'problem');
  must(problems.length === 0, 'the doctor finds no problem', problems);
  must(
    report.findings.some(({ id }) => id === 'kvm-works'),
    'a guest of the doctor ran under KVM',
    report.findings.map(({ id }) => id),
  );
  return report;
}

async function ask(guest: Guest): Promise<DoctorReport> {
  // It ends with 4 when there is a problem; the report counts, whatever it says.
  const text = await guest.sh('phyllome doctor --json || [ $? = 4 ]', 300);
  return JSON.parse(text.slice(text.search(/^\{/m))) as DoctorReport;
}

/** Ids of the requirements that a tier misses; with "?" where that is not known. */
export const missed = ({ requirements }: Tier): string[] =>
  requirements.filter(({ met }) => met !== true).map(({ id, met }) => `${id}${met === null ? '?' : ''}`);

/** What holds of every Phyllome OS that is up. */
export async function inspect(
  guest: Guest,
  { root: rootType = 'f2fs', asksDoctor = true }: { root?: 'f2fs' | 'tmpfs'; asksDoctor?: boolean } = {},
): Promise<Findings> {
  const { sh } = guest;
  must((await sh('systemctl --failed --plain --no-legend')).trim() === '', 'no unit failed');
  const usr = (await sh('findmnt -n -o SOURCE,FSTYPE,OPTIONS /usr')).trim();
  must(/^\/dev\/mapper\/usr\S* +erofs +ro\b/.test(usr), '/usr is a read-only EROFS behind dm-verity', usr);
  must((await sh('touch /usr/x 2>&1; true')).includes('Read-only'), 'nobody writes to /usr');
  const verity = await sh('veritysetup status usr');
  must(/status: +verified/.test(verity), 'dm-verity vouches for /usr', verity);
  const state = (await sh('findmnt -n -o FSTYPE /')).trim();
  must(state === rootType, `state is on ${rootType}`, state);
  const kvm = await sh('runuser -u phyllome -- sh -c "exec 3<>/dev/kvm && echo usable" 2>&1');
  must(kvm.trim() === 'usable', 'the service may use /dev/kvm', kvm);
  const groups = Number(await sh('ls /sys/kernel/iommu_groups | wc -l'));
  must(groups > 4, 'devices are in IOMMU groups', groups);
  const doctor = asksDoctor ? await judge(guest) : null;
  const { version } = await guest.phyllome<{ version: string }>('version');
  const release = await sh('cat /etc/os-release');
  must(/^IMAGE_ID="?phyllome/m.test(release), 'it says what it is', release);
  const memory = /^Mem: +(\d+) +(\d+)/m.exec(await sh('free -m')) ?? [];
  const times = (await sh('systemd-analyze')).split('\n')[0] ?? '';
  const root = await sh('df -m --output=used,size / | tail -1');
  return {
    ...(doctor !== null && {
      doctor: doctor.findings.map(({ id, severity }) => `${severity}: ${id}`),
      missingOfRecommended: missed(doctor.tiers.recommended),
    }),
    manager: version,
    image: /^IMAGE_VERSION="?([^"\n]+)/m.exec(release)?.[1] ?? '',
    iommuGroups: groups,
    memoryTotalMiB: Number(memory[1]),
    memoryUsedMiB: Number(memory[2]),
    serviceMiB: Math.round(
      Number(
        await sh(
          'cat /proc/$(systemctl show -P MainPID phyllome)/status | sed -n "s/VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p"',
        ),
      ) / 1024,
    ),
    rootUsedAndSizeMiB: root.trim().replaceAll(/ +/g, ' '),
    times,
    slowest: (await sh('systemd-analyze blame --no-pager | grep -v device$ | head -8')).trim().split(/\n */),
  };
}

// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { InstallOffer } from '../../src/contract/os-install.ts';
import { emptyDisk } from '../pc/disks.ts';
import { anyPc, type LabDisk } from '../pc/pc-spec.ts';
import { startPc } from '../pc/pc.ts';
import { inspect } from './boot.ts';
import { must } from './expect.ts';
import { whenUp, type Guest } from './guest.ts';
import { startLive } from './live-system.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { diskSize } from './system.ts';

/** Two of the same kind, told apart by their serial numbers. */
export async function twins({ work }: StageContext): Promise<[LabDisk, LabDisk]> {
  const disk = async (id: string): Promise<LabDisk> => ({
    id,
    file: await emptyDisk(join(work, `${id}.raw`), diskSize),
    format: 'raw',
    bus: 'nvme',
  });
  return [await disk('twin-1'), await disk('twin-2')];
}

export const answersFor = (disk: { id: string; name: string }, more: object = {}): object => ({
  disk: { id: disk.id, confirmation: disk.name },
  hostname: 'lab-pc',
  user: { name: 'ada', password: 'correct horse battery' },
  keyboard: 'fr',
  timezone: 'Europe/Paris',
  ...more,
});

/** Runs the installer with answers in a file. @returns what it said, and how it ended */
export async function installWith(
  guest: Guest,
  answers: object,
  seconds = 420,
): Promise<{ code: number; output: string }> {
  const encoded = Buffer.from(stringify(answers)).toString('base64');
  const script = `umask 077; printf %s ${encoded} | base64 -d >/run/lab/answers.yaml
chown phyllome /run/lab/answers.yaml; chmod 755 /run/lab
phyllome os install --answers /run/lab/answers.yaml 2>&1; echo "ended $?"`;
  const output = await guest.sh(script, seconds);
  const ended = /ended (\d+)\s*$/.exec(output);
  must(ended !== null, 'the installer ended', output);
  return { code: Number(ended[1]), output };
}

export async function offerOf(guest: Guest): Promise<InstallOffer> {
  return guest.phyllome('os disks', 120);
}

export const install: Stage = {
  name: 'install',
  shows:
    'the live system installs itself onto one of two equal disks, refuses wrong answers, and the disk starts by itself; encrypted with the TPM, too',
  images: [{ edition: 'headless' }],
  after: ['live'],
  seconds: 480,
  async run(context) {
    const [target, other] = await twins(context);
    const plain = await installOnto(context, target, other, {});
    const encrypted = await installOnto(context, target, other, { encryption: { kind: 'disk', tpm: true } });
    return {
      ...plain,
      encryptedSeconds: encrypted['installSeconds'] ?? 0,
      encryptedRoot: encrypted['root'] ?? '',
    };
  },
};

async function installOnto(
  context: StageContext,
  target: LabDisk,
  other: LabDisk,
  more: object,
): Promise<Findings> {
  const findings: Findings = {};
  {
    const { pc, guest } = await startLive(context, [target, other]);
    await using _ = pc;
    const { disks } = await offerOf(guest);
    const bySerial = (serial: string) => disks.find((disk) => disk.serial === serial);
    const [chosen, twin, stick] = [target.id, other.id, 'stick'].map(bySerial);
    must(chosen?.refused === null, 'the empty disk can be chosen', disks);
    must(
      chosen.name !== twin?.name,
      'two equal disks have different names',
      disks.map(({ name }) => name),
    );
    must(stick?.refused?.reason === 'runs-from-it', 'the stick it runs from is refused', stick);
    const wrong = await installWith(guest, answersFor({ id: chosen.id, name: twin?.name ?? '' }));
    must(wrong.code !== 0, 'the name of the other disk confirms nothing', wrong.output);
    const suicide = await installWith(guest, answersFor({ id: stick.id, name: stick.name }));
    must(suicide.code !== 0, 'it does not erase what it runs from', suicide.output);
    const began = Date.now();
    const { code, output } = await installWith(guest, answersFor(chosen, more));
    must(code === 0, 'the installation ends well', output.slice(-1500));
    findings['installSeconds'] = Math.round((Date.now() - began) / 1000);
    context.say(`installed in ${findings['installSeconds']} s`);
    await pc.powerOff();
  }
  // The same PC, with its firmware and TPM, without the stick.
  const spec = { ...anyPc, disks: [target, other] };
  await using pc = await startPc({ tools: context.tools, spec, folder: join(context.work, 'live-pc') });
  const guest = await whenUp(pc, { from: pc.serial.mark() });
  Object.assign(findings, await inspect(guest, { asksDoctor: false }));
  const name = (await guest.sh('cat /etc/hostname')).trim();
  must(name === 'lab-pc', 'the PC has its name', name);
  must((await guest.sh('readlink /etc/localtime')).includes('Europe/Paris'), 'it has its time zone');
  await guest.sh('id ada');
  findings['root'] = (await guest.sh('findmnt -n -o SOURCE,FSTYPE /')).trim().replaceAll(/ +/g, ' ');
  const encrypted = 'encryption' in more;
  const type = await guest.sh('lsblk -n -o TYPE,MOUNTPOINTS | grep " /$" || true');
  must(type.includes('crypt') === encrypted, encrypted ? 'its root is encrypted' : 'its root is plain', type);
  await pc.powerOff();
  return findings;
}

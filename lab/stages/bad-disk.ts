// SPDX-License-Identifier: Apache-2.0
import { readPartitions } from '../pc/partitions.ts';
import type { LabDisk } from '../pc/pc-spec.ts';
import { must } from './expect.ts';
import { answersFor, installWith, offerOf, twins } from './install.ts';
import { startLive } from './live-system.ts';
import type { Stage } from './stage.ts';

// In the first slot, some of what an installation writes first: the partition of the boot loader has 384 MiB before it.
const badSector = (500 * 2 ** 20) / 512;

export const badDisk: Stage = {
  name: 'bad-disk',
  shows:
    'an installation onto a disk that fails ends with its words and starts nothing; the disk beside it still works',
  images: [{ edition: 'headless' }],
  after: ['install'],
  seconds: 420,
  async run(context) {
    const [plain, other] = await twins(context);
    const failing: LabDisk = { ...plain, badSectors: [badSector] };
    const { pc, guest } = await startLive(context, [failing, other]);
    await using _ = pc;
    const { disks } = await offerOf(guest);
    const chosen = disks.find(({ serial }) => serial === failing.id);
    must(chosen?.refused === null, 'its failure does not show before', chosen);
    const bad = await installWith(guest, answersFor(chosen));
    must(bad.code !== 0, 'the installation fails', bad.output);
    must(/Input\/output error/.test(bad.output), 'it has the words of the disk', bad.output);
    const loader = await guest.sh(
      `sync; dd if=${chosen.path} bs=1M count=384 2>/dev/null | grep -c BOOTX64 || true`,
    );
    must(loader.trim() === '0', 'nothing starts from that disk', loader);
    const good = disks.find(({ serial }) => serial === other.id);
    must(good !== undefined, 'the other disk is there');
    const { code, output } = await installWith(guest, answersFor(good));
    must(code === 0, 'the disk beside it is installed', output.slice(-1500));
    await pc.powerOff();
    const names = (await readPartitions(other.file)).map(({ label }) => label);
    return { refusal: bad.output.trim().split('\n').slice(-4, -1).join(' '), otherDisk: names };
  },
};

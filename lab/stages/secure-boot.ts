// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { anyPc } from '../pc/pc-spec.ts';
import { startPc, type Pc } from '../pc/pc.ts';
import { inspect } from './boot.ts';
import { must } from './expect.ts';
import { whenUp } from './guest.ts';
import type { Stage, StageContext } from './stage.ts';
import { systemDisk } from './system.ts';

export const secureBoot: Stage = {
  name: 'secure-boot',
  shows: 'firmware that trusts the builder starts the image, and firmware that trusts somebody else does not',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 180,
  async run(context) {
    must(context.keys !== null, 'the keys of the builder are there (--keys)');
    const certificate = join(context.keys, 'secure-boot.crt');
    {
      await using pc = await startTrusting(context, certificate, 'pc');
      const guest = await whenUp(pc);
      const variable = await guest.sh(
        'od -A n -t u1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c',
      );
      must(variable.trim().endsWith(' 1'), 'Secure Boot is on', variable);
      await inspect(guest, { asksDoctor: false });
      await pc.powerOff();
    }
    const stranger = join(context.work, 'stranger.crt');
    const make = 'req -x509 -newkey rsa:2048 -noenc -days 30 -subj /CN=stranger/ -keyout /dev/null -out';
    await context.tools.run('openssl', ...make.split(' '), stranger);
    await using pc = await startTrusting(context, stranger, 'stranger-pc');
    const refusal = await pc.serial.wait(
      /Access Denied|Security Violation|BdsDxe: failed to (?:load|start)/,
      {
        seconds: 120,
        hope: false,
      },
    );
    await pc.screenshot(join(context.output, 'secure-boot-refused.png'));
    return { refusal: refusal.trim() };
  },
};

async function startTrusting(context: StageContext, certificate: string, folder: string): Promise<Pc> {
  const disk = await systemDisk(context, context.image('headless').file);
  return startPc({
    tools: context.tools,
    spec: { ...anyPc, firmware: 'secure-boot', disks: [disk] },
    folder: join(context.work, folder),
    certificate,
  });
}

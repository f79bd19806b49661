// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { anyPc } from '../pc/pc-spec.ts';
import { startPc } from '../pc/pc.ts';
import { imageStick } from './live-system.ts';
import type { Stage } from './stage.ts';

export const bios: Stage = {
  name: 'bios',
  shows: 'a PC that has only a BIOS says from the stick that Phyllome OS needs UEFI',
  images: [{ edition: 'headless' }],
  after: [],
  seconds: 30,
  async run(context) {
    const stick = await imageStick(context);
    const spec = { ...anyPc, firmware: 'bios', tpm: false, disks: [stick], kernelArguments: [] } as const;
    await using pc = await startPc({ tools: context.tools, spec, folder: join(context.work, 'pc') });
    // The BIOS writes what is on its screen to the serial port, too.
    const said = await pc.serial.wait(/UEFI/, { seconds: 90 });
    await pc.screenshot(join(context.output, 'bios.png'));
    return { said: said.trim() };
  },
};

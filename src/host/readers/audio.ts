// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { nameIn, type Tree } from '../tree.ts';

/** Sound cards by the name that ALSA shows, and the driver of the device behind them. */
export function readAudio(tree: Tree): HostReport['audio'] {
  // " 0 [PCH            ]: HDA-Intel - HDA Intel PCH", and a second line with addresses.
  const list = tree.text('proc/asound/cards') ?? '';
  const names = new Map(
    [...list.matchAll(/^\s*(\d+) \[[^\]]*\]: .*? - (.+)$/gm)].map(([, number, name]) => [
      number,
      name?.trim(),
    ]),
  );
  const numbers = tree.list('sys/class/sound').flatMap((name) => /^card(\d+)$/.exec(name)?.[1] ?? []);
  return (numbers.length > 0 ? numbers : [...names.keys()]).map((number) => {
    const path = `sys/class/sound/card${number}`;
    return {
      name: names.get(number) ?? nameIn(tree, `${path}/id`) ?? `card ${number}`,
      driver: tree.linkName(`${path}/device/driver`),
    };
  });
}

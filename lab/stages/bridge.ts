// SPDX-License-Identifier: Apache-2.0
import { must } from './expect.ts';
import { typeInGuest } from './guest-console.ts';
import { whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import { runTiny } from './tiny.ts';
import type { Stage } from './stage.ts';

export const bridge: Stage = {
  name: 'bridge',
  shows:
    "a bridge takes over the PC's address, and a machine on it gets one of its own from the network outside, also after it was saved",
  images: [{ edition: 'headless' }],
  after: ['tiny'],
  seconds: 300,
  async run(context) {
    await using pc = await startSystem(context, { disks: [await tinyDisk(context)] });
    const guest = await whenUp(pc);
    const card = (await guest.sh("ip -4 -o route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/'")).trim();
    const address = async (device: string): Promise<string> =>
      (await guest.sh(`ip -4 -o address show dev ${device} scope global | awk '{ print $4 }'`)).trim();
    const before = await address(card);
    await guest.sh(`phyllome network bridge br0 ${card} --yes`, 300);
    must((await address('br0')) === before, 'the bridge has the address of the card', await address('br0'));

    await bringTiny(guest);
    await runTiny(guest);
    await guest.sh('phyllome stop tiny --force', 240);
    await guest.sh('phyllome set tiny nics[0].type=bridge nics[0].bridge=br1 --unset nics[0].forwards');
    const missing = await guest.sh('phyllome start tiny 2>&1 || true', 240);
    must(/no bridge device br1/.test(missing), 'a bridge that is not there is named', missing);
    await guest.sh('phyllome set tiny nics[0].bridge=br0');
    await guest.sh('phyllome start tiny', 240);
    const inGuest = async (): Promise<string> =>
      typeInGuest(
        guest,
        'tiny',
        'for i in $(seq 60); do ip -4 addr show eth0 | grep -q "inet " && break; sleep 1; done; ip -4 addr show eth0 | sed -n "s/.*inet /got=/p"; ping -c 1 -W 5 10.0.2.2 >/dev/null && echo pong-$((6*7))',
        /(got=[\d.]+[\s\S]*pong-42)/,
      );
    const first = await inGuest();
    const own = /got=([\d.]+)/.exec(first)?.[1] ?? '';
    must(
      own.startsWith('10.0.2.') && own !== before.split('/')[0],
      'the guest has an address of its own',
      first,
    );
    const refused = await guest.sh('phyllome network bridge br0 --remove --yes 2>&1 || true', 240);
    must(/machines are plugged into it/.test(refused), 'a bridge in use is not removed', refused);
    await guest.sh('phyllome save tiny', 240);
    // Root's helper takes it away when the machine has ended, and nobody waits for that.
    const left = await guest.sh(
      'for i in $(seq 60); do ls /sys/class/net | grep -q phy- || break; sleep 1; done; ls /sys/class/net',
      120,
    );
    must(!left.includes('phy-'), 'the cable is gone with the machine', left);
    await guest.sh('phyllome start tiny', 240);
    await inGuest();
    await guest.sh('phyllome stop tiny --force', 240);
    await guest.sh('phyllome network bridge br0 --remove --yes', 300);
    must((await address(card)) === before, 'the card has its address back', await address(card));
    await pc.powerOff();
    return { address: before, guest: own };
  },
};

// SPDX-License-Identifier: Apache-2.0
//
// The devices that a guest gets: the fastest ones that it has drivers for.
import { bringsDrivers, chosen, isWindows, lacks, type Chosen, type Situation } from './choice.ts';
import { knowsVirtioSound } from './virtio-sound.ts';

export function chooseDiskBus(situation: Situation): Chosen<'virtio' | 'sata' | 'nvme'> {
  const { guest, architecture, options } = situation;
  if (lacks(situation, 'virtio-disk')) {
    const why = `${guest.name} has no virtio driver for disks of its own`;
    // Firmware for other processors than those of PCs has no driver for SATA.
    return architecture === 'x86_64'
      ? chosen('sata', `${why}; every system knows SATA.`)
      : chosen('nvme', `${why}; this firmware and the guest both know NVMe.`);
  }
  if (!isWindows(guest)) return chosen('virtio', 'The fastest; the guest has the driver.');
  return options.unattended === true
    ? chosen('virtio', 'The fastest; the answers give its driver to the installer.')
    : chosen(
        'virtio',
        'The fastest. Windows Setup shows no disk at first: "Load driver" finds it on the second CD (viostor).',
      );
}

export function chooseNic(situation: Situation): Chosen<'virtio' | 'e1000e'> {
  const { guest, options } = situation;
  if (lacks(situation, 'virtio-net'))
    return chosen('e1000e', `${guest.name} has no virtio driver for networks; it knows this card of Intel.`);
  if (isWindows(guest) && bringsDrivers(options))
    return chosen('virtio', 'The fastest; its driver is on the CD with the drivers (NetKVM).');
  return chosen('virtio', 'The fastest; the guest has the driver.');
}

/**
 * virtio is a VGA card as well until the guest's driver takes over. QXL is never chosen: what it was made for is the
 * SPICE protocol, and through VNC it shows no more than the others do.
 */
export function chooseVideo(situation: Situation): Chosen<'virtio' | 'vga'> {
  const { guest, architecture, options } = situation;
  if (architecture !== 'x86_64')
    return chosen('virtio', `The only screen that firmware and systems for ${architecture} know.`);
  if (lacks(situation, 'virtio-gpu'))
    return chosen(
      'vga',
      `${guest.name} has no driver for virtio-gpu; a plain VGA card works everywhere, in the size that the firmware set.`,
    );
  if (isWindows(guest) && bringsDrivers(options))
    return chosen(
      'virtio',
      'With the driver of the second CD (viogpudo) Windows chooses the size; QXL would only help over SPICE.',
    );
  return chosen('virtio', 'The guest has the driver; until it runs, the card is a plain VGA card.');
}

export function chooseSound({ guest, options }: Situation): Chosen<'virtio' | 'hda' | 'none'> {
  const knowsVirtio = guest.kernel === 'linux' && knowsVirtioSound(guest.id);
  if (knowsVirtio && options.host?.virtioSound === true)
    return chosen('virtio', "The guest's Linux and this QEMU (8.2 or newer) both have it.");
  if (guest.lacks.includes('hda'))
    return chosen('none', `${guest.name} has no driver for a sound card of ours.`);
  if (knowsVirtio) return chosen('hda', 'The guest would know virtio sound; this QEMU cannot make it.');
  return chosen('hda', 'The sound card that every system knows.');
}

export function chooseInput({ guest, architecture }: Situation): Chosen<'usb' | 'ps2'> {
  return guest.lacks.includes('usb') && architecture === 'x86_64'
    ? chosen('ps2', `${guest.name} has no driver for USB; the pointer has to be caught by a click.`)
    : chosen('usb', 'A tablet whose pointer is where yours is; the firmware knows it, too.');
}

// What keeps local time in the clock of the board, beside Windows.
const localTime = ['freedos', 'msdos', 'reactos', 'haiku'];

export function chooseClock({ guest }: Situation): Chosen<'utc' | 'local'> {
  if (isWindows(guest)) return chosen('local', 'Windows takes the clock of the board for local time.');
  return localTime.some((id) => guest.id.startsWith(id))
    ? chosen('local', `${guest.name} takes the clock of the board for local time.`)
    : chosen('utc', 'The guest takes the clock of the board for UTC.');
}

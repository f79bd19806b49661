// SPDX-License-Identifier: Apache-2.0
//
// What suits a guest: the part of its machine's definition that goes by what runs in it, with the reason for each choice.
import type { ProfileChoice } from '../../contract/catalog.ts';
import type { Architecture, Disk, MachineDraft, RemovableDrive } from '../../contract/machine.ts';
import { asChoice, bringsDrivers, isWindows, type ProfileOptions, type Situation } from './choice.ts';
import {
  chooseClock,
  chooseDiskBus,
  chooseInput,
  chooseNic,
  chooseSound,
  chooseVideo,
} from './choose-devices.ts';
import { bootOf, chooseFirmware, chooseSecureBoot, chooseTpm } from './choose-firmware.ts';
import type { GuestFacts } from './guest-facts.ts';

export interface Profile {
  /** guestOs, boot, tpm, clock, nics, display, sound, input, agent: to be spread into a draft */
  draft: MachineDraft;
  /** Of the disk it is installed on */
  diskBus: Disk['bus'];
  /** Of the drive with its installer */
  driveBus: RemovableDrive['bus'];
  /** Drives beside that one: the drivers of Windows */
  drives: Partial<RemovableDrive>[];
  choices: ProfileChoice[];
}

/** Pure. The wishes of people win over it, key by key. */
export function profileFor(
  guest: GuestFacts,
  architecture: Architecture,
  options: ProfileOptions = {},
): Profile {
  const situation: Situation = { guest, architecture, options };
  const diskBus = chooseDiskBus(situation);
  const nic = chooseNic(situation);
  const video = chooseVideo(situation);
  const sound = chooseSound(situation);
  const input = chooseInput(situation);
  const clock = chooseClock(situation);
  const tpm = chooseTpm(situation);
  const windows = isWindows(guest);
  const driveBus = architecture === 'x86_64' ? 'sata' : 'usb';
  const boot = bootOf(situation);
  // Whoever installs Windows without its drivers may add them later, so that its channel stays.
  const agent = windows || !guest.lacks.includes('agent');
  return {
    draft: {
      guestOs: guest.id,
      boot,
      tpm: tpm.value,
      clock: clock.value,
      nics: [{ type: 'user', model: nic.value }],
      display: { device: video.value },
      sound: sound.value,
      input: input.value,
      ...(agent ? {} : { agent: false, clipboard: false }),
    },
    diskBus: diskBus.value,
    driveBus,
    drives:
      windows && typeof options.drivers === 'string'
        ? [{ type: 'cdrom', file: options.drivers, bus: driveBus }]
        : [],
    choices: [
      asChoice('boot.type', chooseFirmware(situation)),
      ...(boot.type === 'uefi' ? [asChoice('boot.secureBoot', chooseSecureBoot(situation))] : []),
      asChoice('tpm', tpm),
      asChoice('disks.bus', diskBus),
      asChoice('nics.model', nic),
      asChoice('display.device', video),
      asChoice('sound', sound),
      asChoice('input', input),
      asChoice('clock', clock),
      ...(agent ? [] : [{ key: 'agent', value: 'false', reason: 'There is no agent for it.' }]),
      ...windowsChoices(situation, windows),
    ],
  };
}

function windowsChoices({ guest, architecture, options }: Situation, windows: boolean): ProfileChoice[] {
  if (!windows) return [];
  const told = {
    key: 'guestOs',
    value: guest.id,
    reason:
      'With KVM it is told that it is a guest (Hyper-V enlightenments): it idles and waits without waste.',
  };
  const drivers = {
    key: 'removable',
    value: 'virtio-win',
    reason: bringsDrivers(options)
      ? 'The CD with the drivers is in a second drive.'
      : 'Add the CD with the drivers (virtio-win) later, and the disk and the network become faster.',
  };
  return architecture === 'x86_64' ? [told, drivers] : [drivers];
}

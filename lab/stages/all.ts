// SPDX-License-Identifier: Apache-2.0
import { badUpdate } from './bad-update.ts';
import { badDisk } from './bad-disk.ts';
import { bios } from './bios.ts';
import { boot } from './boot.ts';
import { doctor } from './doctor.ts';
import { favourite } from './favourite.ts';
import { fullDisk } from './full-disk.ts';
import { install } from './install.ts';
import { bridge } from './bridge.ts';
import { iso } from './iso.ts';
import { lan } from './lan.ts';
import { live } from './live.ts';
import { noTpm } from './no-tpm.ts';
import { powerCut } from './power-cut.ts';
import { smallPc } from './small-pc.ts';
import { desktop, kiosk } from './screen.ts';
import { rollBack } from './roll-back.ts';
import { secureBoot } from './secure-boot.ts';
import type { Stage } from './stage.ts';
import { stickUpdate } from './stick-update.ts';
import { tamper } from './tamper.ts';
import { tiny } from './tiny.ts';
import { update } from './update.ts';
import { vfio } from './vfio.ts';

/** All stages, in the order in which they are worth running. */
export const stages: readonly Stage[] = [
  boot,
  doctor,
  tiny,
  vfio,
  live,
  iso,
  install,
  update,
  badUpdate,
  rollBack,
  stickUpdate,
  fullDisk,
  badDisk,
  lan,
  bridge,
  kiosk,
  favourite,
  desktop,
  tamper,
  secureBoot,
  noTpm,
  smallPc,
  bios,
  powerCut,
];

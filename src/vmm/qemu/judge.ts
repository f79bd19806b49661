// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Verdict } from '../driver.ts';
import { judgeBoard } from './board.ts';
import { judgeBoot } from './boot.ts';
import { judgeVsock } from './channels.ts';
import { judgeClipboard } from './clipboard.ts';
import { judgeConfidential } from './confidential.ts';
import { judgeDisks } from './disks.ts';
import { judgeDisplay, judgeSound } from './display.ts';
import { judgeHostTpm } from './host-tpm.ts';
import { judgeNics } from './nics.ts';
import { installing } from '../tool.ts';
import type { Opinion } from './part.ts';
import type { QemuReport } from './report.ts';
import { judgeSgx } from './sgx.ts';
import { judgeShares } from './shares.ts';
import { judgeTpm } from './tpm.ts';

/** Can this QEMU run the machine, and what would be missing? Each concern is asked, in the order of the plan. */
export function judge(definition: MachineDefinition, report: QemuReport): Verdict {
  const opinions: Opinion[] = [
    judgeBasics(report),
    judgeBoard(definition, report),
    judgeBoot(definition, report),
    judgeConfidential(definition, report),
    judgeSgx(definition, report),
    judgeNics(definition, report),
    judgeDisks(definition),
    judgeShares(definition, report),
    judgeVsock(definition, report),
    judgeDisplay(definition, report),
    judgeSound(definition, report),
    judgeClipboard(definition, report),
    judgeTpm(definition, report),
    judgeHostTpm(definition, report),
    judgeDevices(definition),
  ];
  return {
    refusals: opinions.flatMap(({ refusals }) => refusals ?? []),
    losses: opinions.flatMap(({ losses }) => losses ?? []),
  };
}

function judgeBasics({ tools }: QemuReport): Opinion {
  if (tools.flock.path !== null) return {};
  const text = 'flock is not installed, and without it two programs could write to the disks of one machine.';
  return { refusals: [{ code: 'tool-missing', text, hint: installing(tools.flock) }] };
}

function judgeDevices({ devices }: MachineDefinition): Opinion {
  if (devices.length === 0) return {};
  const text = 'Giving real devices of this PC to a machine is not possible yet.';
  return {
    refusals: [{ code: 'devices-unsupported', text, hint: 'Take the devices out of the definition.' }],
  };
}

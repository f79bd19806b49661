// SPDX-License-Identifier: Apache-2.0
//
// Copy and paste between the viewers of the screen and the guest. QEMU keeps one clipboard for all its viewers; for
// the guest's part it plays the client of SPICE's agent (spice-vdagent), which desktops of Linux and the SPICE
// guest tools for Windows bring.
//
// Before QEMU 10.1 this device keeps a machine from being migrated, and so from a snapshot with memory.
import type { MachineDefinition } from '../../contract/machine.ts';
import { device, pairs } from './arguments.ts';
import { nothing, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

const backend = 'qemu-vdagent';

function isWanted({ clipboard, display }: MachineDefinition): boolean {
  return clipboard && display.type === 'vnc';
}

export function judgeClipboard(definition: MachineDefinition, report: QemuReport): Opinion {
  if (!isWanted(definition) || report.answers.chardevs.includes(backend)) return {};
  const text = `${lack(report)}, so the clipboard is not shared with the guest.`;
  const hint = 'Install the QEMU of your distribution, or set clipboard to false.';
  return { losses: [{ code: 'clipboard-missing', text, hint }] };
}

const lack = ({ binary, version }: QemuReport): string =>
  `${binary} (version ${version}) was built without ${backend}`;

export function hasClipboard({ definition, report }: Pick<Site, 'definition' | 'report'>): boolean {
  return isWanted(definition) && report.answers.chardevs.includes(backend);
}

export function planClipboard(site: Site): Part {
  if (!isWanted(site.definition)) return nothing;
  if (!hasClipboard(site))
    return { arguments: [], decisions: [{ what: 'clipboard: none', why: lack(site.report) }] };
  return {
    arguments: [
      // The pointer of our machines is absolute already; the agent's own would only fight with it.
      '-chardev',
      pairs(backend, { id: 'clipboard', clipboard: 'on', mouse: 'off' }),
      // The name by which the agent in the guest finds its port.
      ...device({
        driver: 'virtserialport',
        id: 'clipboard',
        bus: 'ports.0',
        chardev: 'clipboard',
        name: 'com.redhat.spice.0',
      }),
    ],
  };
}

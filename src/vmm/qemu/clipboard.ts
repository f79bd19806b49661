// SPDX-License-Identifier: Apache-2.0
//
// Copy and paste between the viewers of the screen and the guest. QEMU keeps one clipboard for all its viewers; for
// the guest's part it plays the client of SPICE's agent (spice-vdagent), which desktops of Linux and the SPICE
// guest tools for Windows bring.
//
// Before QEMU 10.1 this device keeps a machine from being migrated, and so from being saved: it is taken away meanwhile.
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { device, pairs } from './arguments.ts';
import { nothing, type Opinion, type Part, type Site } from './part.ts';
import { isRecord, type Qmp } from './qmp.ts';
import type { QemuReport } from './report.ts';

const backend = 'qemu-vdagent';
const port = {
  driver: 'virtserialport',
  id: 'clipboard',
  bus: 'ports.0',
  chardev: 'clipboard',
  // The name by which the agent in the guest finds its port.
  name: 'com.redhat.spice.0',
} as const;

// It goes at once, also while the guest is paused; this is for a PC that is very busy (ms).
const lookInterval = 10;
const mostLooks = 500;

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
      ...device(port),
    ],
  };
}

/** Whether this QEMU saves no machine that has a clipboard. */
export async function clipboardIsInTheWay(qmp: Qmp): Promise<boolean> {
  const answer = await qmp.execute('query-migrate');
  const reasons = isRecord(answer) ? answer['blocked-reasons'] : undefined;
  return Array.isArray(reasons) && reasons.some((reason) => String(reason).includes('vdagent'));
}

/**
 * The guest sees its port vanish, as on a PC where somebody pulls it out. What is left in its place tells a later service
 * that there is one to give back.
 */
export async function takeClipboard(qmp: Qmp): Promise<void> {
  await qmp.execute('device_del', { id: port.id });
  // It lets go of its other end only a little after it is gone, and nothing tells when.
  for (let looks = 1; ; looks += 1) {
    try {
      await qmp.execute('chardev-remove', { id: port.chardev });
      break;
    } catch (error) {
      if (looks === mostLooks || !(error instanceof PhyllomeError) || error.code !== 'vmm-refused')
        throw error;
    }
    await delay(lookInterval);
  }
  await qmp.execute('chardev-add', { id: port.chardev, backend: { type: 'null', data: {} } });
}

/** Undoes `takeClipboard`, however far that came. Without it, nothing happens. */
export async function giveClipboardBack(qmp: Qmp): Promise<void> {
  const other = list(await qmp.execute('query-chardev')).find(({ label }) => label === port.chardev);
  if (other === undefined) return;
  const devices = list(await qmp.execute('qom-list', { path: '/machine/peripheral' }));
  if (devices.some(({ name }) => name === port.id)) return;
  await qmp.execute('chardev-remove', { id: port.chardev });
  await addClipboard(qmp);
}

/** The agent in the guest finds its port and begins a new conversation. */
export async function addClipboard(qmp: Qmp): Promise<void> {
  const data = { clipboard: true, mouse: false };
  await qmp.execute('chardev-add', { id: port.chardev, backend: { type: backend, data } });
  await qmp.execute('device_add', port);
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

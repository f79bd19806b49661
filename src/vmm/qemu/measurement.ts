// SPDX-License-Identifier: Apache-2.0
//
// What AMD's secure processor measured of a guest before its first instruction. Facts: qapi/misc-i386.json of QEMU.
import type { ConfidentialKind } from '../../host/confidential.ts';
import type { Measurement } from '../../contract/vmm.ts';
import { isRecord, type Qmp } from './qmp.ts';

const inside: Readonly<Partial<Record<ConfidentialKind, string>>> = {
  'sev-snp': 'Only the guest can ask for its report (/dev/sev-guest): what this PC would say proves nothing.',
  tdx: 'Only the guest can ask for its report (/dev/tdx_guest): what this PC would say proves nothing.',
};

/** Stays the same for the life of the VMM, so it is asked once. */
export async function readMeasurement(qmp: Qmp, kind: ConfidentialKind): Promise<Measurement> {
  const nothing = { kind, launch: null, policy: null, firmware: null };
  // QEMU has no words about TDX at all.
  if (kind === 'tdx') return { ...nothing, note: inside.tdx ?? '' };
  const info = await qmp.execute('query-sev');
  if (!isRecord(info) || info['enabled'] !== true)
    return { ...nothing, note: 'QEMU says that the memory of this guest is not encrypted.' };
  const policy = kind === 'sev-snp' ? info['snp-policy'] : info['policy'];
  const known = {
    ...nothing,
    policy: typeof policy === 'number' ? `0x${policy.toString(16)}` : null,
    firmware: firmwareOf(info),
  };
  if (kind === 'sev-snp') return { ...known, note: inside[kind] ?? '' };
  const measured = await qmp.execute('query-sev-launch-measure');
  const data = isRecord(measured) ? measured['data'] : undefined;
  return {
    ...known,
    launch: typeof data === 'string' ? data : null,
    note: 'Compare it with what you compute of firmware, kernel hashes and policy (docs/confidential.md), elsewhere than on this PC.',
  };
}

/** The firmware of the secure processor: "1.55 build 22". It goes into the measurement. */
function firmwareOf(info: Record<string, unknown>): string | null {
  const { 'api-major': major, 'api-minor': minor, 'build-id': build } = info;
  const known = [major, minor, build].every((part) => typeof part === 'number');
  return known ? `${String(major)}.${String(minor)} build ${String(build)}` : null;
}

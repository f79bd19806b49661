// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../contract/host.ts';
import type { Paths } from '../contract/paths.ts';
import { diagnose } from '../host/doctor/diagnose.ts';
import { privateNames, shareable } from '../host/doctor/share.ts';
import { hostReport } from '../host/host-report.ts';
import { openTree } from '../host/tree.ts';
import type { Engine } from './engine.ts';

/** What this PC is, and what the doctor says of it. Looked at when asked, never before. */
export function createThisPc(paths: Paths): Pick<Engine, 'host' | 'doctor' | 'shareableReport'> {
  let reading: Promise<HostReport> | null = null;
  // The page asks for report and findings at once: they share one look.
  const host = (): Promise<HostReport> => {
    reading ??= hostReport(paths.cache, '/', [
      { purpose: 'machines', path: paths.data },
      { purpose: 'cache', path: paths.cache },
    ]).finally(() => (reading = null));
    return reading;
  };
  return {
    host,
    doctor: async () => diagnose(await host()),
    shareableReport: async () => shareable(await host(), privateNames(openTree('/'))),
  };
}

// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../contract/host.ts';
import type { Paths } from '../contract/paths.ts';
import type { Engine } from './engine.ts';

/**
 * What this PC is, and what the doctor says of it. Looked at when asked, never before: the code for it is loaded then
 * as well, because a service that only runs machines needs none of it.
 */
export function createThisPc(paths: Paths): Pick<Engine, 'host' | 'doctor' | 'shareableReport'> {
  let reading: Promise<HostReport> | null = null;
  // The page asks for report and findings at once: they share one look.
  const host = (): Promise<HostReport> => {
    reading ??= look().finally(() => (reading = null));
    return reading;
  };
  const look = async (): Promise<HostReport> => {
    const { hostReport } = await import('../host/host-report.ts');
    return hostReport(paths.cache, '/', [
      { purpose: 'machines', path: paths.data },
      { purpose: 'cache', path: paths.cache },
    ]);
  };
  return {
    host,
    async doctor() {
      const { diagnose } = await import('../host/doctor/diagnose.ts');
      return diagnose(await host());
    },
    async shareableReport() {
      const { privateNames, shareable } = await import('../host/doctor/share.ts');
      const { openTree } = await import('../host/tree.ts');
      return shareable(await host(), privateNames(openTree('/')));
    },
  };
}

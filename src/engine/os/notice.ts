// SPDX-License-Identifier: Apache-2.0
import type { OsImage, OsNotice, OsSlots } from '../../contract/os.ts';
import { compareVersions } from '../../host/systemd-version.ts';

/** What a person should know of a newer version that is here and does not run. */
export function noticeOf({ version: runs }: OsImage, failed: OsSlots['failed']): OsNotice | null {
  const newer = failed.filter(({ version }) => compareVersions(version, runs) > 0);
  const newest = newer.toSorted((a, b) => compareVersions(b.version, a.version))[0];
  if (newest === undefined) return null;
  const { version, why } = newest;
  const words = {
    unhealthy: `Version ${version} did not come up healthy. Version ${runs} runs again.`,
    damaged: `Version ${version} could not be started any more. Version ${runs} runs instead.`,
    'put-aside': `You went back from version ${version} to version ${runs}. A newer version is installed as always.`,
  };
  return { what: why, version, runs, text: words[why] };
}

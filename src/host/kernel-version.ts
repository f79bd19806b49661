// SPDX-License-Identifier: Apache-2.0

/** Is a kernel release ("6.8.0-49-generic") at least this version ("6.13")? null when it is no version. */
export function atLeastRelease(release: string, wanted: string): boolean | null {
  const found = /^(\d+)\.(\d+)/.exec(release);
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  if (found === null) return null;
  const [, ownMajor, ownMinor] = found.map(Number);
  if (ownMajor !== major) return (ownMajor ?? 0) > major;
  return (ownMinor ?? 0) >= minor;
}

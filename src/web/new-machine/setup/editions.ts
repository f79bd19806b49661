// SPDX-License-Identifier: Apache-2.0

const desktop = ['Home', 'Pro', 'Education', 'Pro Education', 'Pro for Workstations', 'Enterprise'];
// As Microsoft names the images on its media: those with a desktop have no addition.
const server = [
  ['SERVERSTANDARD', 'Standard, Desktop Experience'],
  ['SERVERSTANDARDCORE', 'Standard'],
  ['SERVERDATACENTER', 'Datacenter, Desktop Experience'],
  ['SERVERDATACENTERCORE', 'Datacenter'],
] as const;

/** Editions of a Windows by its id, as its images are named on the medium; empty when they are not known. */
export function editionsOf(system: string | null): { value: string; label: string }[] {
  const [, version] = /^win(10|11)$/.exec(system ?? '') ?? [];
  if (version !== undefined)
    return desktop
      .map((edition) => `Windows ${version} ${edition}`)
      .map((name) => ({ value: name, label: name }));
  const [, year] = /^win2k(16|19|22|25)$/.exec(system ?? '') ?? [];
  if (year === undefined) return [];
  return server.map(([image, label]) => ({ value: `Windows Server 20${year} ${image}`, label }));
}

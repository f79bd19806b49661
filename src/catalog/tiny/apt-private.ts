// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PrivateApt {
  /** Where apt keeps everything it would otherwise keep in /var */
  directory: string;
  /** As Debian calls it */
  architecture: string;
  /** Lines of a sources.list; left out: the sources of this PC */
  sources?: readonly string[] | undefined;
}

/**
 * Settings that give apt a state, a cache and an architecture of its own below `directory`. Paths are passed as options, because apt's configuration files cannot quote every path.
 */
export async function privateAptSettings(options: PrivateApt): Promise<string[]> {
  const { directory, architecture, sources } = options;
  const file = (name: string): string => join(directory, name);
  await mkdir(file('lists/partial'), { recursive: true });
  await mkdir(file('archives/partial'), { recursive: true });
  await writeFile(file('status'), '');
  await writeFile(
    file('apt.conf'),
    [
      '#clear APT::Architectures;',
      `APT::Architecture "${architecture}";`,
      `APT::Architectures { "${architecture}"; };`,
      // What the machine does after its own updates is not for ours.
      '#clear APT::Update;',
      // Only the lists of packages: no translations, no data of software centres.
      'Acquire::Languages "none";',
      ...['DEP-11', 'DEP-11-icons-small', 'DEP-11-icons', 'DEP-11-icons-hidpi', 'CNF', 'Contents-deb'].map(
        (target) => `Acquire::IndexTargets::deb::${target}::DefaultEnabled "false";`,
      ),
      // apt run by root gives up its rights to a user who cannot enter our folder.
      'APT::Sandbox::User "root";',
      '',
    ].join('\n'),
  );
  const settings = [
    `Dir::State=${directory}`,
    `Dir::State::lists=${file('lists')}`,
    `Dir::State::status=${file('status')}`,
    `Dir::Cache=${directory}`,
  ];
  if (sources !== undefined) {
    await writeFile(file('sources.list'), sources.map((line) => `${line}\n`).join(''));
    settings.push(`Dir::Etc::sourcelist=${file('sources.list')}`, 'Dir::Etc::sourceparts=-');
  }
  return ['-c', file('apt.conf'), ...settings.flatMap((setting) => ['-o', setting])];
}

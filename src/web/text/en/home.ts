// SPDX-License-Identifier: Apache-2.0

export const home = {
  title: 'Machines',
  newMachine: 'New Machine',
  search: 'Search machines',
  searchHint: 'Name or system',
  clearSearch: 'Clear search',
  /** "3 machines" */
  count: (count: number, shown: string) => (count === 1 ? '1 machine' : `${shown} machines`),
  found: (found: string, all: string) => `${found} of ${all} machines`,
  /** Running and paused ones */
  running: (shown: string, memory: string, most: string) =>
    `${shown} on, with ${memory} of ${most} of memory`,
  noneFound: {
    title: 'No machine matches',
    text: (words: string) => `No name or system holds “${words}”.`,
  },
  list: 'Machines',
  /** The name of a card's link */
  openMachine: (name: string) => `Open ${name}`,
  menu: (name: string) => `More for ${name}`,
  pictureOf: (name: string) => `Screen of ${name}`,
  processor: 'Processor',
  memory: 'Memory',
  processorUse: (share: string, processors: string) => `${share} of ${processors}`,
  memoryUse: (used: string, all: string) => `${used} of ${all}`,
  measuring: 'Measuring…',
  processors: (count: number, shown: string) => (count === 1 ? '1 processor' : `${shown} processors`),
  showLog: 'Show Log',
  showDefinition: 'Show Definition',
  moreProblems: (count: number) => (count === 1 ? 'and 1 more problem' : `and ${count} more problems`),
  otherSystem: 'Other system',
  noScreen: 'No screen',
  creating: 'Being made',
  abort: 'Abort',
  abortOf: (what: string) => `Abort “${what}”`,
  empty: {
    title: 'No machines yet',
    text: 'A machine is a computer inside this one, with a system of its own. The tiny Linux is made on this PC in seconds, a good first one.',
    tryTiny: 'Try the Tiny Linux',
    making: 'Making the tiny Linux',
    starting: 'Starting it',
  },
};

// SPDX-License-Identifier: Apache-2.0

export const tasks = {
  title: 'Tasks',
  running: 'Running',
  ended: 'Ended Lately',
  working: 'Working…',
  /** What the service says while it works, for other languages: see step-words.ts */
  steps: {} as Readonly<Record<string, string>>,
  asks: 'The installer asks something and waits for you.',
  look: 'Look at Its Screen',
  bytes: (done: string, total: string) => `${done} of ${total}`,
  left: (time: string) => `${time} left`,
  began: (ago: string) => `began ${ago}`,
  took: (ago: string, time: string) => `${ago}, took ${time}`,
  states: { running: 'Running', done: 'Done', failed: 'Failed', aborted: 'Aborted' },
  openMachine: 'Open Machine',
  useImage: (name: string) => `In the library as ${name}`,
  abort: 'Abort',
  /** Closes a dialog while its task goes on */
  hide: 'Go On in the Background',
  abortOf: (what: string) => `Abort “${what}”`,
  abortTitle: (what: string) => `Abort “${what}”?`,
  abortText: 'What it has done so far is undone.',
  abortBytes: (bytes: string) =>
    `The ${bytes} that were moved so far are removed, and have to be moved again.`,
  goOn: 'Go On',
  empty: {
    title: 'No tasks',
    text: 'Long work, such as making a machine or a download, is shown here with its progress.',
  },
};

// SPDX-License-Identifier: Apache-2.0

/** What a machine does: plots, and what runs it. */
export const activity = {
  span: 'How far back',
  spans: { minute: '1 minute', tenMinutes: '10 minutes', hour: '1 hour', sixHours: '6 hours', day: '1 day' },
  cpu: 'Processors',
  memory: 'Memory',
  disks: 'Disks',
  diskRead: 'Read',
  diskWrite: 'Written',
  network: 'Network',
  networkReceive: 'Received',
  networkSend: 'Sent',
  processors: { one: 'processor', other: 'processors' },
  ofProcessors: (count: number, processors: string) => `busy, of ${count} ${processors}`,
  guestHas: (size: string) => `of this PC; the guest has ${size}`,
  peak: (value: string) => `at most ${value}`,
  notRunning: (state: string, time: string) => `${state} since ${time}. The plots show what was before.`,
  asTable: 'Show as table',
  tableOf: (title: string) => `${title} as a table`,
  time: 'Time',
  summary: (label: string, now: string, peak: string, mean: string, running: boolean) =>
    `${label}: ${running ? `now ${now}, ` : ''}at most ${peak}, on average ${mean}`,
  summaryNothing: (label: string) => `${label}: nothing was recorded`,
  about:
    'Memory is what the VMM and its helpers take of this PC; the guest may use less of it. The last day is kept, and goes on while this page is closed.',
  runs: {
    title: 'What runs it',
    vmm: 'VMM',
    accelerator: 'Accelerator',
    native: 'The processor of this PC runs the guest itself: full speed.',
    emulated: 'The guest’s processor is emulated: everything works, but slowly.',
    why: 'Why?',
    pid: 'Process',
    since: 'Running since',
  },
};

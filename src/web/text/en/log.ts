// SPDX-License-Identifier: Apache-2.0

/** What happened to a machine, and what was written about it. */
export const log = {
  views: { label: 'Show', events: 'Events', logs: 'Logs' },
  copyRefused: 'The browser did not allow it. Select the text and copy it yourself.',
  crash: { title: 'The machine crashed', log: 'The last lines of the log that belongs to it' },
  nothing: 'Nothing has happened yet.',
  older: 'Load Older',
  events: {
    'machine.created': 'Created',
    'machine.changed': 'Settings changed',
    'machine.deleted': 'Moved to the bin',
    'machine.restored': 'Restored from the bin',
    'machine.erased': 'Erased',
    'machine.ready': 'The guest is ready',
    'machine.reset': 'The guest began anew',
  },
  states: {
    saved: 'Saved',
    stopped: 'Is off',
    starting: 'Starts',
    running: 'Runs',
    paused: 'Is paused',
    stopping: 'Shuts down',
    broken: 'Its definition cannot be used',
  },
  crashed: (reason: string) => `Crashed: ${reason}`,
  failed: 'Something went wrong',
  pausedBecause: (reason: string) => `Was paused: ${reason}`,
  source: {
    label: 'Log',
    serial: 'Serial port: what the guest wrote',
    vmm: 'VMM: what runs the machine',
    helper: (name: string) => `Helper ${name}`,
  },
  lines: { label: 'Lines', last: (count: string) => `The last ${count} lines` },
  refresh: 'Refresh',
  readAt: (time: string) => `Read at ${time}`,
  empty: 'This log is empty.',
  copy: 'Copy the log',
  download: 'Download',
  text: (source: string) => `Log: ${source}`,
};

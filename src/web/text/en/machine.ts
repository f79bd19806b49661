// SPDX-License-Identifier: Apache-2.0

/** The frame of a machine's view, and what can be done with a machine. */
export const machine = {
  tabs: {
    label: 'Parts of this machine',
    screen: 'Screen',
    console: 'Console',
    activity: 'Activity',
    snapshots: 'Snapshots',
    settings: 'Settings',
    log: 'Log',
  },
  showLog: 'Show the Log',
  showSettings: 'Show Settings',
  starting: 'It will be here in a moment.',
  saved: 'Its memory is on the disk. It goes on where it was when you start it.',
  off: 'Its screen and console are here while it runs.',
  undo: 'Undo',
  deleted: (name: string) => `${name} is in the bin`,
  cutPower: {
    title: (name: string) => `Cut the power of ${name}?`,
    text: 'The guest is not asked. What it has not written to its disks is lost, as with a PC whose plug is pulled.',
    offer: 'Cut Power…',
  },
  reset: {
    title: (name: string) => `Reset ${name}?`,
    text: 'The guest is not asked and begins anew. What it has not written to its disks is lost.',
  },
  saving: (name: string) => `Saving ${name}`,
  discardSaved: {
    title: (name: string) => `Discard the saved state of ${name}?`,
    text: 'What was in its memory is lost, as with a PC whose plug is pulled. It boots at its next start.',
    label: 'Discard',
  },
  template: 'A base for clones: it neither starts nor changes.',
  isTemplate: (name: string) => `${name} is a template now, and stays as it is`,
  isNoTemplate: (name: string) => `${name} is a machine like any other again`,
  not: {
    busy: (what: string) => `Wait until this has ended: ${what}`,
    template: 'It is a template, which never changes.',
    states: {
      stopped: 'Only while it runs.',
      crashed: 'Only while it runs.',
      running: 'Shut it down first.',
      paused: 'Resume it and shut it down first.',
      saved: 'Resume it and shut it down, or discard its saved state first.',
      starting: 'Wait a moment until it runs.',
      stopping: 'Wait a moment until it is off.',
      broken: 'Repair its definition first.',
    },
  },
  rename: { title: (name: string) => `Rename ${name}`, label: 'New name' },
};

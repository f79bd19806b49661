// SPDX-License-Identifier: Apache-2.0

/** Snapshots of a machine. Loaded with the view that shows them, not with the page. */
export const snapshots = {
  views: { label: 'What is shown', snapshots: 'Snapshots', backups: 'Backups' },
  title: 'Snapshots',
  about: 'States of the whole machine to come back to: its disks, firmware and settings.',
  list: 'Snapshots, the newest first',
  takeFirst: 'Take Snapshot…',
  empty: {
    title: 'No snapshots yet',
    text: 'A snapshot keeps the whole machine as it is now, so that you can try anything and come back.',
  },

  encrypted: 'Its disks are encrypted, which snapshots cannot be yet.',

  now: {
    title: 'Now',
    state: (state: string, ago: string) => `${state}, ${ago}`,
    follows: (name: string) => `Goes on from “${name}”`,
    followsNone: 'Goes on from none of them',
  },
  follows: (name: string) => `after “${name}”`,
  followsNone: 'the first of its line',
  taken: (ago: string) => `Taken ${ago}`,
  memory: 'With Memory',
  memoryAbout: 'The guest goes on where it was; it is not booted.',
  automatic: {
    'before-revert': 'Before going back',
    hourly: 'Hourly',
    daily: 'Daily',
    weekly: 'Weekly',
    backup: 'For a backup',
  },
  freesShort: (bytes: string) => `frees ${bytes}`,
  frees: (bytes: string) => `Deleting it frees about ${bytes}`,
  freesNothing: 'Deleting it frees nothing yet',
  noPicture: 'No picture',
  pictureOf: (name: string) => `The screen at ${name}`,
  menu: (name: string) => `More for ${name}`,
  show: (name: string) => `Show ${name}`,
  facts: 'Facts',
  when: 'Taken',
  why: 'Why',
  asked: 'Somebody asked for it',
  holds: 'Holds',
  holdsDisks: 'Disks, firmware and settings',
  holdsMemory: 'Disks, firmware, settings and memory',
  space: 'Space',
  note: 'Note',

  dialog: {
    title: 'Take a Snapshot',
    name: 'Name',
    namePlaceholder: 'Left empty: the time',
    note: 'Note',
    notePlaceholder: 'What you are about to try, or how it was',
    memory: 'Keep the memory, too',
    memoryAbout: (size: string) =>
      `Going back then resumes the guest right where it is. Takes up to ${size} and stops the guest for a moment.`,
    noMemory: 'Without memory, going back is like a boot after a power cut.',
    label: 'Take',
    taken: (name: string) => `The snapshot “${name}” is taken`,
    takenNow: 'The snapshot is taken',
  },

  goBack: {
    action: 'Go Back…',
    of: (name: string) => `Go back to ${name}`,
    title: (name: string) => `Go Back to “${name}”?`,
    text: (machine: string) =>
      `${machine} becomes as it was then: its disks, firmware and settings. All snapshots stay.`,
    resumes: 'The guest goes on where it was then.',
    boots: 'It is off afterwards.',
    bootsAgain: 'It is switched off at once and started anew.',
    ends: 'What runs in it now is ended at once.',
    keep: 'Keep how it is now as a snapshot first',
    keepAbout: 'You can then come back from there, too.',
    discard: 'Discard how it is now',
    discardAbout: (ago: string) => `Everything since the last snapshot (${ago}) is lost for good.`,
    discardAll: 'Everything in it now is lost for good.',
    choice: 'How it is now',
    label: 'Go Back',
    discardLabel: 'Discard and Go Back',
    done: (name: string) => `It is as it was at “${name}”`,
  },

  edit: {
    action: 'Name and Note…',
    title: 'Name and Note',
    label: 'Save',
    keeps: 'It is no longer removed by itself once you have changed it.',
  },

  delete: {
    action: 'Delete…',
    title: (name: string) => `Delete the snapshot “${name}”?`,
    text: 'You cannot come back to it any more. The machine and all its other snapshots stay as they are.',
    frees: (bytes: string) => `About ${bytes} become free.`,
    freesLater: 'What only it needs becomes free once the machine is off.',
    label: 'Delete',
    done: (name: string) => `The snapshot “${name}” is deleted`,
  },

  clone: 'New Machine from It…',
};

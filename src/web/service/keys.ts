// SPDX-License-Identifier: Apache-2.0

/** Under which names what was loaded is kept. */
export const keys = {
  service: ['service'],
  host: ['host'],
  doctor: ['doctor'],
  fixes: ['fixes'],
  budget: ['budget'],
  catalog: ['catalog'],
  vmms: ['vmms'],
  machines: ['machines'],
  machine: (id: string) => ['machine', id],
  definition: (id: string) => ['machine', id, 'definition'],
  plan: (id: string) => ['machine', id, 'plan'],
  snapshots: (id: string) => ['machine', id, 'snapshots'],
  disks: (id: string) => ['machine', id, 'disks'],
  backups: (id: string) => ['machine', id, 'backups'],
  deletion: (id: string) => ['machine', id, 'deletion'],
  verdicts: (id: string) => ['machine', id, 'vmms'],
  // Not of the machine: it is not asked again while the machine is being moved.
  move: (id: string, to: string) => ['move', id, to],
  logs: (id: string, source: string) => ['logs', id, source],
  events: (id: string) => ['events', id],
  load: (id: string, seconds: number) => ['load', id, seconds],
  bin: ['bin'],
  binStatus: ['bin', 'status'],
  blockDevices: ['block-devices'],
  images: ['images'],
  identified: (file: string | null) => ['identified', file],
  files: (path: string | null) => ['files', path],
  tasks: ['tasks'],
} as const;

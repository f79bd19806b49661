// SPDX-License-Identifier: Apache-2.0
//
// What Firecracker is told before the guest runs, in its order: the machine, its kernel, then its devices, which the guest
// sees in the order in which they are told.
import { join } from 'node:path';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import type { PlannedRequest } from '../../contract/plan.ts';
import { locate } from '../../disk/locate.ts';
import { guestTap } from '../../host/pasta-command.ts';
import type { MachinePaths } from '../driver.ts';
import { macAddress } from '../mac.ts';
import { bootArguments } from './judge.ts';

export interface Site {
  definition: MachineDefinition;
  paths: MachinePaths;
}

export function memoryMiB({ memory }: Pick<MachineDefinition, 'memory'>): number {
  return Math.ceil(memory / 2 ** 20);
}

export function requestsFor(site: Site): PlannedRequest[] {
  const { definition } = site;
  return [
    put('/machine-config', {
      vcpu_count: definition.cpu.vcpus,
      mem_size_mib: memoryMiB(definition),
      smt: definition.architecture === 'x86_64' && definition.cpu.topology?.threads === 2,
    }),
    bootSource(site),
    ...drives(site),
    ...networkInterfaces(definition),
    ...vsock(site),
    ...(definition.rng ? [put('/entropy', {})] : []),
    // It holds no memory; a guest in need takes what it might hold.
    ...(definition.balloon ? [put('/balloon', { amount_mib: 0, deflate_on_oom: true })] : []),
  ];
}

const put = (path: string, body: unknown): PlannedRequest => ({ method: 'PUT', path, body });

function bootSource({ definition, paths }: Site): PlannedRequest {
  const { boot } = definition;
  if (boot.type !== 'kernel') throw new Error('planned although judge() refused');
  return put('/boot-source', {
    kernel_image_path: locate(paths.machine, boot.kernel),
    ...(boot.initrd !== undefined && { initrd_path: locate(paths.machine, boot.initrd) }),
    boot_args: bootArguments(definition),
  });
}

function drives({ definition: { disks, removable }, paths }: Site): PlannedRequest[] {
  return [
    ...disks.map((disk, index) => drive(`disk${index}`, locate(paths.machine, disk.file), disk)),
    ...removable.flatMap(({ file }, index) =>
      file === undefined
        ? []
        : [drive(`removable${index}`, locate(paths.machine, file), { readOnly: true, cache: 'writeback' })],
    ),
  ];
}

function drive(
  id: string,
  file: string,
  { readOnly, cache }: Pick<Disk, 'readOnly' | 'cache'>,
): PlannedRequest {
  return put(`/drives/${id}`, {
    drive_id: id,
    path_on_host: file,
    // It would write "root=/dev/vda" behind our command line, which says itself where the root is.
    is_root_device: false,
    is_read_only: readOnly,
    // By default it does not let the guest flush at all.
    cache_type: cache === 'unsafe' ? 'Unsafe' : 'Writeback',
    // The other one (io_uring) is a preview, and switched off on many PCs.
    io_engine: 'Sync',
  });
}

function networkInterfaces({ id, nics }: MachineDefinition): PlannedRequest[] {
  return nics.flatMap((nic, index) =>
    nic.type === 'user'
      ? [
          put(`/network-interfaces/nic${index}`, {
            iface_id: `nic${index}`,
            guest_mac: nic.mac ?? macAddress(id, index),
            host_dev_name: guestTap,
          }),
        ]
      : [],
  );
}

function vsock({ definition, paths }: Site): PlannedRequest[] {
  if (definition.vsock === undefined) return [];
  return [put('/vsock', { guest_cid: definition.vsock.cid, uds_path: join(paths.run, 'vsock') })];
}

// SPDX-License-Identifier: Apache-2.0
//
// The machine as Cloud Hypervisor wants to hear it: VmConfig of its API description, as JSON, so nothing is escaped.
import { join } from 'node:path';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { isWindows } from '../guest-os.ts';
import { macAddress } from '../mac.ts';
import type { MachinePaths } from '../driver.ts';
import { usableShares } from './judge.ts';
import type { CloudHypervisorReport } from './report.ts';
import { runFiles } from './run-files.ts';

const MiB = 2 ** 20;
// Its queues are counted one by one: one to receive, one to send.
const queuePair = 2;

type Json = Record<string, unknown>;

/** Ids by which `vm.counters` calls them. */
const diskId = (index: number): string => `disk${index}`;

export interface Site {
  definition: MachineDefinition;
  report: CloudHypervisorReport;
  paths: MachinePaths;
}

export function vmConfig(site: Site): Json {
  const { definition, report, paths } = site;
  const { serialPorts, balloon, vsock, tpm, id } = definition;
  const files = runFiles(paths.run);
  const nics = planNics(site);
  const shares = planShares(site);
  const landlock = report.landlock;
  return {
    payload: payload(site),
    cpus: cpus(definition),
    // Other processes take part in the guest's memory only where they have to.
    memory: { size: memoryBytes(definition), shared: nics.length > 0 || shares.length > 0 },
    disks: [...definition.disks.map((disk, index) => planDisk(disk, index, paths.machine)), ...media(site)],
    ...(nics.length > 0 && { net: nics }),
    ...(shares.length > 0 && { fs: shares }),
    ...(vsock !== undefined && { vsock: { cid: vsock.cid, socket: files.vsock, id: 'vsock' } }),
    // There is always one; left out, it would read the same.
    rng: { src: '/dev/urandom' },
    ...(balloon && { balloon: { size: 0, deflate_on_oom: true, free_page_reporting: true } }),
    ...(tpm === 'emulated' && { tpm: { socket: tpmSocket(paths.run) } }),
    serial: { mode: serialPorts > 0 ? 'Pty' : 'Off' },
    // Otherwise it would be the terminal that we do not have.
    console: { mode: 'Off' },
    // Tells us when the kernel of the guest panics.
    pvpanic: true,
    // The old name of system_uuid: 52 knows no other, and newer ones know both.
    platform: { uuid: id },
    // The option --landlock is only taken with a machine on the command line. This way it holds for the thread that opens
    // files and for all that it starts, which is all but the API and the events.
    ...(landlock && { landlock_enable: true, landlock_rules: landlockRules(site) }),
  };
}

/** Memory is mapped in whole pages; in MiB, as everywhere, it is easier to read. */
export function memoryBytes({ memory }: Pick<MachineDefinition, 'memory'>): number {
  return Math.ceil(memory / MiB) * MiB;
}

const tpmSocket = (run: string): string => join(run, 'tpm');

function payload({ definition: { boot }, report, paths }: Site): Json {
  if (boot.type === 'kernel') {
    const { kernel, initrd, commandLine } = boot;
    return {
      kernel: locate(paths.machine, kernel),
      ...(initrd !== undefined && { initramfs: locate(paths.machine, initrd) }),
      cmdline: commandLine,
    };
  }
  if (report.firmware.found === null) throw new Error('planned although judge() refused');
  return { firmware: report.firmware.found.file };
}

function cpus(definition: MachineDefinition): Json {
  const { vcpus, topology } = definition.cpu;
  return {
    boot_vcpus: vcpus,
    max_vcpus: vcpus,
    ...(topology && {
      topology: {
        threads_per_core: topology.threads,
        cores_per_die: topology.cores,
        dies_per_package: 1,
        packages: topology.sockets,
      },
    }),
    ...(isWindows(definition) && { kvm_hyperv: true }),
  };
}

/** The format is always said, so a guest cannot change it by writing another format's header. */
function planDisk(disk: Disk, index: number, machineDirectory: string): Json {
  const { file, format, readOnly, cache, discard, serial } = disk;
  return {
    id: diskId(index),
    path: locate(machineDirectory, file),
    image_type: format === 'qcow2' ? 'Qcow2' : 'Raw',
    // Before each start the disk room refuses chains that leave the machine's folder.
    ...(format === 'qcow2' && { backing_files: true }),
    readonly: readOnly,
    direct: cache === 'none',
    sparse: discard === 'unmap',
    ...(serial !== undefined && { serial }),
  };
}

/** An empty drive cannot be shown. */
function media({ definition: { removable }, paths }: Site): Json[] {
  return removable.flatMap(({ file }, index) =>
    file === undefined
      ? []
      : [
          {
            id: `removable${index}`,
            path: locate(paths.machine, file),
            image_type: 'Raw',
            readonly: true,
          },
        ],
  );
}

function planNics({ definition: { nics, id }, paths }: Site): Json[] {
  return nics.flatMap((nic, index) =>
    nic.type === 'user'
      ? [
          {
            id: `nic${index}`,
            mac: nic.mac ?? macAddress(id, index),
            vhost_user: true,
            vhost_socket: passtSocket(paths.run, index),
            // passt has one pair of queues.
            num_queues: queuePair,
          },
        ]
      : [],
  );
}

export const passtSocket = (run: string, index: number): string => join(run, `passt-${index}`);

function planShares({ definition, report, paths }: Site): Json[] {
  return usableShares(definition, report).map(({ tag }, index) => ({
    id: `share${index}`,
    tag,
    socket: shareSocket(paths.run, index),
    num_queues: 1,
    queue_size: 1024,
  }));
}

export const shareSocket = (run: string, index: number): string => join(run, `share${index}`);

/** Cloud Hypervisor adds what it finds in its configuration, but does not look into images for their backing files. */
function landlockRules({ definition: { disks }, paths }: Site): Json[] {
  if (!disks.some(({ format }) => format === 'qcow2')) return [];
  return [{ path: paths.machine, access: 'r' }];
}

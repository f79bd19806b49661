// SPDX-License-Identifier: Apache-2.0

/** How a disk hangs in the PC. A stick is a USB disk, a disc a CD. */
type DiskBus = 'nvme' | 'virtio' | 'stick' | 'disc';

export interface LabDisk {
  /** Also its serial number, by which a guest finds it: letters, digits and "-" */
  id: string;
  file: string;
  format: 'raw' | 'qcow2';
  bus: DiskBus;
  readOnly?: boolean;
  /** Sectors of 512 bytes whose writing fails, as those of a dying disk do */
  badSectors?: readonly number[];
  /** Virtual functions (SR-IOV) that an NVMe disk offers */
  functions?: number;
}

/** UEFI; UEFI that starts only what the builder signed; the BIOS of old PCs. */
export type LabFirmware = 'uefi' | 'secure-boot' | 'bios';

/** An emulated PC as data: what stands on its label, and what is plugged in. */
export interface PcSpec {
  memoryMiB: number;
  vcpus: number;
  firmware: LabFirmware;
  tpm: boolean;
  /** Plugged in at power-on, in boot order */
  disks: readonly LabDisk[];
  /** A network card with virtual functions, a USB controller with a stick and a graphics card, each alone in its IOMMU group */
  spares: boolean;
  /** false: no cable in the network card */
  online: boolean;
  /** Ports of the guest that are reached from here, as the guest knows them */
  ports: readonly number[];
  /** Given to the guest's systemd by its firmware: see systemd.system-credentials(7) */
  credentials: Readonly<Record<string, string>>;
  /** Added to the kernel's command line by systemd-stub; has no effect under Secure Boot */
  kernelArguments: readonly string[];
}

export const anyPc: PcSpec = {
  memoryMiB: 3072,
  vcpus: 2,
  firmware: 'uefi',
  tpm: true,
  disks: [],
  spares: false,
  online: true,
  ports: [],
  credentials: {},
  // What happens is told on the serial port, which is how a boot that fails is understood. On a busy PC the kernel counts
  // too few ticks of an emulated timer, and panics; and devices appear later than systemd waits for them.
  kernelArguments: [
    'console=tty0',
    'console=ttyS0',
    'systemd.show_status=yes',
    'loglevel=5',
    'no_timer_check',
    'systemd.default_device_timeout_sec=900',
    'systemd.default_timeout_start_sec=900',
  ],
};

// SPDX-License-Identifier: Apache-2.0

/** What VMMs can do, and which one runs a machine. Loaded with the views that show it, not with the page. */
export const vmm = {
  names: {
    qemu: 'QEMU',
    'cloud-hypervisor': 'Cloud Hypervisor',
    crosvm: 'crosvm',
    firecracker: 'Firecracker',
  },
  features: {
    kvm: 'KVM (guests at full speed)',
    'foreign-architecture': 'Guests of another architecture',
    windows: 'Windows',
    bios: 'BIOS',
    uefi: 'UEFI',
    'uefi-variables': 'UEFI settings are kept',
    'secure-boot': 'Secure Boot',
    'kernel-boot': 'Booting a kernel directly',
    micro: 'Micro machines',
    tpm: 'TPM',
    qcow2: 'Disks in the format qcow2',
    cdrom: 'CD drive',
    'disk-buses': 'SATA, SCSI, NVMe and USB disks',
    'user-network': 'Network without set-up',
    'port-forwards': 'Forwarded ports',
    bridge: 'Network by a bridge',
    'serial-console': 'Serial console',
    display: 'Screen',
    keyboard: 'Keyboard',
    sound: 'Sound',
    clipboard: 'Clipboard',
    'guest-agent': 'Guest agent',
    vsock: 'vsock',
    shares: 'Shared folders',
    'pci-devices': 'PCI devices of this PC',
    'usb-devices': 'USB devices of this PC',
    balloon: 'Memory balloon',
    pause: 'Pause',
    'power-button': 'Power button',
    reset: 'Reset',
    'media-change': 'Other media while it runs',
    'load-counters': 'Load of disks and network',
    sev: 'AMD SEV',
    'sev-es': 'AMD SEV-ES',
    'sev-snp': 'AMD SEV-SNP',
    tdx: 'Intel TDX',
    sgx: 'Intel SGX',
  },
  possible: { yes: 'Yes', partly: 'Partly', no: 'No' },
  sources: {
    asked: 'It says so itself',
    version: 'Known of this version',
    designYes: 'So by its design',
    designNo: 'Not possible by its design',
    host: 'Found out on this PC',
  },

  // ---- This PC ----
  list: {
    title: 'VMMs',
    about: 'The programs that run machines. One is enough; each is best at something else.',
    notUsable: 'Not usable',
    get: 'How to get it',
    can: 'What Each Can Do',
    canAbout: 'Open a line to see why, and how that is known.',
    feature: 'What',
    of: (architecture: string) => `Guests for ${architecture}`,
  },

  // ---- A machine's ----
  runs: {
    title: 'Runs on',
    about: 'The VMM that runs this machine from its next start on. The verdicts are of what is saved.',
    auto: 'Automatic',
    autoTakes: (name: string) => `The best that can, chosen at each start. Now that is ${name}.`,
    autoNone: 'The best that can, chosen at each start. Now none can.',
    autoAbout: 'The best that can, chosen at each start.',
    abouts: {
      qemu: 'Can do everything: every system, a screen, Windows.',
      'cloud-hypervisor': 'Lean, for servers without a screen.',
      crosvm: 'Strictly separated parts; boots kernels directly.',
      firecracker: 'Starts in an instant, and has as little as that takes.',
    },
    outcomes: { runs: 'Runs', 'runs-with-losses': 'With losses', cannot: 'Cannot' },
    judging: 'Being judged…',
    why: 'Why it cannot, and what to change',
    losses: (shown: string) => `What it would do without (${shown})`,
  },
  lacks: 'It does without',

  // ---- Advanced settings ----
  advanced: {
    title: 'Advanced',
    about: 'Board, encrypted memory, and machines for once',
    board: {
      label: 'Board',
      choices: {
        standard: { label: 'Standard', about: 'A whole PC.' },
        micro: {
          label: 'Micro',
          about: 'The fewest devices, for machines that start often and live briefly. Linux only.',
        },
      },
    },
    throwAway: {
      label: 'Throw away when it stops',
      about: 'The machine and its disks are erased as soon as it has stopped. They do not go to the bin.',
    },
    confidential: {
      label: 'Encrypted memory',
      choices: {
        none: { label: 'None', about: 'This PC could read the memory of the guest.' },
        sev: { label: 'AMD SEV', about: 'The processor encrypts the memory of the guest.' },
        'sev-es': { label: 'AMD SEV-ES', about: 'The state of the processor is encrypted as well.' },
        'sev-snp': { label: 'AMD SEV-SNP', about: 'This PC can also not exchange memory unnoticed.' },
        tdx: { label: 'Intel TDX', about: 'The same on processors of Intel.' },
      },
    },
    sgx: { label: 'SGX enclaves', about: 'Gives the guest a part of the enclave memory of this PC.' },
    epc: { label: 'Enclave memory', about: 'Of this PC’s, for the guest.' },
  },
};

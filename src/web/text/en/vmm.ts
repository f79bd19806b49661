// SPDX-License-Identifier: Apache-2.0
import { featureWords } from '../../../contract/feature-words.ts';

/** What VMMs can do, and which one runs a machine. Loaded with the views that show it, not with the page. */
export const vmm = {
  names: {
    qemu: 'QEMU',
    'cloud-hypervisor': 'Cloud Hypervisor',
    crosvm: 'crosvm',
    firecracker: 'Firecracker',
  },
  features: featureWords,
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
    get: 'Why, and what to do',
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
  measured: (kind: string) => `Measured at its start (${kind})`,
  move: {
    menu: 'Move To…',
    label: 'Move to another VMM',
    about:
      'Converts disks and firmware where that is needed, starts the machine there, and can be taken back.',
    saveFirst: 'Save or discard your changes first.',
    stopFirst: 'Shut the machine down first.',
    back: 'Back to Where It Was…',
    title: (machine: string, vmm: string) => `Move ${machine} to ${vmm}?`,
    backTitle: (machine: string) => `Move ${machine} back?`,
    move: 'Move',
    goBack: 'Move Back',
    refused: 'It cannot be moved as it is:',
    losses: 'There it would do without:',
    disks: 'Disks to be converted',
    disksAbout: 'A copy takes the place of each. Nothing is removed before the machine has started there.',
    changes: 'Changes of its definition',
    nothing: 'None',
    removed: '(removed)',
    start: {
      label: 'Start it there',
      about: 'So that it is known to work. If it does not start, everything is as it was before.',
    },
    runs: 'It was moved and is running. To take it back, shut it down and choose “Back to Where It Was…” here.',
    set: 'It was moved. What was replaced is kept until it was started once.',
  },

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

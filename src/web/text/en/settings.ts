// SPDX-License-Identifier: Apache-2.0

/** Everything that can be set of a machine. A field has a label and what it means for the person; a choice as well. */
export const settings = {
  views: { label: 'Show as', forms: 'Forms', yaml: 'YAML', plan: 'Launch plan' },

  // ---- What is not saved yet, and what waits ----
  bar: {
    label: 'Changes that are not saved',
    changes: { one: 'change', other: 'changes' },
    count: (count: number, changes: string) => `${count} ${changes}`,
    nextStart: 'takes effect at the next start',
    mistakes: { one: 'mistake to correct first', other: 'mistakes to correct first' },
    save: 'Save',
    discard: 'Discard',
    saved: 'Saved',
    savedForNextStart: 'Saved for the next start',
  },
  conflict: {
    text: (keys: string) => `Changed elsewhere in the meantime: ${keys}. You have changed the same.`,
    keepMine: 'Keep Mine',
    takeTheirs: 'Take Theirs',
  },
  pending: (keys: string) => `Changes wait for the next start: ${keys}.`,
  pendingHint: 'Shut the machine down and start it again; a restart from within the guest is not enough.',
  keys: {
    formatVersion: 'format',
    id: 'id',
    name: 'name',
    guestOs: 'system',
    architecture: 'architecture',
    cpu: 'processors',
    memory: 'memory',
    boot: 'firmware',
    tpm: 'TPM',
    disks: 'disks',
    removable: 'drives',
    nics: 'network',
    display: 'display',
    sound: 'sound',
    clock: 'clock',
    input: 'input',
    serialPorts: 'serial port',
    rng: 'entropy',
    balloon: 'balloon',
    agent: 'guest agent',
    clipboard: 'clipboard',
    vsock: 'vsock',
    shares: 'shared folders',
    devices: 'real hardware',
    vmm: 'VMM',
    autostart: 'automatic start',
    board: 'board',
    confidential: 'encrypted memory',
    sgx: 'SGX',
    encryption: 'encrypted disks',
    schedule: 'schedule',
    template: 'template',
    throwAway: 'throwing away',
  },
  problem: (found: string, allowed: string) => `Found ${found}. Allowed is ${allowed}.`,
  between: (least: string, most: string) => `A value from ${least} to ${most}.`,
  twice: 'The same stands elsewhere already.',
  add: 'Add',
  remove: 'Remove',
  none: 'None yet',

  // ---- General ----
  general: {
    title: 'General',
    name: {
      label: 'Name',
      about: 'What you call the machine. The guest does not see it.',
      wrong: '1 to 100 characters, without “/”, control characters and spaces at the ends.',
    },
    nameTaken: 'Another machine has this name already.',
    guestOs: {
      label: 'System',
      about:
        'Short id of what runs in it, e.g. debian13, win11 or generic. It tunes details such as the clock.',
      wrong: 'Small letters, digits, “.”, “_” and “-”, beginning with a letter or digit.',
    },
    architecture: {
      label: 'Architecture',
      about: 'The processor the guest is built for. One that is not this PC’s is emulated, slowly.',
    },
    autostart: {
      label: 'Start automatically',
      about: 'Starts with the service, when this PC has come up.',
    },
    order: { label: 'Place in the order', about: 'Lower numbers start first.' },
    id: {
      label: 'Id',
      about: 'Name of its folder, and the system UUID that the guest sees. It never changes.',
    },
    folder: 'Folder',
  },

  // ---- Processors and memory ----
  resources: {
    title: 'Processors and memory',
    vcpus: {
      label: 'Processors',
      about: (threads: number, guests: number) =>
        `This PC has ${threads} hardware threads, of which guests may use ${guests}. They are shared, not used up.`,
    },
    topology: {
      label: 'Arrange the processors yourself',
      about: 'Only for systems that are licensed by socket or expect a certain shape. Off: one socket.',
      wrong: (vcpus: number) => `Sockets × cores × threads must be ${vcpus}.`,
    },
    sockets: { label: 'Sockets', about: 'Processor packages the guest sees.' },
    cores: { label: 'Cores', about: 'Cores in each socket.' },
    threads: { label: 'Threads', about: 'Threads on each core.' },
    memory: {
      label: 'Memory',
      about: (host: string, reserve: string, free: string) =>
        `This PC has ${host} and keeps ${reserve}. Beside the other running machines, ${free} can be had now.`,
      wrong: (least: string, most: string) => `A size from ${least} to ${most}, e.g. 4 GiB.`,
      tooMuch: 'More than can be had beside the other running machines now.',
    },
    slider: 'Memory, as a slider',
  },

  // ---- Firmware ----
  firmware: {
    title: 'Firmware',
    type: {
      label: 'Boot',
      choices: {
        uefi: { label: 'UEFI', about: 'As on every PC of today. Right unless the system is very old.' },
        bios: { label: 'BIOS', about: 'For systems from before UEFI. x86-64 only.' },
        kernel: {
          label: 'Linux kernel',
          about: 'The VMM loads a kernel itself, without firmware and boot loader.',
        },
        'guest-kernel': {
          label: 'The guest’s own kernel',
          about:
            'The kernel on its first disk, loaded by the VMM itself. For Linux, on VMMs without firmware.',
        },
      },
    },
    secureBoot: {
      label: 'Secure Boot',
      about:
        'Only signed boot loaders start. Windows 11 asks for it; home-made kernels do not start with it.',
    },
    kernel: { label: 'Kernel', about: 'File of the Linux kernel.' },
    initrd: { label: 'Initial RAM disk', about: 'Can be left empty.' },
    commandLine: { label: 'Command line', about: 'What the kernel is told.' },
    guestCommandLine: {
      label: 'Command line',
      about: 'What the kernel is told. Empty: what the boot loader of the guest would say.',
    },
    clock: {
      label: 'Clock of the board',
      choices: {
        auto: { label: 'As its system expects', about: 'Local time for Windows, else UTC.' },
        utc: { label: 'UTC', about: 'Linux, the BSDs and most others expect this.' },
        local: { label: 'Local time', about: 'Windows expects this.' },
      },
    },
    tpm: {
      label: 'TPM',
      choices: {
        none: { label: 'None', about: 'The guest sees no TPM.' },
        emulated: {
          label: 'Emulated TPM 2.0',
          about: 'For BitLocker and Windows 11. Its secrets lie in the machine’s folder.',
        },
        passthrough: {
          label: 'TPM of this PC',
          about:
            'For one machine at a time, which can also clear it. Snapshots and backups do not hold its secrets.',
        },
      },
    },
  },

  // ---- Disks ----
  disks: {
    title: 'Disks',
    disk: (number: number) => `Disk ${number}`,
    about: (file: string, format: string) => `${file} · ${format}`,
    file: { label: 'File', about: 'In the machine’s folder, or an absolute path.' },
    format: {
      label: 'Format',
      choices: {
        qcow2: { label: 'qcow2', about: 'Grows as it is filled, and can have snapshots.' },
        raw: { label: 'raw', about: 'Byte for byte the disk; a little faster.' },
      },
    },
    size: { label: 'Size', about: 'Used once, when the disk is created.' },
    bus: {
      label: 'Connected by',
      choices: {
        virtio: { label: 'VirtIO', about: 'The fastest. Windows needs a driver for it.' },
        scsi: {
          label: 'VirtIO SCSI',
          about: 'Nearly as fast, for many disks. Windows needs a driver for it.',
        },
        nvme: { label: 'NVMe', about: 'Fast, and known to every system of today.' },
        sata: { label: 'SATA', about: 'Works everywhere, but slowly.' },
        usb: { label: 'USB', about: 'As a USB stick.' },
      },
    },
    cache: {
      label: 'Cache',
      choices: {
        writeback: {
          label: 'Write back',
          about: 'This PC’s memory speeds it up; what the guest flushes is safe.',
        },
        none: { label: 'None', about: 'Goes past this PC’s memory: steadier, and leaves that to others.' },
        writethrough: {
          label: 'Write through',
          about: 'Every write goes to the disk at once: safest, slow.',
        },
        unsafe: {
          label: 'Unsafe',
          about: 'Ignores flushes. Fast, but a power cut can destroy the whole disk.',
        },
      },
    },
    discard: {
      label: 'Freed space',
      choices: {
        unmap: { label: 'Give back', about: 'What the guest deletes becomes free on this PC.' },
        ignore: { label: 'Keep', about: 'The file never shrinks.' },
      },
    },
    readOnly: { label: 'Read only', about: 'The guest cannot write to it.' },
    serial: {
      label: 'Serial number',
      about: 'By which the guest can find the disk. Can be left empty.',
      wrong: 'At most 20 letters, digits, “-” and “_”.',
    },
    boot: {
      label: 'Place in the boot order',
      about: '0 is tried first. Empty: after all that have a number.',
    },
    remove: 'Take Out',
    removeAbout: 'The file stays where it is.',
    add: 'Add a Disk',
    addAbout: 'A new, empty one in the machine’s folder.',
    device: 'Use a Whole Device',
    deviceAbout: 'A drive of this PC, all of it, instead of a file.',
    chooseDevice: 'Choose…',
    saveFirst: 'Save or discard the changes first.',
  },

  // ---- Drives ----
  drives: {
    title: 'Removable drives',
    description: 'Media go in and out at once, also while the machine runs.',
    drive: (number: number) => `Drive ${number}`,
    empty: 'Empty',
    insert: 'Insert…',
    exchange: 'Exchange…',
    eject: 'Eject',
    saveFirst: 'Save the changes of the drives first; then media can be exchanged.',
    bus: {
      label: 'Connected by',
      choices: {
        sata: { label: 'SATA', about: 'Every system boots from it.' },
        scsi: { label: 'VirtIO SCSI', about: 'For guests without a SATA controller.' },
        usb: { label: 'USB', about: 'As an external drive.' },
      },
    },
    detach: {
      label: 'Take the medium out',
      choices: {
        never: { label: 'Never by itself', about: 'It stays until you eject it.' },
        'after-install': {
          label: 'After the installation',
          about: 'Once a system was installed from it on the first disk.',
        },
      },
    },
    remove: 'Take Out the Drive',
    add: 'Add a Drive',
    addAbout: 'An empty CD drive.',
  },

  // ---- Network ----
  network: {
    title: 'Network',
    card: (number: number) => `Network card ${number}`,
    type: {
      label: 'Connection',
      choices: {
        user: {
          label: 'Through this PC',
          about:
            'The guest reaches the network by way of this PC. From outside only forwarded ports reach it.',
        },
        bridge: {
          label: 'Bridge',
          about: 'The guest is on your network like a PC of its own. Needs a bridge on this PC.',
        },
        none: { label: 'No cable', about: 'There is a card, but nothing is connected.' },
      },
    },
    model: {
      label: 'Model',
      choices: {
        virtio: { label: 'VirtIO', about: 'The fastest. Windows needs a driver for it.' },
        e1000e: { label: 'Intel e1000e', about: 'Known to every system, slower.' },
      },
    },
    mac: {
      label: 'MAC address',
      about: 'Empty: made from the machine’s id, always the same.',
      wrong: 'Like 52:54:00:12:34:56: six pairs in small letters, the second digit even.',
    },
    bridge: {
      label: 'Bridge',
      about: 'Name of the bridge of this PC, e.g. br0.',
      wrong: '1 to 15 letters, digits, “.”, “_” or “-”.',
    },
    forwards: 'Forwarded ports',
    forwardsAbout: 'Programs on this PC reach the guest through them, e.g. port 2222 for SSH.',
    forward: (number: number) => `Forwarded port ${number}`,
    protocol: 'Protocol',
    hostAddress: 'Listens on',
    hostPort: 'Port here',
    guestPort: 'Port in the guest',
    privately: 'this PC only',
    openly: 'the whole network',
    wrongAddress: 'An IPv4 address, e.g. 127.0.0.1 (this PC only) or 0.0.0.0 (the whole network).',
    wrongPort: 'A port is a number from 1 to 65535.',
    addForward: 'Forward a Port',
    remove: 'Take Out the Card',
    add: 'Add a Network Card',
  },

  // ---- Display and the like ----
  desk: {
    title: 'Display, sound and input',
    display: {
      label: 'Display',
      choices: {
        vnc: { label: 'On this page', about: 'The screen can be seen and used on this page.' },
        none: { label: 'None', about: 'For servers: only the console.' },
      },
    },
    device: {
      label: 'Graphics card',
      choices: {
        virtio: { label: 'VirtIO', about: 'Best for Linux, and for Windows with its driver.' },
        vga: { label: 'VGA', about: 'Works everywhere, with few resolutions.' },
        qxl: { label: 'QXL', about: 'For old systems that have its driver.' },
      },
    },
    sound: {
      label: 'Sound',
      choices: {
        none: { label: 'None', about: 'No sound card.' },
        hda: { label: 'Intel HD Audio', about: 'Known to every system.' },
        virtio: { label: 'VirtIO', about: 'For new Linux systems.' },
      },
    },
    input: {
      label: 'Keyboard and pointer',
      choices: {
        usb: { label: 'USB', about: 'The pointer moves in and out freely. Right for nearly all.' },
        virtio: { label: 'VirtIO', about: 'The same with less work for this PC. Linux only.' },
        ps2: { label: 'PS/2', about: 'For very old systems; the pointer may run away from yours.' },
      },
    },
    clipboard: {
      label: 'Shared clipboard',
      about: 'Copy and paste between this PC and the guest, where spice-vdagent runs in it.',
    },
  },

  // ---- Small devices ----
  channels: {
    title: 'Ports and helpers',
    serialPort: { label: 'Serial port', about: 'The console of the guest, where its boot messages appear.' },
    agent: {
      label: 'Guest agent',
      about: 'Lets the guest say that it is ready. Install qemu-guest-agent in it.',
    },
    rng: { label: 'Entropy', about: 'Random numbers from this PC: keys are made without waiting.' },
    balloon: { label: 'Memory balloon', about: 'Gives memory back that the guest does not use.' },
    vsock: {
      label: 'vsock',
      about: 'A direct line between programs of this PC and of the guest, without network.',
    },
    cid: { label: 'Context id', about: 'The address on that line; unique on this PC.' },
  },

  // ---- Folders, hardware, VMM ----
  shares: {
    title: 'Shared folders',
    share: (number: number) => `Folder ${number}`,
    description: 'Folders of this PC that the guest mounts with: mount -t virtiofs NAME /mnt',
    tag: {
      label: 'Name',
      about: 'By which the guest mounts it.',
      wrong: '1 to 35 letters, digits, “.”, “_” or “-”.',
    },
    path: { label: 'Folder', about: 'Absolute path on this PC.' },
    readOnly: { label: 'Read only', about: 'The guest cannot change anything in it.' },
    remove: 'Stop Sharing',
    add: 'Share a Folder',
  },
  hardware: {
    title: 'Real hardware',
    description: 'Understood and kept, but not given to guests yet.',
    device: (number: number) => `Device ${number}`,
    kind: {
      label: 'Kind',
      choices: {
        address: { label: 'PCI, by its slot', about: 'Whatever is in that slot of this PC.' },
        model: { label: 'PCI, by its model', about: 'Any device of that maker and model, on every PC.' },
        usb: { label: 'USB', about: 'A USB device of that maker and model.' },
      },
    },
    address: { label: 'PCI address', about: 'As lspci -D shows it.', wrong: 'Like 0000:01:00.0.' },
    vendor: {
      label: 'Maker',
      about: 'Vendor id, four hexadecimal digits.',
      wrong: 'Four digits 0–9 and a–f.',
    },
    model: {
      label: 'Model',
      about: 'Device id; empty for any of that maker.',
      wrong: 'Four digits 0–9 and a–f.',
    },
    product: {
      label: 'Product',
      about: 'Product id, four hexadecimal digits.',
      wrong: 'Four digits 0–9 and a–f.',
    },
    remove: 'Remove the Wish',
    add: 'Wish for a Device',
  },

  // ---- YAML and plan ----
  yaml: {
    label: 'The definition, as it stands in machine.yaml',
    about: 'Comments are kept. Nothing is saved before all of it is right.',
    save: 'Save',
    revert: 'Discard',
    unsaved: 'Not saved',
    notSaved: 'Nothing was saved: correct the mistakes first',
    mistakes: 'Mistakes',
    changed: 'The file was changed elsewhere in the meantime.',
    keepMine: 'Replace It With Mine',
    takeTheirs: 'Show What It Is Now',
    line: (line: number) => `Line ${line}`,
    forms: 'Changes in the forms are not saved yet, and are not in this text.',
  },
  broken: 'This machine cannot be used before its definition is right:',
  plan: {
    about:
      'What a start would do now: every process, argument and file. Nothing of it is hidden, nothing goes through a shell.',
    decisions: 'Decided for it',
    processes: 'Processes',
    helper: (name: string) => `Helper ${name}`,
    vmm: (name: string, version: string) => `${name} ${version}`,
    log: (file: string) => `Its output goes to ${file}`,
    copy: (name: string) => `Copy the command of ${name}`,
    files: 'Files',
    made: (template: string) => `Made from ${template} before the first start`,
    pipe: 'Made as a named pipe',
    folder: 'Folder, made when it is missing',
    runFolder: 'Sockets; gone when the machine stops',
  },
};

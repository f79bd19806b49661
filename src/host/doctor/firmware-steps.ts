// SPDX-License-Identifier: Apache-2.0
//
// Where makers of boards hide virtualisation in the setup of their firmware. Menus change with the years: these are the
// common ones, and the words to look for stay true when the place does not.
import type { HostReport } from '../../contract/host.ts';

export type Wanted = 'processor' | 'iommu';

interface Menu {
  maker: RegExp;
  keys: string;
  intel: Readonly<Record<Wanted, string>>;
  amd: Readonly<Record<Wanted, string>>;
}

// Matched against the maker of the board and of the PC, in this order.
const menusOfBoards: readonly Menu[] = [
  {
    maker: /ASUS/i,
    keys: 'Del or F2 (then F7 for the advanced mode)',
    intel: {
      processor: 'Advanced > CPU Configuration > "Intel (VMX) Virtualization Technology"',
      iommu: 'Advanced > System Agent (SA) Configuration > "VT-d"',
    },
    amd: {
      processor: 'Advanced > CPU Configuration > "SVM Mode"',
      iommu: 'Advanced > AMD CBS > NBIO Common Options > "IOMMU"',
    },
  },
  {
    maker: /Micro-Star|\bMSI\b/i,
    keys: 'Del (then F7 for the advanced mode)',
    intel: {
      processor: 'OC > CPU Features > "Intel Virtualization Tech"',
      iommu: 'OC > CPU Features > "Intel VT-D Tech"',
    },
    amd: {
      processor: 'OC > Advanced CPU Configuration (or CPU Features) > "SVM Mode"',
      iommu: 'OC > Advanced CPU Configuration > AMD CBS > NBIO > "IOMMU"',
    },
  },
  {
    maker: /Gigabyte|AORUS/i,
    keys: 'Del (then F2 for the advanced mode)',
    intel: {
      processor:
        'Tweaker > Advanced CPU Settings (older: BIOS Features) > "Intel Virtualization Technology" or "VT-x"',
      iommu: 'Settings > Miscellaneous (older: Chipset) > "VT-d"',
    },
    amd: {
      processor: 'Tweaker (older: M.I.T.) > Advanced CPU Settings > "SVM Mode"',
      iommu: 'Settings > AMD CBS > NBIO Common Options (or Miscellaneous) > "IOMMU"',
    },
  },
  {
    maker: /ASRock/i,
    keys: 'F2 or Del (then F6 for the advanced mode)',
    intel: {
      processor: 'Advanced > CPU Configuration > "Intel Virtualization Technology"',
      iommu: 'Advanced > Chipset Configuration > "VT-d"',
    },
    amd: {
      processor: 'Advanced > CPU Configuration > "SVM Mode"',
      iommu: 'Advanced > AMD CBS > NBIO Common Options > "IOMMU"',
    },
  },
  {
    maker: /Dell|Alienware/i,
    keys: 'F2',
    intel: {
      processor: 'Virtualization Support > Virtualization > "Enable Intel Virtualization Technology (VT)"',
      iommu: 'Virtualization Support > "VT for Direct I/O"',
    },
    amd: {
      processor: 'Virtualization Support > "AMD-V Technology"',
      iommu: 'Virtualization Support > "AMD-Vi Technology" or "IOMMU"',
    },
  },
  {
    maker: /Hewlett|\bHP\b|HPE/i,
    keys: 'F10 (or Esc, then F10)',
    intel: {
      processor:
        'Advanced > System Options (older: Security > System Security; consumer notebooks: System Configuration) > "Virtualization Technology (VTx)"',
      iommu:
        'Advanced > System Options (older: Security > System Security) > "Virtualization Technology for Directed I/O (VTd)"',
    },
    amd: {
      processor:
        'Advanced > System Options (consumer notebooks: System Configuration) > "SVM CPU Virtualization" or "Virtualization Technology"',
      iommu: 'Advanced > System Options > "AMD IOMMU" or "IOMMU"',
    },
  },
  {
    maker: /Lenovo|IBM/i,
    keys: 'F1 (ThinkPad, ThinkCentre) or F2 (IdeaPad, Legion; or the small Novo button)',
    intel: {
      processor:
        'Security > Virtualization > "Intel Virtualization Technology" (IdeaPad: Configuration > "Intel Virtual Technology")',
      iommu: 'Security > Virtualization > "Intel VT-d Feature" (IdeaPad: Configuration > "VT-d")',
    },
    amd: {
      processor:
        'Security > Virtualization > "AMD-V Technology" (IdeaPad: Configuration > "AMD SVM Support")',
      iommu:
        'Security > Virtualization > "AMD I/O Virtualization Technology" (IdeaPad: it goes with "AMD SVM Support")',
    },
  },
  {
    maker: /Acer|Packard Bell|Gateway/i,
    keys: 'F2 or Del (on some, Ctrl+S then shows the advanced settings)',
    intel: {
      processor: 'Advanced or Main > "Intel VTX" or "Intel Virtualization Technology"',
      iommu: 'Advanced or Main > "Intel VTD" or "VT-d"',
    },
    amd: { processor: 'Advanced or Main > "SVM Mode"', iommu: 'Advanced > "IOMMU"' },
  },
  {
    maker: /Supermicro/i,
    keys: 'Del',
    intel: {
      processor: 'Advanced > CPU Configuration > "Intel Virtualization Technology" (or "VMX")',
      iommu:
        'Advanced > Chipset Configuration > North Bridge > IIO Configuration > "Intel VT for Directed I/O (VT-d)"',
    },
    amd: {
      processor: 'Advanced > CPU Configuration > "SVM Mode"',
      iommu: 'Advanced > NB Configuration > "IOMMU"',
    },
  },
  {
    maker: /^Intel/i,
    keys: 'F2',
    intel: {
      processor: 'Advanced (NUC: Security > Security Features) > "Intel Virtualization Technology"',
      iommu: 'Advanced (NUC: Security > Security Features) > "Intel VT for Directed I/O (VT-d)"',
    },
    amd: { processor: 'Advanced > "SVM Mode"', iommu: 'Advanced > "IOMMU"' },
  },
  {
    maker: /Fujitsu/i,
    keys: 'F2',
    intel: {
      processor: 'Advanced > CPU Configuration > "Virtualization Technology"',
      iommu: 'Advanced > CPU Configuration > "VT-d"',
    },
    amd: { processor: 'Advanced > CPU Configuration > "SVM Mode"', iommu: 'Advanced > "IOMMU"' },
  },
];

// When the maker of the board is nobody we know: by the maker of its firmware.
const menusOfFirmware: readonly Menu[] = [
  {
    maker: /American Megatrends|\bAMI\b/i,
    keys: 'Del or F2',
    intel: {
      processor: 'Advanced > CPU Configuration > "Intel (VMX) Virtualization Technology"',
      iommu: 'Chipset > System Agent (SA) Configuration > "VT-d"',
    },
    amd: {
      processor: 'Advanced > CPU Configuration > "SVM Mode"',
      iommu: 'Advanced > AMD CBS > NBIO Common Options > "IOMMU"',
    },
  },
  {
    maker: /Insyde/i,
    keys: 'F2 (on some Esc or Del)',
    intel: {
      processor: 'Advanced, Configuration or System Configuration > "Intel Virtualization Technology"',
      iommu: 'Advanced or Configuration > "VT-d"',
    },
    amd: {
      processor: 'Advanced, Configuration or System Configuration > "SVM Support"',
      iommu: 'Advanced or AMD CBS > "IOMMU"',
    },
  },
  {
    maker: /Phoenix/i,
    keys: 'F2',
    intel: {
      processor: 'Advanced, Config or Security > "Intel Virtualization Technology"',
      iommu: 'Advanced or Config > "VT-d"',
    },
    amd: { processor: 'Advanced or Config > "SVM" or "AMD-V"', iommu: 'Advanced or Config > "IOMMU"' },
  },
];

const anyMenu: Menu = {
  maker: /./,
  keys: 'Del, F2, F10 or Esc',
  intel: {
    processor:
      'Look under Advanced, CPU, Security or Overclocking for "Virtualization Technology", "VT-x" or "VMX"',
    iommu: 'Look under Advanced, Chipset or System Agent for "VT-d" or "Directed I/O"',
  },
  amd: {
    processor: 'Look under Advanced, CPU or Overclocking for "SVM", "SVM Mode" or "AMD-V"',
    iommu: 'Look under Advanced, AMD CBS or NBIO for "IOMMU" or "AMD-Vi"',
  },
};

/** Steps that switch virtualisation of the processor, or the IOMMU, on in the setup of this PC. */
export function firmwareSteps(report: HostReport, wanted: Wanted): string[] {
  const { dmi, firmware, cpu } = report;
  if (dmi.isApple) return appleSteps(wanted);
  if (/coreboot/i.test(firmware.vendor ?? '')) return corebootSteps();
  const menu = menuFor(report);
  const place = menu[cpu.vendor === 'AMD' || cpu.vendor === 'Hygon' ? 'amd' : 'intel'][wanted];
  return [
    enterSetup(report, menu.keys),
    `${place}: set it to Enabled.`,
    'Save and leave (mostly F10). Then switch the PC off for ten seconds: some boards need it without power once.',
    'Start it and run "phyllome doctor" again.',
  ];
}

function menuFor({ dmi, firmware }: HostReport): Menu {
  const makers = [dmi.boardVendor, dmi.systemVendor].filter((maker) => maker !== null);
  for (const maker of makers) {
    const menu = menusOfBoards.find((each) => each.maker.test(maker));
    if (menu !== undefined) return menu;
  }
  return menusOfFirmware.find((each) => each.maker.test(firmware.vendor ?? '')) ?? anyMenu;
}

function enterSetup({ firmware, os }: HostReport, keys: string): string {
  const key = `restart and press ${keys} again and again as soon as the screen lights up`;
  // Where the firmware says that it cannot, the command would only restart.
  if (firmware.kind === 'uefi' && os.systemd && firmware.rebootToSetup !== false)
    return `Open the setup of the firmware: systemctl reboot --firmware-setup (or ${key}).`;
  return `Open the setup of the firmware: ${key}.`;
}

function appleSteps(wanted: Wanted): string[] {
  const name = wanted === 'processor' ? 'VT-x' : 'VT-d';
  return [
    `Macs have no setup with a switch for ${name}: their firmware switches it on itself when the system is started the UEFI way.`,
    'Start Linux through its UEFI loader (hold Option at the chime, choose "EFI Boot") rather than as "Windows".',
    'Install the last firmware for this Mac by updating macOS on it once, then shut it down completely and start again.',
  ];
}

function corebootSteps(): string[] {
  return [
    'coreboot has no setup: what it switches on was decided when it was built. Update it to the last release of its maker.',
  ];
}

// SPDX-License-Identifier: Apache-2.0
//
// Windows. Its labels are codes: a letter for the system (G: 7, H: 8, I: 8.1, J: the first 10), the build (RM: as
// released), C or S for clients and servers, the edition, the processor. Until 7 the code was one word, since 8 it has
// parts: "IR5_CCSA_X64FRE_EN-US_DV9". Since 10 the letter is missing.
import type { Answers, Rule } from '../rule.ts';

const windows = { family: 'windows', kind: 'installer' } as const;
const answers: Answers = [[0, 'autounattend']];
const code = String.raw`_[A-Z]{2}(?:-[A-Z]{2,4})?(?:_|$)`;

function system(id: string, name: string, expression: RegExp, more: Partial<Rule> = {}): Rule {
  return {
    ...windows,
    when: { volume: expression },
    id: `win${id}`,
    name: `Windows ${name}`,
    osinfo: `microsoft.com/win/${id}`,
    ...more,
  };
}

// Letters of the part that says the edition: "SSS" is the usual server, "SHV" Hyper-V Server.
const server = '(?:S[A-Z]{1,5}|SERVER\\w*)';
const client = 'C[A-Z]{1,6}';
const build = '(?:FRE|CHK)[A-Z]?';

export const windowsRules: readonly Rule[] = [
  system('8.1', '8.1', new RegExp(`^I[A-Z0-9]{2}_${client}_(?:X64|X86|A64|ARM)${build}_`), { answers }),
  system('2k12r2', 'Server 2012 R2', new RegExp(`^I[A-Z0-9]{2}_${server}_X64${build}_`), { answers }),
  system('8', '8', new RegExp(`^H[A-Z0-9]{2}_${client}_(?:X64|X86|ARM)${build}_`), { answers }),
  system('2k12', 'Server 2012', new RegExp(`^H[A-Z0-9]{2}_${server}_X64${build}_`), { answers }),
  system('10', '10', new RegExp(`^J[A-Z0-9]{0,2}_${client}_(?:X64|X86|A64)${build}_`), { answers }),
  system('2k8r2', 'Server 2008 R2', /^(?:GRMS|GSP1RMS|SRVHPCR2)/, { answers }),
  system('7', '7', /^(?:GRMC|GSP1RMC|GSP1C|GRC1C)/, { answers }),
  system('2k8', 'Server 2008', /^(?:KRT?M[SW]|KRMH)/, { answers }),
  system('vista', 'Vista', new RegExp(`^(?:FB1|FRT?M|LRMC)[A-Z]*${code}`), { answers }),
  system(
    '2k3r2',
    'Server 2003 R2',
    new RegExp(`^(?:CRM[DES]X?FPP|CR0[DES]CD\\dX?|BX2[DES]X?FPP|[BC]RM[DES]CD\\d\\w*)${code}`),
  ),
  system(
    'xp',
    'XP',
    new RegExp(
      `^(?:WX[PH]|XRM[PH]|X1A[PH]|VRM[PH]|VX2[PH]|GRTM[A-Z]|MX2P|[MVX]RMSD\\d|ARMPX|AX2PX)[A-Z0-9]*${code}`,
    ),
  ),
  system('2k3', 'Server 2003', new RegExp(`^(?:[ABCN]RM[DESW]|BX2D|CR0SP)[A-Z0-9]*${code}`)),
  system('2k', '2000', /^(?:(?:W2|SP[1-4]|YRM|ZRM)[APS](?:FPP|OEM|SEL|CCP)_|WIN2000|W2K_)/),
  system('me', 'ME', /^(?:WINME|WIN_?ME\b|MILLENNIUM)/i),
  system('98', '98', /^WIN(?:DOWS)?[ _]?98/i),
  system('95', '95', /^WIN(?:DOWS)?[ _]?95/i),
  {
    ...windows,
    when: { volume: /^(?:NT|WINNT)[ _]?(?<major>4|3)[._]?(?<minor>\d+)/i },
    id: 'winnt{major}{.minor}',
    name: 'Windows NT {major}{.minor}',
    osinfo: 'microsoft.com/winnt/{major}{.minor}',
  },
  // People name the media that they make after the system.
  system('2k25', 'Server 2025', /WIN(?:DOWS)?[ _-]?(?:SERVER|SRV)[ _-]?2025/i, { answers }),
  system('2k22', 'Server 2022', /WIN(?:DOWS)?[ _-]?(?:SERVER|SRV)[ _-]?2022/i, { answers }),
  system('2k19', 'Server 2019', /WIN(?:DOWS)?[ _-]?(?:SERVER|SRV)[ _-]?2019/i, { answers }),
  system('2k16', 'Server 2016', /WIN(?:DOWS)?[ _-]?(?:SERVER|SRV)[ _-]?2016/i, { answers }),
  system('11', '11', /^(?:WIN(?:DOWS)?[ _-]?11|W11)/i, { answers }),
  system('10', '10', /^(?:WIN(?:DOWS)?[ _-]?10|W10|ESD-ISO_10)/i, { answers }),
  // 10 and 11, and the servers since 2016, have the same labels: `tellWindowsApart` goes on.
  system('2k16', 'Server', new RegExp(`^(?:${server}|CES[A-Z]*SERVER)_X64${build}_`), {
    answers,
    vague: true,
  }),
  system('10', '10', new RegExp(`^(?:${client}|CPBA|CPRA)_(?:X64|X86|A64)${build}_`), {
    answers,
    vague: true,
  }),
  system('10', '10', /^ESD-ISO|^ESD-USB/i, { answers, vague: true }),
  {
    ...windows,
    when: { publisher: /^MICROSOFT CORPORATION/i },
    id: 'win',
    name: 'Windows',
    answers,
    vague: true,
  },
  { ...windows, when: { path: /^bootmgr(?:\.efi)?$/i }, id: 'win', name: 'Windows', answers, vague: true },
];

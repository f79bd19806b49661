// SPDX-License-Identifier: Apache-2.0
//
// A kernel argument is set where the distribution keeps them, with its own tool.
import { PhyllomeError } from '../../contract/errors.ts';
import type { FileChange, FixCommand } from '../../contract/fix.ts';
import { command, program, requireProgram } from './draft.ts';
import { kernelRelease } from './facts.ts';
import type { Tree } from './tree.ts';

const ourGrubFile = '/etc/default/grub.d/phyllome.cfg';
const kernelCommandLine = '/etc/kernel/cmdline';

interface Change {
  files: FileChange[];
  commands: FixCommand[];
}

const byHand = (reason: string, next: string): PhyllomeError =>
  new PhyllomeError('fix-refused', { reason, next });

/**
 * @throws PhyllomeError `fix-refused`, naming the argument, where we do not know how it is set
 */
export function addKernelArgument(tree: Tree, argument: string): Change {
  if (tree.node('/run/ostree-booted') !== null) {
    throw byHand(
      'This system keeps its kernel arguments in its image (ostree).',
      `Add it by hand: sudo rpm-ostree kargs --append-if-missing=${argument}`,
    );
  }
  if (/systemd-boot/i.test(loaderName(tree))) return withKernelInstall(tree, argument);
  const updateGrub = program(tree, 'update-grub');
  if (updateGrub !== null && tree.text('/etc/default/grub') !== null)
    return withUpdateGrub(tree, argument, updateGrub);
  const grubby = program(tree, 'grubby');
  if (grubby !== null) return withGrubby(argument, grubby);
  throw byHand(
    'Phyllome does not know how the boot loader of this PC is set.',
    `Add the kernel argument "${argument}" by hand, as your distribution does it (with GRUB: GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, then grub-mkconfig), and restart.`,
  );
}

/** Whether it was set already, and only the restart is missing. */
export function argumentIsConfigured(tree: Tree, argument: string): boolean {
  return ['/etc/default/grub', ourGrubFile, kernelCommandLine].some((file) =>
    (tree.text(file) ?? '')
      .split('\n')
      .some((line) => !line.trim().startsWith('#') && line.split(/[\s"']+/).includes(argument)),
  );
}

// The boot loader tells its name through a UEFI variable: four bytes of attributes, then UTF-16.
function loaderName(tree: Tree): string {
  const file = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
  return (tree.text(file) ?? '').replaceAll('\0', '');
}

// Debian, Ubuntu and their relatives. Not for the recovery entry of the menu: should the argument do harm, that one still starts.
function withUpdateGrub(tree: Tree, argument: string, updateGrub: string): Change {
  const old = tree.original(ourGrubFile);
  const line = `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${argument}"`;
  const heading = '# Made by Phyllome; "phyllome undo" takes it away again.\n';
  const kept =
    old === null ? heading : old.text === '' || old.text.endsWith('\n') ? old.text : `${old.text}\n`;
  return {
    files: [
      { path: ourGrubFile, before: old?.text ?? null, after: `${kept}${line}\n`, mode: old?.mode ?? 0o644 },
    ],
    commands: [
      command([updateGrub], "Makes the menu of the boot loader anew, from all of GRUB's settings", {
        touches: ['/boot/grub/grub.cfg'],
        undo: [updateGrub],
        regenerates: true,
      }),
    ],
  };
}

// Fedora and its relatives.
function withGrubby(argument: string, grubby: string): Change {
  return {
    files: [],
    commands: [
      command(
        [grubby, '--update-kernel=ALL', `--args=${argument}`],
        'Adds the argument for all installed kernels',
        {
          touches: [
            '/boot/loader/entries/',
            '/boot/grub2/grubenv',
            '/boot/grub2/grub.cfg',
            '/etc/default/grub',
            kernelCommandLine,
          ],
          undo: [grubby, '--update-kernel=ALL', `--remove-args=${argument}`],
          regenerates: true,
        },
      ),
    ],
  };
}

// systemd-boot, where kernel-install writes an entry for each kernel.
function withKernelInstall(tree: Tree, argument: string): Change {
  const next = `Add the kernel argument "${argument}" by hand to the entries of systemd-boot (see "bootctl list"), and restart.`;
  const tool = requireProgram(tree, 'kernel-install', next);
  const layout = ['/etc/kernel/install.conf', '/usr/lib/kernel/install.conf']
    .map((file) => /^layout=(\w+)/m.exec(tree.text(file) ?? '')?.[1])
    .find((found) => found !== undefined);
  if (layout === 'uki' || layout === 'other') {
    throw byHand(`The kernel arguments of this PC are inside its boot images (layout=${layout}).`, next);
  }
  const release = kernelRelease(tree);
  const image = [`/lib/modules/${release}/vmlinuz`, `/boot/vmlinuz-${release}`].find(
    (path) => tree.node(path) !== null,
  );
  if (image === undefined) throw byHand(`The image of the kernel ${release} was not found.`, next);
  const old = tree.original(kernelCommandLine);
  // Without the file, kernel-install takes what the kernel that runs was told, less what the boot loader added.
  const current =
    old?.text ??
    (tree.text('/usr/lib/kernel/cmdline') ?? tree.text('/proc/cmdline') ?? '')
      .trim()
      .split(/\s+/)
      .filter((word) => !/^(initrd|BOOT_IMAGE)=/.test(word))
      .join(' ');
  const after = `${current.trimEnd()} ${argument}\n`.trimStart();
  return {
    files: [{ path: kernelCommandLine, before: old?.text ?? null, after, mode: old?.mode ?? 0o644 }],
    commands: [
      command([tool, 'add', release, image], 'Writes the entry of the kernel that runs anew', {
        touches: ['/efi/loader/entries/', '/boot/loader/entries/', '/boot/efi/loader/entries/'],
        undo: [tool, 'add', release, image],
        regenerates: true,
      }),
    ],
  };
}

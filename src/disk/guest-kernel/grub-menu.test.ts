// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGrubEnvironment } from './grub-environment.ts';
import { defaultGrubEntry } from './grub-menu.ts';
import { parseGrubScript } from './grub-script.ts';

const uuid = '1b2c3d4e-0000-4000-8000-0123456789ab';
const entryOf = (config: string, more: Partial<Parameters<typeof defaultGrubEntry>[0]> = {}) =>
  defaultGrubEntry({ config, environment: null, bls: [], prefix: '(loop0,gpt2)/boot/grub', ...more });

// As grub-mkconfig writes it on Debian, shortened.
const debian = `
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="0"
fi
if [ x"\${feature_menuentry_id}" = xy ]; then
  menuentry_id_option="--id"
else
  menuentry_id_option=""
fi
export menuentry_id_option
function load_video {
  if [ x$feature_all_video_module = xy ]; then
    insmod all_video
  else
    insmod efi_gop
  fi
}
if [ x$feature_default_font_path = xy ] ; then font=unicode; else
insmod ext2
    font="/usr/share/grub/unicode.pf2"
fi
if loadfont $font ; then
  set gfxmode=auto
fi
menuentry 'Debian GNU/Linux' --class debian --class gnu-linux --class os $menuentry_id_option 'gnulinux-simple-${uuid}' {
	load_video
	insmod gzio
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	set root='hd0,gpt2'
	if [ x$feature_platform_search_hint = xy ]; then
	  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,gpt2 --hint-efi=hd0,gpt2 --hint-baremetal=ahci0,gpt2  ${uuid}
	else
	  search --no-floppy --fs-uuid --set=root ${uuid}
	fi
	echo	'Loading Linux 6.12.48 ...'
	linux	/boot/vmlinuz-6.12.48 root=UUID=${uuid} ro  quiet
	echo	'Loading initial ramdisk ...'
	initrd	/boot/initrd.img-6.12.48
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-${uuid}' {
	menuentry 'Debian, with Linux 6.12.48' $menuentry_id_option 'gnulinux-6.12.48-advanced-${uuid}' {
		linux	/boot/vmlinuz-6.12.48 root=UUID=${uuid} ro  quiet
		initrd	/boot/initrd.img-6.12.48
	}
	menuentry 'Debian, with Linux 6.1.0' $menuentry_id_option 'gnulinux-6.1.0-advanced-${uuid}' {
		linux	/boot/vmlinuz-6.1.0 root=UUID=${uuid} ro single "it's quoted"
		initrd	/boot/initrd.img-6.1.0
	}
}
`;

describe("Debian's menu", () => {
  test('starts its first entry', () => {
    expect(entryOf(debian)).toEqual({
      title: 'Debian GNU/Linux',
      root: `uuid:${uuid}`,
      linux: '/boot/vmlinuz-6.12.48',
      initrds: ['/boot/initrd.img-6.12.48'],
      commandLine: `root=UUID=${uuid} ro quiet`,
    });
  });

  test.each([
    '1>1',
    `gnulinux-advanced-${uuid}>gnulinux-6.1.0-advanced-${uuid}`,
    'Advanced options for Debian GNU/Linux>1',
  ])('starts what was saved: %s', (saved) => {
    const config = debian.replace('set default="0"', 'set default="${saved_entry}"');
    const found = entryOf(config, { environment: { saved_entry: saved } });
    expect(found).toMatchObject({
      linux: '/boot/vmlinuz-6.1.0',
      commandLine: expect.stringContaining("it's quoted"),
    });
  });

  test('an entry for one start only does not count: nobody would take it back', () => {
    expect(entryOf(debian, { environment: { next_entry: '1>1' } })?.linux).toBe('/boot/vmlinuz-6.12.48');
  });

  test('a saved entry that is gone means the first', () => {
    const config = debian.replace('set default="0"', 'set default="gone>away"');
    expect(entryOf(config)?.linux).toBe('/boot/vmlinuz-6.12.48');
  });
});

test("Ubuntu's cloud images try to do without an initrd; we do not", () => {
  const config = `
set default="0"
menuentry 'Ubuntu' {
	if [ "\${initrdfail}" = 1 ]; then
	  linux	/boot/vmlinuz-6.8.0 root=LABEL=cloudimg-rootfs ro  console=tty1 console=ttyS0 $vt_handoff
	  initrd	/boot/initrd.img-6.8.0
	else
	  linux	/boot/vmlinuz-6.8.0 root=PARTUUID=aa ro  console=tty1 console=ttyS0 panic=-1
	fi
	initrdfail
}`;
  expect(entryOf(config)).toMatchObject({
    initrds: ['/boot/initrd.img-6.8.0'],
    commandLine: 'root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0',
  });
});

describe("Fedora's menu of entries in files", () => {
  const config = `
if [ -f \${config_directory}/grubenv ]; then load_env -f \${config_directory}/grubenv; elif [ -s $prefix/grubenv ]; then load_env; fi
if [ "\${next_entry}" ] ; then set default="\${next_entry}"; else set default="\${saved_entry}"; fi
search --no-floppy --fs-uuid --set=boot ${uuid}
insmod blscfg
if [ -z "\${kernelopts}" ]; then
  set kernelopts="root=/dev/mapper/fedora-root ro "
fi
blscfg
`;
  const file = (version: string) => ({
    name: `4f1c-${version}.conf`,
    text: `title Fedora Linux (${version})
version ${version}
linux /vmlinuz-${version}
initrd /initramfs-${version}.img $tuned_initrd
options $kernelopts rhgb quiet
grub_class fedora
`,
  });
  const bls = [file('6.9.4-200.fc40'), file('6.10.11-200.fc40'), file('0-rescue-4f1c')];

  test('starts the newest, by version and not by letters', () => {
    expect(entryOf(config, { bls })).toMatchObject({
      title: 'Fedora Linux (6.10.11-200.fc40)',
      linux: '/vmlinuz-6.10.11-200.fc40',
      initrds: ['/initramfs-6.10.11-200.fc40.img'],
      commandLine: 'root=/dev/mapper/fedora-root ro  rhgb quiet',
    });
  });

  test('starts the one that was saved, with the options of grubenv', () => {
    const environment = { saved_entry: '4f1c-6.9.4-200.fc40', kernelopts: 'root=UUID=x ro' };
    expect(entryOf(config, { bls, environment })).toMatchObject({
      linux: '/vmlinuz-6.9.4-200.fc40',
      commandLine: 'root=UUID=x ro rhgb quiet',
    });
  });

  test('never starts the rescue system by itself', () => {
    expect(entryOf(config, { bls: bls.toReversed() })?.linux).not.toContain('rescue');
  });
});

test('an entry that starts something else is passed over', () => {
  const config = `set default=0
menuentry 'Windows' { chainloader /EFI/Microsoft/Boot/bootmgfw.efi }
menuentry 'Linux' { linuxefi ($root)/vmlinuz quiet ; initrdefi ($root)/a.img /b.img }`;
  expect(entryOf(config)).toMatchObject({ linux: '()/vmlinuz', initrds: ['()/a.img', '/b.img'] });
  expect(entryOf('menuentry "Windows" { chainloader +1 }')).toBeNull();
});

test('grubenv', () => {
  expect(
    parseGrubEnvironment('# GRUB Environment Block\nsaved_entry=a=b\nx=two\\\nlines \\\\\n#####'),
  ).toEqual({
    saved_entry: 'a=b',
    x: 'two\nlines \\',
  });
});

describe('whatever a guest writes', () => {
  const words = fc.constantFrom(
    'if',
    'then',
    'else',
    'elif',
    'fi',
    'for',
    'do',
    'done',
    'menuentry',
    'submenu',
    'linux',
    'initrd',
    'set',
    '{',
    '}',
    ';',
    '\n',
    '[',
    ']',
    '"',
    "'",
    '$x',
    '${x',
    '#',
    '\\',
    'blscfg',
    'search',
    '--set=root',
    'a=b',
    'default=0>0>0',
    '/v',
  );
  const scripts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(words, { maxLength: 120 }).map((parts) => parts.join(' ')),
  );

  test('is read to its end without an error', () => {
    fc.assert(
      fc.property(scripts, fc.dictionary(fc.string(), fc.string()), (config, environment) => {
        const entry = entryOf(config, { environment });
        expect(entry === null || typeof entry.linux === 'string').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not use up the stack', () => {
    for (const part of [
      'menuentry a { ',
      'if [ a ]; then ',
      'for a in b; do ',
      '{ ',
      'submenu a { default=0>0 ',
    ])
      expect(() => entryOf(part.repeat(20_000))).not.toThrow();
  });

  test('does not grow without end', () => {
    const config = `set a=0123456789\n${'set a=$a$a$a$a$a$a$a$a\n'.repeat(1000)}menuentry a { linux /v ${'$a'.repeat(100_000)}\n}`;
    expect(entryOf(config)?.commandLine.length).toBeLessThan(2 ** 22);
  });

  test('quoted words come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ -&(-~]{1,20}$/), { minLength: 1, maxLength: 5 }),
        (values) => {
          const config = `menuentry a { linux /v ${values.map((value) => `'${value}'`).join(' ')}\n}`;
          expect(entryOf(config)?.commandLine).toBe(values.join(' '));
        },
      ),
    );
  });

  test('names of objects are no variables', () => {
    expect(entryOf('menuentry a { linux /v $constructor ${__proto__} x }')?.commandLine).toBe('x');
    expect(parseGrubScript('__proto__=1')).toHaveLength(1);
  });
});

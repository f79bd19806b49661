// SPDX-License-Identifier: Apache-2.0
//
// A machine as Windows 11 wants it, looked at from the inside: by a Linux that its firmware only starts because it is signed.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';
import { fetchSignedLinux, makeSignedLinux, noSignedLinux } from '../support/signed-linux.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests');

// What is asked of the TPM: TPM2_GetRandom (17b) for 8 bytes. https://trustedcomputinggroup.org/resource/tpm-library-specification
const getRandom = String.raw`\200\001\000\000\000\014\000\000\001\173\000\010`;
// TPM2_NV_ReadPublic (169) of the place where the certificate of the TPM is.
const readCertificate = String.raw`\200\001\000\000\000\016\000\000\001\151\001\300\000\002`;
const global = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const database = 'd719b2cb-3d3a-4596-a3bc-dad00e67656f';

const script = String.raw`
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b insmod /lib/efivarfs.ko
vars=/sys/firmware/efi/efivars
$b mount -t efivarfs vars $vars
say() { echo "$1: $($b od -An -v -tx1 | $b tr -d ' \n')."; }
ask() { exec 3<>/dev/tpm0; printf "$1" >&3; $b dd bs=4096 count=1 <&3 2>/dev/null; exec 3>&-; }
say SecureBoot <$vars/SecureBoot-${global}
say SetupMode <$vars/SetupMode-${global}
echo "names: $($b grep -ao 'Microsoft [A-Za-z ]*CA 20[0-9][0-9]' $vars/db-${database} | $b sort -u | $b tr '\n' ',')."
echo "kernel: $($b dmesg | $b grep -i 'secure boot' | $b tr '\n' ',')."
echo "tpm: $($b cat /sys/class/tpm/tpm0/tpm_version_major)."
echo "pcr7: $($b cat /sys/class/tpm/tpm0/pcr-sha256/7)."
ask '${getRandom}' | say random
ask '${readCertificate}' | say certificate
$b poweroff -f
`;

const windowsShaped = (disk: string): Record<string, unknown> => ({
  guestOs: 'linux2022',
  architecture: 'x86_64',
  memory: '512MiB',
  boot: { type: 'uefi', secureBoot: true },
  tpm: 'emulated',
  disks: [{ file: disk, format: 'raw', bus: 'sata' }],
  display: { type: 'none' },
  agent: false,
});

describe.skipIf(noSignedLinux() !== '')(`Secure Boot and TPM${noSignedLinux()}`, () => {
  let service: TestService;
  let tree = '';
  let disk = '';

  beforeAll(async () => {
    service = await startService();
    disk = join(service.paths.state, 'signed.img');
    tree = await fetchSignedLinux(cache);
    await makeSignedLinux(tree, disk, { script });
    const body = { name: 'shaped', definition: windowsShaped(disk) };
    await service.finish(service.client.call('createMachine', { body }));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test('a signed Linux sees Secure Boot on, and its TPM answers', async () => {
    const events = await service.listen();
    await service.client.call('startMachine', { params: { ref: 'shaped' } });
    using serial = await openConsole(service.paths, 'shaped');
    await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
    events.close();
    await serial.closed;
    const said = serial.text();
    // Four bytes of attributes, then the value.
    expect(said).toContain('SecureBoot: 0600000001.');
    expect(said).toContain('SetupMode: 0600000000.');
    expect(said).toMatch(/kernel: .*Secure boot enabled/);
    expect(said).toMatch(/names: .*Microsoft Corporation UEFI CA 2011,/);
    expect(said).toContain('tpm: 2.');
    expect(said).toMatch(/pcr7: (?!0+\.)[0-9A-F]{64}\./);
    // Tag, size 20, success, 8 bytes.
    expect(said).toMatch(/random: 800100000014000000000008[0-9a-f]{16}\./);
    expect(said).toMatch(/certificate: 8001[0-9a-f]{8}00000000/);
  });

  test('an unsigned loader is refused', async () => {
    await makeSignedLinux(tree, disk, { script, signed: false });
    await service.client.call('startMachine', { params: { ref: 'shaped' } });
    using serial = await openConsole(service.paths, 'shaped');
    await serial.expect(/Access Denied/);
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: 'shaped' },
        body: { force: true, timeoutSeconds: 1 },
      }),
    );
    expect(serial.text()).not.toContain('SecureBoot:');
  });
});

// SPDX-License-Identifier: Apache-2.0
//
// What the firmware of a PC can hand to systemd in strings of its maker (SMBIOS type 11):
// https://www.freedesktop.org/software/systemd/man/latest/smbios-type-11.html
import type { PcSpec } from './pc-spec.ts';

/** The arguments of QEMU for the credentials and kernel arguments of a PC. */
export function smbiosArguments({ credentials, kernelArguments }: PcSpec): string[] {
  const strings = Object.entries(credentials).map(
    ([name, value]) => `io.systemd.credential.binary:${name}=${Buffer.from(value).toString('base64')}`,
  );
  if (kernelArguments.length > 0)
    strings.push(`io.systemd.stub.kernel-cmdline-extra=${kernelArguments.join(' ')}`);
  // QEMU cuts its options at commas; two of them stand for one.
  return strings.flatMap((string) => ['-smbios', `type=11,value=${string.replaceAll(',', ',,')}`]);
}

// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The keys of os-release(5); empty when this PC has none. */
export function readOsRelease(root = '/'): Record<string, string> {
  for (const file of ['etc/os-release', 'usr/lib/os-release']) {
    try {
      return parse(readFileSync(join(root, file), 'utf8'));
    } catch {
      // The second place is for systems without a writable /etc; without both we know nothing, which is allowed.
    }
  }
  return {};
}

// Lines KEY=value, with the value in quotes when it holds anything special.
function parse(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const match = /^([A-Z_0-9]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    return match === null ? [] : [[match[1], match[2] ?? match[3] ?? match[4] ?? '']];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

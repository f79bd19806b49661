// SPDX-License-Identifier: Apache-2.0
import type { VmmClaim } from '../contract/vmm.ts';

/** How we know something of a VMM. */
export function sourceWords({ source, possible }: Pick<VmmClaim, 'source' | 'possible'>): string {
  switch (source) {
    case 'asked':
      return 'it says so itself';
    case 'version':
      return 'known of this version';
    case 'design':
      return possible === 'no' ? 'not possible by its design' : 'so by its design';
    case 'host':
      return 'found out on this PC';
  }
}

// SPDX-License-Identifier: Apache-2.0
import { switchIn, type Tree } from './tree.ts';

/** Ways of a processor to keep the memory of a guest from the PC it runs on. */
export const confidentialKinds = ['sev', 'sev-es', 'sev-snp', 'tdx'] as const;
export type ConfidentialKind = (typeof confidentialKinds)[number];

/**
 * What KVM says it can use now: processor, firmware settings and kernel together. Its modules say it, each in a file
 * of the same name as the kind.
 */
export function usableKinds(tree: Tree): ConfidentialKind[] {
  return confidentialKinds.filter((kind) => {
    const name = kind.replace('-', '_');
    return ['kvm_intel', 'kvm_amd'].some(
      (module) => switchIn(tree, `sys/module/${module}/parameters/${name}`) === true,
    );
  });
}

// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'os/**/*.test.ts', 'lab/**/*.test.ts'],
          // On two processors, too, where there would be one: much of what they do is waiting.
          maxWorkers: '100%',
          // Patience, not a measure: some start processes, and the PC may be busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          sequence: { groupOrder: 0 },
        },
      },
      // Real guests in a real browser.
      {
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // How long a guest without KVM may take to show what a test waits for.
          expect: { poll: { timeout: 60_000 } },
        },
      },
      // Real guests take real time on a PC without KVM: one file after the other, with patience. Where the PC itself is
      // emulated, as it is for VMMs that need KVM, a service alone can take two minutes to start.
      {
        test: {
          name: 'boot',
          include: ['test/{boot,fault}/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});

// SPDX-License-Identifier: Apache-2.0
import { Type } from '../../contract/schema.ts';
import { PowerAction } from '../../contract/os.ts';
import { osTool } from './os-tool.ts';
import type { Verb } from './verb.ts';

const PowerRequest = Type.Object({ action: PowerAction }, { additionalProperties: false });

/** Restarts this PC, or switches it off. What must be saved before is the service's business. */
export const power: Verb<{ action: PowerAction }> = {
  request: PowerRequest,
  exclusive: true,
  async run({ action }, { root, signal }) {
    await osTool(root, ['/usr/bin/systemctl', '--no-block', action === 'restart' ? 'reboot' : 'poweroff'], {
      signal,
    });
    return null;
  },
};

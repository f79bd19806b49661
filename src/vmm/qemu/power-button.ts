// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { GuestAgent } from './guest-agent.ts';
import { isRecord, type Qmp } from './qmp.ts';

export interface PowerButtonParts {
  name: string;
  qmp: Qmp;
  /** null: the machine has no channel for an agent */
  agent: Pick<GuestAgent, 'tell'> | null;
  agentConnected(): Promise<boolean>;
}

/**
 * Presses the power button. The boards for PCs and ARM have one. That for RISC-V has none: QEMU (7.2 to 10.1) takes
 * the command and nothing happens, so there the agent in the guest is asked to power off.
 */
export function createPowerButton({ name, qmp, agent, agentConnected }: PowerButtonParts) {
  return async (): Promise<void> => {
    const target = await qmp.execute('query-target');
    const architecture = isRecord(target) ? String(target['arch']) : '';
    if (!architecture.startsWith('riscv')) {
      await qmp.execute('system_powerdown');
      return;
    }
    if (agent === null || !(await agentConnected())) {
      const missing = agent === null ? 'the machine has no channel for one' : 'none is connected';
      const reason = `${missing}, and the board has no power button that could be pressed instead`;
      throw new PhyllomeError('guest-agent-failed', { name, reason });
    }
    await agent.tell('guest-shutdown');
  };
}

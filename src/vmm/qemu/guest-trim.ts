// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { TrimmedFileSystem } from '../driver.ts';
import type { GuestAgent } from './guest-agent.ts';
import { isRecord } from './qmp.ts';

export interface TrimSources {
  name: string;
  /** null: the machine has no channel for one */
  agent: Pick<GuestAgent, 'ask'> | null;
  agentConnected(): Promise<boolean>;
}

// A large file system on slow storage takes minutes to tell what is free (ms).
const patience = 15 * 60_000;
const longestText = 200;

/** @throws PhyllomeError `guest-agent-failed` */
export function createGuestTrim({ name, agent, agentConnected }: TrimSources) {
  return async (signal: AbortSignal): Promise<TrimmedFileSystem[]> => {
    if (agent === null || !(await agentConnected())) {
      const reason = agent === null ? 'the machine has no channel for one' : 'none is connected';
      throw new PhyllomeError('guest-agent-failed', { name, reason });
    }
    const answer = await agent.ask('guest-fstrim', { timeout: patience, signal });
    const paths = isRecord(answer) ? answer['paths'] : undefined;
    return (Array.isArray(paths) ? paths : []).filter(isRecord).map(({ path, trimmed, error }) => ({
      path: String(path).slice(0, longestText),
      bytes: typeof trimmed === 'number' && trimmed >= 0 ? trimmed : null,
      problem:
        error === undefined
          ? null
          : (typeof error === 'string' ? error : 'it does not say why').slice(0, longestText),
    }));
  };
}

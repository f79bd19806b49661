// SPDX-License-Identifier: Apache-2.0
//
// The closed list of what root does for the service on Phyllome OS. Each is loaded when it is asked for: one connection
// asks for one.
import type { OsVerbName } from '../../contract/os.ts';
import type { Verb } from './verb.ts';

export const verbs: Readonly<Record<OsVerbName, () => Promise<Verb>>> = {
  power: async () => (await import('./power.ts')).power,
};

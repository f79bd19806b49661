// SPDX-License-Identifier: Apache-2.0
//
// The closed list of what root does for the service on Phyllome OS. Each is loaded when it is asked for: one connection
// asks for one.
import type { OsVerbName } from '../../contract/os.ts';
import type { Verb } from './verb.ts';

export const verbs: Readonly<Record<OsVerbName, () => Promise<Verb>>> = {
  power: async () => (await import('./power.ts')).power,
  status: async () => (await import('./status.ts')).status,
  update: async () => (await import('./update.ts')).update,
  rollback: async () => (await import('./rollback.ts')).rollback,
  disks: async () => (await import('./disks.ts')).disks,
  install: async () => (await import('./install.ts')).install,
  answers: async () => (await import('./answers.ts')).answers,
  'network-scan': async () => (await import('./network/wifi.ts')).scan,
  'network-join': async () => (await import('./network/wifi.ts')).join,
  'network-forget': async () => (await import('./network/forget.ts')).forget,
  'network-addresses': async () => (await import('./network/addresses.ts')).addresses,
  'network-bridge': async () => (await import('./network/bridge.ts')).makeBridge,
  'network-unbridge': async () => (await import('./network/bridge.ts')).removeBridge,
  'network-settle': async () => (await import('./network/settle.ts')).settle,
  plug: async () => (await import('./network/cables.ts')).plug,
  unplug: async () => (await import('./network/cables.ts')).unplug,
  settings: async () => (await import('./system/settings.ts')).settings,
  firewall: async () => (await import('./system/firewall.ts')).firewall,
  'factory-reset': async () => (await import('./system/factory-reset.ts')).factoryReset,
};

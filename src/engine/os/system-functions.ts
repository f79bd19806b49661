// SPDX-License-Identifier: Apache-2.0
//
// The system around the service on a PC that runs Phyllome OS: network, settings, factory reset. Loaded when it is first
// asked for, since most services run on other systems.
import { PhyllomeError } from '../../contract/errors.ts';
import { rootSocket } from '../../contract/paths.ts';
import { readPhyllomeOs } from '../../host/phyllome-os.ts';
import { lazily } from '../lazily.ts';
import type { Tasks } from '../tasks.ts';
import type { NetworkFunctions } from './network.ts';
import type { OsSettingsFunctions } from './os-settings.ts';
import type { ResetFunctions, ResetParts } from './factory-reset.ts';
import { createRoot } from './root.ts';

export type SystemFunctions = NetworkFunctions & OsSettingsFunctions & ResetFunctions;

export interface SystemParts extends Omit<ResetParts, 'root'> {
  tasks: Tasks;
  /** Below which os-release is read; "/" outside of tests */
  tree?: string;
}

export function createSystemFunctions({ tree = '/', ...parts }: SystemParts): SystemFunctions {
  const root = createRoot(rootSocket);
  /** @throws PhyllomeError `os-only` */
  const here = <Made>(make: () => Promise<Made>): (() => Promise<Made>) => {
    const once = lazily(make);
    return () => {
      if (readPhyllomeOs(tree) === null) throw new PhyllomeError('os-only');
      return once();
    };
  };
  const network = here(async () =>
    (await import('./network.ts')).createNetwork({ root, tasks: parts.tasks }),
  );
  const settings = here(async () => (await import('./os-settings.ts')).createOsSettings(root, tree));
  const reset = here(async () => (await import('./factory-reset.ts')).createFactoryReset({ root, ...parts }));
  return {
    network: async () => (await network()).network(),
    listWifi: async () => (await network()).listWifi(),
    scanWifi: async () => (await network()).scanWifi(),
    connectWifi: async (request) => (await network()).connectWifi(request),
    forgetNetwork: async (id) => (await network()).forgetNetwork(id),
    setAddresses: async (device, request) => (await network()).setAddresses(device, request),
    makeBridge: async (request) => (await network()).makeBridge(request),
    removeBridge: async (bridge) => (await network()).removeBridge(bridge),
    confirmNetwork: async () => (await network()).confirmNetwork(),
    revertNetwork: async () => (await network()).revertNetwork(),
    osSettings: async () => (await settings()).osSettings(),
    setOsSettings: async (change) => (await settings()).setOsSettings(change),
    osChoices: async () => (await settings()).osChoices(),
    planReset: async () => (await reset()).planReset(),
    factoryReset: async (request) => (await reset()).factoryReset(request),
  };
}

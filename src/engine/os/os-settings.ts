// SPDX-License-Identifier: Apache-2.0
import type { ChangeOsSettings, OsSettings } from '../../contract/os-settings.ts';
import { readOsChoices } from '../../host/os-settings/choices.ts';
import { readOsSettings } from '../../host/os-settings/settings.ts';
import type { Engine } from '../engine.ts';
import type { Root } from './root.ts';

export type OsSettingsFunctions = Pick<Engine, 'osSettings' | 'setOsSettings' | 'osChoices'>;

/** What the owner decided about the system. Everybody may read it; root writes it. */
export function createOsSettings(root: Root, tree = '/'): OsSettingsFunctions {
  const read = (): Promise<OsSettings> => readOsSettings(tree);
  return {
    osSettings: read,
    osChoices: () => readOsChoices(tree),
    async setOsSettings(change: ChangeOsSettings) {
      const { openPorts, ...settings } = change;
      if (Object.keys(settings).length > 0) await root.ask('settings', settings);
      if (openPorts !== undefined) await root.ask('firewall', { ports: openPorts });
      return read();
    },
  };
}

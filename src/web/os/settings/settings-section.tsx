// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  lids,
  powerButtons,
  type ChangeOsSettings,
  type OsChoices,
  type OsSettings,
} from '../../../contract/os-settings.ts';
import { useAction, type Action } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Group, SelectRow, SwitchRow, TextRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useNetworkWords } from '../network/words.ts';
import { portsText, readPorts } from './ports.ts';

/** Name, time, keyboard, buttons and what the network may reach. Each change counts at once. */
export function SettingsSection() {
  const queries = useQueryClient();
  const settings = useQuery({
    queryKey: keys.osSettings,
    queryFn: ({ signal }) => call('osSettings', { signal }),
  });
  const choices = useQuery({
    queryKey: keys.osChoices,
    queryFn: ({ signal }) => call('osChoices', { signal }),
  });
  const change = useAction(async (body: ChangeOsSettings) => {
    queries.setQueryData(keys.osSettings, await call('setOsSettings', { body }));
    if (body.hostName !== undefined) await queries.invalidateQueries({ queryKey: keys.network });
  });
  return (
    <Loaded query={settings}>
      {(now) => (
        <Loaded query={choices}>
          {(known) => <SettingsGroup now={now} known={known} change={change} />}
        </Loaded>
      )}
    </Loaded>
  );
}

/** What stands there by hand is shown, too. */
const listed = (names: readonly string[], current: string) =>
  [...new Set([current, ...names])].map((value) => ({ value, label: value }));

interface SettingsGroupProps {
  now: OsSettings;
  known: OsChoices;
  change: Action<[ChangeOsSettings]>;
}

function SettingsGroup({ now, known, change }: SettingsGroupProps) {
  const words = useNetworkWords();
  const does = <Value extends keyof typeof words.actions>(values: readonly Value[]) =>
    values.map((value) => ({ value, label: words.actions[value] }));
  const set = (body: ChangeOsSettings): void => void change.run(body);
  const { busy: disabled } = change;
  return (
    <>
      <Group title={words.settings}>
        <SavedText
          title={words.hostName}
          subtitle={words.hostNameAbout}
          value={now.hostName}
          change={change}
          read={(hostName) => ({ hostName: hostName.trim() })}
        />
        <SelectRow
          title={words.timeZone}
          value={now.timeZone}
          options={listed(known.timeZones, now.timeZone)}
          disabled={disabled}
          onChange={(timeZone) => set({ timeZone })}
        />
        <SelectRow
          title={words.keyboard}
          subtitle={words.keyboardAbout}
          value={now.keyboard}
          options={listed(known.keyboards, now.keyboard)}
          disabled={disabled}
          onChange={(keyboard) => set({ keyboard })}
        />
        {known.locales.length > 1 && (
          <SelectRow
            title={words.locale}
            value={now.locale}
            options={listed(known.locales, now.locale)}
            disabled={disabled}
            onChange={(locale) => set({ locale })}
          />
        )}
        <SelectRow
          title={words.powerButton}
          value={now.powerButton}
          options={does(powerButtons)}
          disabled={disabled}
          onChange={(powerButton) => set({ powerButton })}
        />
        <SelectRow
          title={words.lid}
          value={now.lid}
          options={does(lids)}
          disabled={disabled}
          onChange={(lid) => set({ lid })}
        />
        <SwitchRow
          title={words.ssh}
          subtitle={words.sshAbout}
          value={now.ssh}
          disabled={disabled}
          onChange={(ssh) => set({ ssh })}
        />
        <SavedText
          title={words.openPorts}
          subtitle={words.openPortsAbout}
          value={portsText(now.openPorts)}
          change={change}
          wrong={words.portsWrong}
          read={(text) => {
            const openPorts = readPorts(text);
            return openPorts === null ? null : { openPorts };
          }}
        />
      </Group>
      <ErrorNote error={change.error} />
    </>
  );
}

interface SavedTextProps {
  title: string;
  subtitle: string;
  value: string;
  /** Said when `read` has no use for the text */
  wrong?: string;
  read(text: string): ChangeOsSettings | null;
  change: Action<[ChangeOsSettings]>;
}

/** A text that counts once it is saved. */
function SavedText({ title, subtitle, value, wrong, read, change }: SavedTextProps) {
  const words = useNetworkWords();
  const [text, setText] = useState<string | null>(null);
  const body = text === null ? null : read(text);
  const edited = text !== null && text !== value;
  return (
    <>
      <TextRow
        title={title}
        subtitle={subtitle}
        value={text ?? value}
        disabled={change.busy}
        onChange={setText}
        problem={edited && body === null ? (wrong ?? null) : null}
      />
      {edited && body !== null && (
        <div className="row">
          <span className="row-text" />
          <span className="row-end">
            <Button
              label={words.save}
              aria-label={`${words.save}: ${title}`}
              kind="suggested"
              disabled={change.busy}
              onClick={() => {
                void change.run(body).then((done) => {
                  if (done) setText(null);
                });
              }}
            />
          </span>
        </div>
      )}
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Group, SelectRow, TextRow } from '../parts/rows.tsx';
import { SecretRow } from '../parts/secret-row.tsx';
import { call } from '../service/api.ts';
import type { Field, InstallDraft } from './draft.ts';
import { useInstallText } from './words.ts';

interface YouStepProps {
  draft: InstallDraft;
  problems: readonly Field[];
  change(part: Partial<InstallDraft>): void;
}

/** Who owns this PC, what it is called, and where it is. */
export function YouStep({ draft, problems, change }: YouStepProps) {
  const { you } = useInstallText();
  const choices = useQuery({
    queryKey: ['os-choices'],
    queryFn: ({ signal }) => call('osChoices', { signal }),
  });
  // Nothing is wrong with what was not filled in yet.
  const problem = (field: Field, value: string, words: string): string | null =>
    value !== '' && problems.includes(field) ? words : null;
  const words = { show: you.show, hide: you.hide };
  return (
    <>
      <Group>
        <TextRow
          title={you.hostname}
          subtitle={you.hostnameAbout}
          value={draft.hostname}
          maxLength={63}
          problem={problem('hostname', draft.hostname, you.hostnameBad)}
          onChange={(hostname) => change({ hostname })}
        />
        <TextRow
          title={you.user}
          subtitle={you.userAbout}
          value={draft.user}
          maxLength={31}
          problem={problem('user', draft.user, you.userBad)}
          onChange={(user) => change({ user })}
        />
        <SecretRow
          title={you.password}
          subtitle={you.passwordAbout}
          value={draft.password}
          words={words}
          problem={problem('password', draft.password, you.passwordShort)}
          onChange={(password) => change({ password })}
        />
        <SecretRow
          title={you.repeat}
          value={draft.repeat}
          words={words}
          problem={problem('repeat', draft.repeat, you.repeatBad)}
          onChange={(repeat) => change({ repeat })}
        />
      </Group>
      <Group>
        <SelectRow
          title={you.keyboard}
          value={draft.keyboard}
          options={list(choices.data?.keyboards, draft.keyboard)}
          onChange={(keyboard) => change({ keyboard })}
        />
        <SelectRow
          title={you.timezone}
          value={draft.timezone}
          options={list(choices.data?.timeZones, draft.timezone)}
          onChange={(timezone) => change({ timezone })}
        />
        <SelectRow
          title={you.language}
          value={draft.locale}
          options={list(choices.data?.locales, draft.locale)}
          onChange={(locale) => change({ locale })}
        />
      </Group>
      <Group>
        <TextRow
          title={you.wifi}
          subtitle={you.wifiAbout}
          value={draft.wifi}
          maxLength={32}
          onChange={(wifi) => change({ wifi })}
        />
        {draft.wifi !== '' && (
          <SecretRow
            title={you.wifiPassword}
            value={draft.wifiPassword}
            words={words}
            problem={problem('wifiPassword', draft.wifiPassword, you.wifiShort)}
            onChange={(wifiPassword) => change({ wifiPassword })}
          />
        )}
      </Group>
    </>
  );
}

const list = (known: readonly string[] | undefined, current: string) =>
  [...new Set([current, ...(known ?? [])])].toSorted().map((value) => ({ value, label: value }));

// SPDX-License-Identifier: Apache-2.0
import { Share } from '../../../contract/machine.ts';
import { completeValue } from '../../../contract/validate.ts';
import { Group, Row } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { AddRow, RemoveRow } from './entry-rows.tsx';
import { Expander } from './expander.tsx';
import { SwitchField, TextField } from './fields.tsx';
import { problemAt } from './problems.ts';

export function SharesSection() {
  const { settings } = useText();
  const text = settings.shares;
  const { shares } = useDraftContext().definition;
  const entry = (): unknown => {
    const taken = shares.map(({ tag }) => tag);
    let number = 1;
    while (taken.includes(`share${number}`)) number += 1;
    return completeValue(Share, { tag: `share${number}`, path: '' }).value;
  };
  return (
    <Group title={text.title} description={text.description}>
      {shares.length === 0 && <Row title={settings.none} />}
      {shares.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name; its tag may be edited
        <ShareEntry key={index} index={index} />
      ))}
      <AddRow label={text.add} path={['shares']} count={shares.length} entry={entry} />
    </Group>
  );
}

function ShareEntry({ index }: { index: number }) {
  const { settings } = useText();
  const text = settings.shares;
  const { definition, saved, problems } = useDraftContext();
  const share = definition.shares[index] as Share;
  const path = ['shares', index] as const;
  return (
    <Expander
      title={share.tag === '' ? text.share(index + 1) : share.tag}
      subtitle={share.path}
      icon="share"
      wrong={problemAt(problems, path, true) !== null}
      fresh={index >= saved.shares.length}
    >
      <TextField path={[...path, 'tag']} words={text.tag} />
      <TextField path={[...path, 'path']} words={text.path} mono />
      <SwitchField path={[...path, 'readOnly']} words={text.readOnly} />
      <RemoveRow label={text.remove} what={share.tag} path={path} />
    </Expander>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { Group, SelectRow, SwitchRow } from '../../parts/rows.tsx';
import { useVmmText } from '../../vmm/words.ts';
import { useDraftContext } from './draft.ts';
import { Expander } from './expander.tsx';
import { SizeField, useField, type Choices } from './fields.tsx';
import { problemAt } from './problems.ts';
import { boundsAt } from './schema-at.ts';

const paths = [['board'], ['throwAway'], ['confidential'], ['sgx']] as const;
// What a guest gets to begin with: the enclave memory of a PC is small.
const someEnclaveMemory = 64 * 2 ** 20;

/** What few machines need. Each is left out of the definition while it is as for all others. */
export function AdvancedSection() {
  const { advanced: text } = useVmmText();
  const { definition, set, problems } = useDraftContext();
  const { board, throwAway, confidential, sgx } = definition;
  const isUsed = [board, throwAway, confidential, sgx].some((value) => value !== undefined);
  return (
    <Group>
      <Expander
        title={text.title}
        subtitle={text.about}
        icon="settings"
        wrong={paths.some((path) => problemAt(problems, path, true) !== null)}
        fresh={isUsed}
      >
        <OptionalChoice name="board" usual="standard" words={text.board} />
        <SwitchRow
          title={text.throwAway.label}
          subtitle={text.throwAway.about}
          value={throwAway === true}
          onChange={(on) => set(['throwAway'], on ? true : undefined)}
        />
        <OptionalChoice name="confidential" usual="none" words={text.confidential} />
        <SwitchRow
          title={text.sgx.label}
          subtitle={text.sgx.about}
          value={sgx !== undefined}
          onChange={(on) => set(['sgx'], on ? { epc: someEnclaveMemory } : undefined)}
        />
        {sgx !== undefined && <SizeField path={['sgx', 'epc']} words={text.epc} />}
      </Expander>
    </Group>
  );
}

interface OptionalChoiceProps {
  name: 'board' | 'confidential';
  /** What it means when the key is left out */
  usual: string;
  words: { label: string; choices: Choices };
}

function OptionalChoice({ name, usual, words }: OptionalChoiceProps) {
  const { value, set, problem } = useField([name]);
  const chosen = typeof value === 'string' ? value : usual;
  return (
    <SelectRow
      title={words.label}
      subtitle={words.choices[chosen]?.about}
      value={chosen}
      problem={problem}
      options={boundsAt([name]).choices.map((choice) => ({
        value: choice,
        label: words.choices[choice]?.label ?? choice,
      }))}
      onChange={(next) => set(next === usual ? undefined : next)}
    />
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { Budget } from '../../contract/budget.ts';
import type { CatalogEntry } from '../../contract/catalog.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, SwitchRow, TextRow } from '../parts/rows.tsx';
import { SharesBar } from '../parts/shares-bar.tsx';
import { useFormats, useText } from '../text/language.ts';
import { DiskSlider } from './disk-slider.tsx';
import { isFetched, sizesOf, useOf, type Draft } from './draft.ts';
import type { NameProblem } from './name-words.ts';
import { memorySteps, processorSteps } from './scale.ts';
import { SliderRow } from './slider-row.tsx';

interface SizeStepProps {
  draft: Draft;
  /** The system that a file was recognised as */
  known: CatalogEntry | null;
  onChange(changes: Partial<Draft>): void;
  budget: Budget;
  name: string;
  nameProblem: NameProblem | null;
  error: unknown;
}

/** The name of the machine, and what it gets of this PC. */
export function SizeStep({ draft, known, onChange, budget, name, nameProblem, error }: SizeStepProps) {
  const { size } = useText().create;
  const sizes = sizesOf(draft, budget, known);
  const use = useOf(draft);
  const problem =
    nameProblem === null ? null : nameProblem === 'taken' ? size.nameTaken : size.nameBad[nameProblem];
  return (
    <>
      <h2 tabIndex={-1}>{size.title}</h2>
      <ErrorNote error={error} />
      <Group>
        <TextRow
          title={size.name}
          subtitle={size.nameAbout}
          value={name}
          problem={problem}
          maxLength={200}
          onChange={(value) => onChange({ name: value })}
        />
      </Group>
      <Group>
        <Processors budget={budget} value={sizes.vcpus} onChange={(vcpus) => onChange({ vcpus })} />
        <Memory
          budget={budget}
          value={sizes.memoryBytes}
          onChange={(memoryBytes) => onChange({ memoryBytes })}
        />
      </Group>
      {isFetched(draft.source) && (
        <Group>
          <DiskSlider value={sizes.diskBytes} onChange={(diskBytes) => onChange({ diskBytes })} />
        </Group>
      )}
      {use !== null && (
        <Group>
          {use === 'copy-disk' && (
            <SwitchRow
              title={size.keepDisk}
              subtitle={size.keepDiskAbout}
              value={draft.keepDiskSize}
              onChange={(keepDiskSize) => onChange({ keepDiskSize })}
            />
          )}
          {use === 'use-disk' && <p className="row">{size.inPlace}</p>}
          {(use === 'install' || (use === 'copy-disk' && !draft.keepDiskSize)) && (
            <DiskSlider value={sizes.diskBytes} onChange={(diskBytes) => onChange({ diskBytes })} />
          )}
        </Group>
      )}
    </>
  );
}

interface ResourceProps {
  budget: Budget;
  value: number;
  onChange(value: number): void;
}

function Processors({ budget, value, onChange }: ResourceProps) {
  const { create, home } = useText();
  const { size } = create;
  const formats = useFormats();
  const others = budget.claims.reduce((sum, claim) => sum + claim.vcpus, 0);
  const most = budget.free.vcpus;
  const { vcpus: all } = budget.host;
  // Processors are shared in time, so those of other machines are no part of the picture.
  const host = Math.min(budget.reserve.vcpus, Math.max(0, all - value));
  const part = (vcpus: number) => ({ value: vcpus, text: formats.number(vcpus) });
  return (
    <SliderRow
      title={size.processors}
      steps={processorSteps(most, value)}
      value={value}
      onChange={onChange}
      format={(vcpus) => size.ofMost(home.processors(vcpus, formats.number(vcpus)), formats.number(most))}
      {...(others > 0 && { about: size.shared(others, formats.number(others)) })}
    >
      <SharesBar
        title={size.processors}
        shares={[
          { key: 'host', label: size.parts.host, look: 'host', ...part(host) },
          { key: 'mine', label: size.parts.mine, look: 1, ...part(Math.min(value, all)) },
          { key: 'free', label: size.parts.free, look: 'free', ...part(Math.max(0, all - value - host)) },
        ]}
      />
    </SliderRow>
  );
}

function Memory({ budget, value, onChange }: ResourceProps) {
  const { size } = useText().create;
  const formats = useFormats();
  const others = budget.claims.reduce((sum, claim) => sum + claim.memoryBytes + claim.overheadBytes, 0);
  // When all other machines are off.
  const most = budget.free.memoryBytes + others;
  const { memoryBytes: all } = budget.host;
  const host = budget.reserve.memoryBytes;
  const part = (bytes: number) => ({ value: bytes, text: formats.bytes(bytes) });
  return (
    <SliderRow
      title={size.memory}
      steps={memorySteps(most, value)}
      value={value}
      onChange={onChange}
      format={(bytes) => size.ofMost(formats.bytes(bytes), formats.bytes(most))}
      warning={
        value > budget.free.memoryBytes ? size.tooMuchNow(formats.bytes(budget.free.memoryBytes)) : null
      }
    >
      <SharesBar
        title={size.memory}
        shares={[
          { key: 'host', label: size.parts.host, look: 'host', ...part(host) },
          { key: 'others', label: size.parts.others, look: 'others', ...part(others) },
          { key: 'mine', label: size.parts.mine, look: 1, ...part(value) },
          {
            key: 'free',
            label: size.parts.free,
            look: 'free',
            ...part(Math.max(0, all - host - others - value)),
          },
        ]}
      />
    </SliderRow>
  );
}

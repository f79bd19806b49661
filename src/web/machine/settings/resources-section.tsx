// SPDX-License-Identifier: Apache-2.0
import type { Budget } from '../../../contract/budget.ts';
import { Group, SwitchRow } from '../../parts/rows.tsx';
import { useBudget } from '../../service/queries.ts';
import { useFormats, useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { NumberField, SizeField } from './fields.tsx';
import { memoryScale } from './memory-scale.ts';
import { problemAt } from './problems.ts';

export function ResourcesSection({ machineId }: { machineId: string }) {
  const { settings } = useText();
  const text = settings.resources;
  const { definition, set, problems } = useDraftContext();
  const budget = useBudget().data;
  const { vcpus, topology } = definition.cpu;
  const wrongShape = problemAt(problems, ['cpu', 'topology']) !== null;
  return (
    <Group title={text.title}>
      <NumberField
        path={['cpu', 'vcpus']}
        words={{
          label: text.vcpus.label,
          ...(budget !== undefined && { about: text.vcpus.about(budget.host.vcpus, budget.guests.vcpus) }),
        }}
      />
      <SwitchRow
        title={text.topology.label}
        subtitle={text.topology.about}
        value={topology !== undefined}
        problem={wrongShape ? text.topology.wrong(vcpus) : null}
        onChange={(on) => set(['cpu', 'topology'], on ? { sockets: 1, cores: vcpus, threads: 1 } : undefined)}
      />
      {topology !== undefined && (
        <>
          <NumberField path={['cpu', 'topology', 'sockets']} words={text.sockets} />
          <NumberField path={['cpu', 'topology', 'cores']} words={text.cores} />
          <NumberField path={['cpu', 'topology', 'threads']} words={text.threads} />
        </>
      )}
      <MemoryField machineId={machineId} budget={budget} />
    </Group>
  );
}

function MemoryField({ machineId, budget }: { machineId: string; budget: Budget | undefined }) {
  const { settings } = useText();
  const text = settings.resources;
  const { definition, set } = useDraftContext();
  const formats = useFormats();
  const { bytes } = formats;
  if (budget === undefined) return <SizeField path={['memory']} words={{ label: text.memory.label }} />;
  const { least, most, step, free } = memoryScale(budget, machineId);
  // While it is being typed it may be no size.
  const memory = Number.isSafeInteger(definition.memory) ? definition.memory : null;
  const about = text.memory.about(
    bytes(budget.host.memoryBytes),
    bytes(budget.reserve.memoryBytes),
    bytes(free),
  );
  return (
    <SizeField path={['memory']} words={{ label: text.memory.label, about }}>
      <input
        type="range"
        className="slider"
        aria-label={text.slider}
        aria-valuetext={memory === null ? '' : bytes(memory)}
        min={least}
        max={Math.max(most, least)}
        step={step}
        value={memory ?? least}
        onChange={(event) => set(['memory'], event.target.valueAsNumber)}
      />
      {memory !== null && memory > free && <p className="small field-warning">{text.memory.tooMuch}</p>}
    </SizeField>
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { useLoad } from '../service/load.ts';
import { useFormats, useText } from '../text/language.ts';

/** What a running machine does: its share of its processors, and the memory it takes. */
export function CardLoad({ machine }: { machine: MachineSummary }) {
  const { home } = useText();
  const formats = useFormats();
  const load = useLoad(machine.id);
  const cpu = load?.cpu ?? null;
  const memory = load?.memory ?? null;
  const vcpus = machine.vcpus ?? 1;
  // The VMM works beside the processors of the guest, so it may take a little more than they have.
  const share = cpu === null ? null : Math.min(1, cpu / vcpus);
  const part = memory === null || machine.memory === null ? null : Math.min(1, memory / machine.memory);
  return (
    <div className="card-load">
      <Meter
        label={home.processor}
        fraction={share}
        text={
          share === null
            ? home.measuring
            : home.processorUse(formats.percent(share), home.processors(vcpus, formats.number(vcpus)))
        }
        short={share === null ? '–' : formats.percent(share)}
      />
      <Meter
        label={home.memory}
        fraction={part}
        text={
          memory === null
            ? home.measuring
            : home.memoryUse(formats.bytes(memory), formats.bytes(machine.memory ?? memory))
        }
        short={memory === null ? '–' : formats.bytes(memory)}
      />
    </div>
  );
}

interface MeterProps {
  label: string;
  fraction: number | null;
  /** The whole truth, for screen readers and the tooltip */
  text: string;
  short: string;
}

function Meter({ label, fraction, text, short }: MeterProps) {
  return (
    <div className="card-meter" title={text}>
      <span className="dim">{label}</span>
      <span
        className="card-trough"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((fraction ?? 0) * 100)}
        aria-valuetext={text}
      >
        <span style={{ width: `${(fraction ?? 0) * 100}%` }} />
      </span>
      <span className="numeric">{short}</span>
    </div>
  );
}

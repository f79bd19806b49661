// SPDX-License-Identifier: Apache-2.0
import { useHost } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { diskSteps } from './scale.ts';
import { SliderRow } from './slider-row.tsx';

/** The size of a disk: it may be larger than what is free, since it only takes what the guest uses. */
export function DiskSlider({ value, onChange }: { value: number; onChange(bytes: number): void }) {
  const { size } = useText().create;
  const formats = useFormats();
  const free = useHost().data?.storage.find(({ purpose }) => purpose === 'machines')?.freeBytes ?? null;
  return (
    <SliderRow
      title={size.disk}
      steps={diskSteps(value)}
      value={value}
      onChange={onChange}
      format={formats.bytes}
      about={free === null ? size.diskAbout : `${size.diskAbout} ${size.ofDisk(formats.bytes(free))}`}
      warning={free !== null && value > free ? size.diskMoreThanFree(formats.bytes(free)) : null}
    />
  );
}

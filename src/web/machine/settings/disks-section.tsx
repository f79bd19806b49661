// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Disk } from '../../../contract/machine.ts';
import { completeValue } from '../../../contract/validate.ts';
import { Button } from '../../parts/button.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { useFormats, useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { AddRow, RemoveRow } from './entry-rows.tsx';
import { Expander } from './expander.tsx';
import { ChoiceField, NumberField, SizeField, SwitchField, TextField } from './fields.tsx';
import { newDiskFile } from './new-disk-file.ts';
import { problemAt } from './problems.ts';
import { possibleWhile, useHindrance } from '../hindrance.ts';

// What disks take is asked for, and shown, only where one is opened.
const DiskCare = lazy(() => import('../disks/disk-care.tsx'));
const DeviceDialog = lazy(() => import('../disks/device-dialog.tsx'));

// Roomy for any desktop; it grows only as it is filled (bytes).
const newSize = 64 * 2 ** 30;

export function DisksSection({ machine }: { machine: Machine }) {
  const { settings } = useText();
  const text = settings.disks;
  const { definition, saved } = useDraftContext();
  const { disks } = definition;
  const entry = (): unknown => {
    const file = newDiskFile([...disks, ...saved.disks].map((disk) => disk.file));
    return completeValue(Disk, { file, format: 'qcow2', size: newSize }).value;
  };
  return (
    <Group title={text.title}>
      {disks.length === 0 && <Row title={settings.none} />}
      {disks.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name; its file may be edited
        <DiskEntry key={index} index={index} machine={machine} />
      ))}
      <AddRow label={text.add} about={text.addAbout} path={['disks']} count={disks.length} entry={entry} />
      <DeviceRow machine={machine} />
    </Group>
  );
}

/** A whole device is written into the definition at once, with what it is known by. */
function DeviceRow({ machine }: { machine: Machine }) {
  const { settings } = useText();
  const text = settings.disks;
  const { edited } = useDraftContext();
  const [choosing, setChoosing] = useState(false);
  const hindrance = useHindrance(machine)(possibleWhile.off) ?? (edited.length > 0 ? text.saveFirst : null);
  return (
    <>
      <Row
        title={text.device}
        subtitle={hindrance ?? text.deviceAbout}
        icon="plus"
        end={
          <Button
            label={text.chooseDevice}
            {...(hindrance !== null && { reason: hindrance })}
            onClick={() => setChoosing(true)}
          />
        }
      />
      {choosing && (
        <Suspense>
          <DeviceDialog machine={machine} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </>
  );
}

function DiskEntry({ index, machine }: { index: number; machine: Machine }) {
  const { settings } = useText();
  const text = settings.disks;
  const formats = useFormats();
  const { definition, saved, problems, edited } = useDraftContext();
  const [opened, setOpened] = useState(false);
  const disk = definition.disks[index] as Disk;
  const path = ['disks', index] as const;
  // A disk that exists is not made again: its file says how large it is.
  const place = saved.disks.findIndex(({ file }) => file === disk.file);
  const exists = place !== -1;
  const size = typeof disk.size === 'number' ? ` · ${formats.bytes(disk.size)}` : '';
  return (
    <Expander
      title={text.disk(index + 1)}
      subtitle={text.about(disk.file, disk.format) + size}
      icon="disk"
      wrong={problemAt(problems, path, true) !== null}
      fresh={!exists}
      onOpen={() => setOpened(true)}
    >
      {exists && opened && (
        <Suspense>
          <DiskCare machine={machine} index={place} edited={edited.length > 0} />
        </Suspense>
      )}
      <TextField path={[...path, 'file']} words={text.file} mono />
      {!exists && <SizeField path={[...path, 'size']} words={text.size} />}
      <ChoiceField path={[...path, 'format']} words={text.format} />
      <ChoiceField path={[...path, 'bus']} words={text.bus} />
      <ChoiceField path={[...path, 'cache']} words={text.cache} />
      <ChoiceField path={[...path, 'discard']} words={text.discard} />
      <SwitchField path={[...path, 'readOnly']} words={text.readOnly} />
      <NumberField path={[...path, 'bootIndex']} words={text.boot} optional />
      <TextField path={[...path, 'serial']} words={text.serial} optional />
      <RemoveRow label={text.remove} about={text.removeAbout} what={text.disk(index + 1)} path={path} />
    </Expander>
  );
}

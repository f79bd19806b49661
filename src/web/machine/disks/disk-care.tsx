// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { MachineDisk } from '../../../contract/disk.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { possibleWhile, useHindrance } from '../hindrance.ts';
import { ConvertDialog, CheckDialog, TrimDialog } from './disk-dialogs.tsx';
import { DiskPicture } from './disk-picture.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { GrowDialog } from './grow-dialog.tsx';
import { LimitsDialog } from './limits-dialog.tsx';
import { useDiskText } from './words.ts';
import './disks.css';

interface DiskCareProps {
  machine: Machine;
  /** In the saved definition. Its file may get another name by what is done with it */
  index: number;
  /** There are edits that are not saved yet: work on disks changes the definition, too */
  edited: boolean;
}

/** What a disk takes, and what can be done with it. */
export default function DiskCare({ machine, index, edited }: DiskCareProps) {
  const query = useQuery({
    queryKey: keys.disks(machine.id),
    queryFn: ({ signal }) => call('machineDisks', { params: { ref: machine.id }, signal }),
    // A guest that runs writes without an event.
    staleTime: 0,
  });
  return (
    <div className="disk-care">
      <Loaded query={query}>
        {({ disks }) => {
          const disk = disks.find((one) => one.index === index);
          return disk === undefined ? null : <Care machine={machine} disk={disk} edited={edited} />;
        }}
      </Loaded>
    </div>
  );
}

const actions = ['grow', 'check', 'trim', 'convert', 'export', 'limits'] as const;
type DiskAction = (typeof actions)[number];

const states = {
  grow: possibleWhile.offOrLive,
  check: possibleWhile.off,
  trim: possibleWhile.offOrRunning,
  convert: possibleWhile.off,
  export: possibleWhile.off,
  limits: possibleWhile.offOrLive,
} as const;

// What makes no sense for a whole device: it has the size and the format it has.
const imagesOnly: readonly DiskAction[] = ['grow', 'convert'];

function Care({ machine, disk, edited }: { machine: Machine; disk: MachineDisk; edited: boolean }) {
  const text = useDiskText();
  const hindered = useHindrance(machine);
  // The disk as it was when asked: what is done with it may change its name, format and size.
  const [open, setOpen] = useState<{ action: DiskAction; disk: MachineDisk } | null>(null);
  const reasonFor = (action: DiskAction): string | null => {
    if (disk.kind === 'device' && imagesOnly.includes(action)) return text.deviceNot;
    return hindered(states[action]) ?? (edited ? text.unsaved : null);
  };
  const about = { machine, disk: open?.disk ?? disk, onClose: () => setOpen(null) };
  return (
    <>
      <DiskPicture disk={disk} />
      <div className="button-row" role="group" aria-label={text.actions}>
        {actions.map((action) => {
          const reason = reasonFor(action);
          return (
            <Button
              key={action}
              label={text[action].action}
              {...(reason !== null && { reason })}
              onClick={() => setOpen({ action, disk })}
            />
          );
        })}
      </div>
      {open?.action === 'grow' && <GrowDialog {...about} />}
      {open?.action === 'check' && <CheckDialog {...about} />}
      {open?.action === 'trim' && <TrimDialog {...about} />}
      {open?.action === 'convert' && <ConvertDialog {...about} />}
      {open?.action === 'export' && <ExportDialog {...about} />}
      {open?.action === 'limits' && <LimitsDialog {...about} />}
    </>
  );
}

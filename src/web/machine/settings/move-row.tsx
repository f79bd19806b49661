// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { vmmNames } from '../../../contract/machine.ts';
import { Menu } from '../../parts/menu.tsx';
import { Row } from '../../parts/rows.tsx';
import { useVmmText, vmmName } from '../../vmm/words.ts';
import { isAllowed } from '../allowed.ts';
import { useDraftContext } from './draft.ts';
import { MoveDialog, type Destination } from './move-dialog.tsx';

/** The way to another VMM for machines that have to be converted for it, and the way back. */
export function MoveRow({ machine }: { machine: Machine }) {
  const text = useVmmText();
  const { move } = text;
  const { saved, edited } = useDraftContext();
  const [to, setTo] = useState<Destination | null>(null);
  // A move works on what is saved, and on disks that nobody uses.
  const hindrance =
    edited.length > 0 ? move.saveFirst : isAllowed('start', machine.state.name) ? null : move.stopFirst;
  const reason = hindrance === null ? {} : { reason: hindrance };
  return (
    <>
      <Row
        title={move.label}
        subtitle={hindrance ?? move.about}
        end={
          <Menu
            label={move.menu}
            icon="down"
            kind="normal"
            labelled
            groups={[
              vmmNames
                .filter((vmm) => vmm !== saved.vmm)
                .map((vmm) => ({ label: vmmName(vmm, text), ...reason, onSelect: () => setTo({ vmm }) })),
              [{ label: move.back, ...reason, onSelect: () => setTo({ back: true }) }],
            ]}
          />
        }
      />
      {to !== null && (
        <MoveDialog
          key={to.vmm ?? 'back'}
          machine={machine}
          to={to}
          onClose={() => setTo(null)}
          onBack={() => setTo({ back: true })}
        />
      )}
    </>
  );
}

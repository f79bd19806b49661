// SPDX-License-Identifier: Apache-2.0
import type { HostKey } from '../../contract/favourite.ts';
import type { MachineSummary } from '../../contract/api.ts';
import { isAllowed } from '../machine/allowed.ts';
import { useVerbs } from '../machine/use-verbs.tsx';
import { useAction } from '../parts/action.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { useMachines } from '../service/queries.ts';
import { useKioskText } from './words.ts';

interface KioskMenuProps {
  machine: { id: string; name: string };
  hostKey: HostKey;
  onHost(): void;
  onShow(id: string): void;
  onLock(): void;
  onClose(): void;
}

/** What can be done while a machine has the screen, for a mouse or a finger; the keyboard has the host key. */
export function KioskMenu({ machine, hostKey, onHost, onShow, onLock, onClose }: KioskMenuProps) {
  const { menu, hostKeys } = useKioskText();
  const machines = useMachines().data ?? [];
  const current = machines.find(({ id }) => id === machine.id);
  const others = machines.filter(
    ({ id, display, state }) => id !== machine.id && display && isAllowed('look', state.name),
  );
  return (
    <Dialog title={menu.title(machine.name)} onClose={onClose}>
      <div className="card list">
        <Row icon="machines" title={menu.host} subtitle={hostKeys[hostKey]} onClick={onHost} />
        {current !== undefined && <Verbs machine={current} onDone={onClose} />}
        <Row icon="lock" title={menu.lock} onClick={onLock} />
      </div>
      {others.length > 0 && (
        <>
          <h3 className="kiosk-menu-heading">{menu.switchTo}</h3>
          <div className="card list">
            {others.map(({ id, name }) => (
              <Row key={id} icon="screen" title={menu.show(name)} onClick={() => onShow(id)} />
            ))}
          </div>
        </>
      )}
    </Dialog>
  );
}

function Verbs({ machine, onDone }: { machine: MachineSummary; onDone(): void }) {
  const { menu } = useKioskText();
  const verbs = useVerbs(machine);
  const state = machine.state.name;
  const press = useAction(async () => {
    await call('pressKeys', { params: { ref: machine.id }, body: { keys: ['ctrl', 'alt', 'delete'] } });
    onDone();
  });
  return (
    <>
      {isAllowed('resume', state) && (
        <Row icon="play" title={menu.resume} onClick={() => verbs.run('resume')} />
      )}
      {isAllowed('powerOff', state) && (
        <>
          <Row icon="keyboard" title={menu.press} onClick={() => void press.run()} />
          <Row icon="power" title={menu.powerOff} onClick={() => verbs.run('powerOff')} />
        </>
      )}
      {isAllowed('save', state) && <Row icon="save" title={menu.save} onClick={() => verbs.run('save')} />}
      <ErrorNote error={press.error} />
      {verbs.dialog}
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useCallback, useRef } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { webSocketUrl } from '../../service/api.ts';
import { useSignal } from '../../service/signal.ts';
import { useText } from '../../text/language.ts';
import { isAllowed } from '../allowed.ts';
import { NotRunning } from '../not-running.tsx';
import { useReopened } from '../use-reopened.ts';
import { openTerminal, type SerialTerminal } from './serial-terminal.ts';
import './console.css';

/** The serial console: what the guest wrote before first, then both ways. */
export default function ConsoleTab({ machine, onStart }: { machine: Machine; onStart(): void }) {
  const live = isAllowed('look', machine.state.name);
  return live ? <Console machine={machine} /> : <NotRunning machine={machine} onStart={onStart} />;
}

// How much of the past is shown (bytes): some thousand lines.
const history = 256 * 1024;
// How long to wait before a lost console is opened again (ms).
const patience = [1000];

function Console({ machine }: { machine: Machine }) {
  const { console: text } = useText();
  const area = useRef<HTMLDivElement>(null);
  const { id, name } = machine;
  const label = text.label(name);
  const open = useCallback(() => {
    if (area.current === null) return null;
    return openTerminal({ area: area.current, url: webSocketUrl('serial', id, { history }), label });
  }, [id, label]);
  const terminal = useReopened(open, patience);

  return (
    <div className="console">
      {terminal !== null && <Bar terminal={terminal} />}
      <div ref={area} className="console-area" />
    </div>
  );
}

function Bar({ terminal }: { terminal: SerialTerminal }) {
  const { console: text } = useText();
  const link = useSignal(terminal.link);
  const grabbed = useSignal(terminal.grabbed);
  const words = { connecting: text.connecting, connected: grabbed ? text.hint : '', ended: text.lost }[link];
  return (
    <div className="console-bar">
      <Button label={text.clear} kind="flat" onClick={() => terminal.clear()} />
      <p className="small dim" role="status">
        {words}
      </p>
    </div>
  );
}

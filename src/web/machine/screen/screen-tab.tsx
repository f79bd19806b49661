// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { useKept } from '../../parts/use-kept.ts';
import { useSignal } from '../../service/signal.ts';
import { useText } from '../../text/language.ts';
import { isAllowed } from '../allowed.ts';
import { NotRunning } from '../not-running.tsx';
import { ClipboardDialog } from './clipboard-dialog.tsx';
import type { GuestScreen } from './guest-screen.ts';
import { Toolbar } from './toolbar.tsx';
import { useGuestScreen } from './use-guest-screen.ts';
import './screen.css';

/** The guest's screen, as large as the window allows, with what a keyboard and a mouse alone cannot do. */
export default function ScreenTab({ machine, onStart }: { machine: Machine; onStart(): void }) {
  const live = isAllowed('look', machine.state.name);
  if (!live) return <NotRunning machine={machine} onStart={onStart} />;
  return <LiveScreen machine={machine} />;
}

function LiveScreen({ machine }: { machine: Machine }) {
  const { screen: text } = useText();
  const [fit, setFit] = useKept('phyllome-fit', ['follow', 'scale', 'exact'] as const);
  const [speed, setSpeed] = useKept('phyllome-speed', ['quick', 'slow'] as const);
  const [clipboard, setClipboard] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const { id, name } = machine;
  const screen = useGuestScreen({ area, machineId: id, label: text.canvas(name), fit, speed });
  return (
    <div ref={whole} className="screen">
      <Toolbar
        machine={machine}
        screen={screen}
        whole={whole}
        fit={fit}
        onFit={setFit}
        speed={speed}
        onSpeed={setSpeed}
        onClipboard={() => setClipboard(true)}
      />
      <div ref={area} className="screen-area" />
      {screen === null ? null : <Message screen={screen} paused={machine.state.name === 'paused'} />}
      {clipboard && <ClipboardDialog machine={machine} screen={screen} onClose={() => setClipboard(false)} />}
    </div>
  );
}

/** Why the picture does not move, when it does not. */
function Message({ screen, paused }: { screen: GuestScreen; paused: boolean }) {
  const { screen: text } = useText();
  const link = useSignal(screen.link);
  const words = paused ? text.paused : { connecting: text.connecting, connected: '', ended: text.lost }[link];
  return (
    <div className="screen-message" role="status">
      {words !== '' && <span>{words}</span>}
    </div>
  );
}

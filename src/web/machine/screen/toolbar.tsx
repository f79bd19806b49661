// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, type RefObject } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { streamPaths } from '../../../contract/operations.ts';
import { isKiosk } from '../../kiosk/kiosk-mode.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Menu } from '../../parts/menu.tsx';
import { apiPath, call, failureOf } from '../../service/api.ts';
import { createSignal, useSignal } from '../../service/signal.ts';
import { useText } from '../../text/language.ts';
import { chords } from './chords.ts';
import type { Fit } from './frame.ts';
import { enterFullScreen, leaveFullScreen } from './full-screen.ts';
import type { GuestScreen, LinkSpeed } from './guest-screen.ts';

interface ToolbarProps {
  machine: Machine;
  screen: GuestScreen | null;
  /** What fills the display in full screen */
  whole: RefObject<HTMLElement | null>;
  fit: Fit;
  onFit(fit: Fit): void;
  speed: LinkSpeed;
  onSpeed(speed: LinkSpeed): void;
  onClipboard(): void;
}

const nobody = createSignal(false);

export function Toolbar({ machine, screen, whole, fit, onFit, speed, onSpeed, onClipboard }: ToolbarProps) {
  const { screen: text, common } = useText();
  const grabbed = useSignal(screen?.grabbed ?? nobody);
  const full = useFullScreen();
  const running = machine.state.name === 'running';
  const press = useAction((keys: readonly string[]) =>
    call('pressKeys', { params: { ref: machine.id }, body: { keys: [...keys] } }),
  );
  const picture = useAction(() => download(machine));
  const toScreen = useAction(() => call('showOnScreen', { body: { show: 'machine', machine: machine.id } }));
  const error: unknown = press.error ?? picture.error ?? toScreen.error;

  return (
    <div className="screen-toolbar" role="toolbar" aria-label={text.toolbar}>
      <Button
        label={grabbed ? text.keyboard.taken : text.keyboard.take}
        icon="keyboard"
        kind="flat"
        aria-pressed={grabbed}
        disabled={screen === null}
        // The button must not take the focus away before it is asked what to do with it.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => (grabbed ? screen?.release() : screen?.focus())}
      />
      <Menu
        label={text.keys}
        icon="keyboard"
        groups={chords.map((group) =>
          group.map((chord) => ({
            label: chord.label,
            disabled: !running,
            ...(machine.lacks?.includes('keyboard') === true && { reason: common.lacking }),
            onSelect: () => {
              void press.run(chord.keys);
              screen?.focus();
            },
          })),
        )}
      />
      <Button label={text.clipboard.title} icon="clipboard" kind="flat" iconOnly onClick={onClipboard} />
      <Button
        label={text.screenshot}
        icon="camera"
        kind="flat"
        iconOnly
        disabled={picture.busy}
        onClick={() => void picture.run()}
      />
      <Menu
        label={text.view}
        icon="screen"
        groups={[
          (['follow', 'scale', 'exact'] as const).map((value) => ({
            label: text.fit[value],
            ...check(fit === value),
            onSelect: () => onFit(value),
          })),
          (['quick', 'slow'] as const).map((value) => ({
            label: text.speed[value],
            ...check(speed === value),
            onSelect: () => onSpeed(value),
          })),
        ]}
      />
      <Button
        label={full ? text.leaveFullScreen : text.fullScreen}
        icon="fullscreen"
        kind="flat"
        iconOnly
        onClick={() => {
          // The screen of this PC has a whole view for a machine, with a way back that no guest can take.
          if (isKiosk()) void toScreen.run();
          else if (full) void leaveFullScreen();
          else if (whole.current !== null) void enterFullScreen(whole.current).then(() => screen?.focus());
        }}
      />
      <p className="screen-hint small dim" role="status">
        {grabbed ? text.keyboard.hint : ''}
      </p>
      {error !== null && (
        <Dialog
          title={machine.name}
          onClose={() => {
            press.clear();
            picture.clear();
            toScreen.clear();
          }}
          footer={
            <Button
              label={common.close}
              onClick={() => {
                press.clear();
                picture.clear();
                toScreen.clear();
                toScreen.clear();
              }}
            />
          }
        >
          <ErrorNote error={error} />
        </Dialog>
      )}
    </div>
  );
}

function useFullScreen(): boolean {
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const look = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  return full;
}

/** Marks what is chosen in a menu. */
function check(on: boolean) {
  return on ? { icon: 'check' as const } : {};
}

/** Saves what the guest shows now, in its own pixels. */
async function download({ id, name }: Machine): Promise<void> {
  const response = await fetch(apiPath(streamPaths.screenshot, { ref: id }));
  if (!response.ok) throw await failureOf(response);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name} ${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.png`;
  link.click();
  // The browser has begun to save it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

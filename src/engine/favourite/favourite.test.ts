// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { PhyllomeEvent } from '../../contract/event.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { StateName } from '../../contract/state.ts';
import { createEventStream } from '../event-stream.ts';
import { machineState } from '../machine-state.ts';
import { openSettings } from '../settings.ts';
import { openStore } from '../store.ts';
import { definitionText, putMachine, sandbox, someId } from '../testing.ts';
import { openFavourite } from './open-favourite.ts';

const otherId = '6f1c2b3a-2222-4222-8222-222222222222';

/** A service with the machines "tiny" and "other" (without a screen), and a favourite that somebody asks about. */
async function trial() {
  const box = await sandbox();
  await putMachine(box.paths);
  await putMachine(
    box.paths,
    `${definitionText({ id: otherId, name: 'other' })}display: { type: none }\n`,
    otherId,
  );
  const store = await openStore(box.paths);
  const events = createEventStream();
  const states = new Map<string, StateName>();
  const started: string[] = [];
  const warnings: string[] = [];
  const seen: PhyllomeEvent[] = [];
  events.subscribe((event) => seen.push(event));
  let refusal: PhyllomeError | null = null;
  const enter = (id: string, name: StateName): void => {
    states.set(id, name);
    const details = { reason: 'QEMU was killed by SIGKILL', log: [] };
    events.emit({
      type: 'machine.state',
      machineId: id,
      machineName: store.find(id).name,
      state: machineState(name, details),
    });
  };
  const open = () =>
    openFavourite({
      settings: openSettings(box.paths.settings),
      store,
      events,
      file: box.paths.screen,
      show: (id) => ({
        state: machineState(states.get(id) ?? 'stopped'),
        display: store.find(id).definition?.display.type !== 'none',
      }),
      async start(id) {
        started.push(id);
        enter(id, 'starting');
        if (refusal === null) return enter(id, 'running');
        events.emit({
          type: 'machine.error',
          machineId: id,
          machineName: store.find(id).name,
          error: refusal.report(),
        });
        enter(id, 'stopped');
        throw refusal;
      },
      warn: (text) => warnings.push(text),
    });
  return {
    ...box,
    store,
    events,
    started,
    warnings,
    open,
    enter,
    door: open(),
    refuse: (error: PhyllomeError | null) => (refusal = error),
    /** What the last event says of the screen */
    told: () => seen.findLast((event) => event.type === 'favourite.changed')?.favourite,
  };
}

const tiny = { id: someId, name: 'tiny' };

test('as it comes there is none, and nothing follows the machines', async () => {
  await using it = await trial();
  expect(await it.door.open()).toBeNull();
  expect(await it.door.functions.favourite()).toEqual({
    machine: null,
    autostart: true,
    fullscreen: true,
    hostKey: 'ctrl-alt',
    blankMinutes: 15,
    lockMinutes: null,
    screen: { show: 'host' },
    displays: 0,
    problem: null,
  });
  await expect(it.door.functions.showOnScreen({ show: 'machine' })).rejects.toMatchObject({
    code: 'favourite-none',
  });
});

test('it is kept by its id, so it may be renamed', async () => {
  await using it = await trial();
  await it.door.functions.setFavourite({ machine: 'tiny', blankMinutes: null });
  expect(JSON.parse(await readFile(it.paths.settings, 'utf8'))).toEqual({
    reserve: {},
    favourite: { machine: someId, blankMinutes: null },
  });
  await putMachine(it.paths, definitionText({ name: 'desk' }));
  it.events.emit({ type: 'machine.changed', machineId: someId, machineName: 'desk' });
  expect(it.told()?.machine).toEqual({ id: someId, name: 'desk' });
});

test('what comes up with this PC has the screen, and leaves it when it goes', async () => {
  await using it = await trial();
  await it.door.functions.setFavourite({ machine: someId });
  it.enter(someId, 'starting');
  it.enter(someId, 'running');
  expect(it.told()?.screen).toEqual({ show: 'machine', machine: tiny });
  it.enter(someId, 'stopped');
  expect(it.told()?.screen).toEqual({ show: 'host' });
});

test('showing one that is off starts it; one that does not start shows the host and why', async () => {
  await using it = await trial();
  const { showOnScreen } = it.door.functions;
  await showOnScreen({ show: 'machine', machine: 'tiny' });
  expect(it.started).toEqual([someId]);
  expect(it.told()?.screen).toEqual({ show: 'machine', machine: tiny });
  await showOnScreen({ show: 'host' });
  expect(it.told()?.screen).toEqual({ show: 'host' });
  await showOnScreen({ show: 'machine', machine: 'tiny' });
  expect(it.started).toEqual([someId]);

  it.enter(someId, 'stopped');
  it.refuse(new PhyllomeError('passphrase-needed', { name: 'tiny' }));
  await expect(showOnScreen({ show: 'machine', machine: 'tiny' })).rejects.toMatchObject({
    code: 'passphrase-needed',
  });
  expect(it.told()).toMatchObject({
    screen: { show: 'host' },
    problem: { machine: tiny, error: { code: 'passphrase-needed' } },
  });
  // Whoever asks for the host has read it.
  expect((await showOnScreen({ show: 'host' })).problem).toBeNull();
});

test('a crash brings the host and the reason', async () => {
  await using it = await trial();
  await it.door.functions.showOnScreen({ show: 'machine', machine: 'tiny' });
  it.enter(someId, 'crashed');
  expect(it.told()).toMatchObject({
    screen: { show: 'host' },
    problem: { error: { code: 'favourite-crashed', facts: { reason: 'QEMU was killed by SIGKILL' } } },
  });
});

test('what has no screen is not given that of this PC', async () => {
  await using it = await trial();
  const { setFavourite, showOnScreen } = it.door.functions;
  const refusal = { code: 'display-none' };
  await expect(showOnScreen({ show: 'machine', machine: 'other' })).rejects.toMatchObject(refusal);
  await expect(setFavourite({ machine: 'other' })).rejects.toMatchObject(refusal);
  expect((await setFavourite({ machine: 'other', fullscreen: false })).machine?.name).toBe('other');
  await expect(setFavourite({ fullscreen: true })).rejects.toMatchObject(refusal);
  await expect(setFavourite({ machine: 'nobody' })).rejects.toMatchObject({ code: 'machine-not-found' });
});

test('a service that is started again finds the screen as it was', async () => {
  await using it = await trial();
  await it.door.functions.showOnScreen({ show: 'machine', machine: 'tiny' });
  await expect.poll(() => readFile(it.paths.screen, 'utf8')).toBe(someId);
  expect((await it.open().functions.favourite()).screen).toEqual({ show: 'machine', machine: tiny });
  // It was switched off meanwhile.
  it.enter(someId, 'stopped');
  await writeFile(it.paths.screen, someId);
  expect((await it.open().functions.favourite()).screen).toEqual({ show: 'host' });
});

test('a favourite that was up before anybody asked has the screen', async () => {
  await using it = await trial();
  await it.door.functions.setFavourite({ machine: 'tiny' });
  await it.door.close();
  it.enter(someId, 'running');
  const door = it.open();
  expect(await door.open()).toBe(someId);
  expect((await door.functions.favourite()).screen).toEqual({ show: 'machine', machine: tiny });
  await door.functions.setFavourite({ autostart: false });
  expect(await it.open().open()).toBeNull();
});

test('one that is erased for good is no favourite any more', async () => {
  await using it = await trial();
  await it.door.functions.setFavourite({ machine: 'tiny', hostKey: 'right-ctrl' });
  it.events.emit({ type: 'machine.erased', machineId: someId, machineName: 'tiny' });
  await expect
    .poll(async () => JSON.parse(await readFile(it.paths.settings, 'utf8')))
    .toEqual({ reserve: {}, favourite: { hostKey: 'right-ctrl' } });
});

test('screens that listen are counted', async () => {
  await using it = await trial();
  const leave = it.door.functions.watchScreen();
  expect((await it.door.functions.favourite()).displays).toBe(1);
  leave();
  await expect.poll(() => it.told()?.displays).toBe(0);
});

test('settings that cannot be read leave the screen as it is, and are said', async () => {
  await using it = await trial();
  await it.door.functions.showOnScreen({ show: 'machine', machine: 'tiny' });
  await writeFile(it.paths.settings, '{');
  it.events.emit({
    type: 'machine.state',
    machineId: otherId,
    machineName: 'other',
    state: machineState('paused'),
  });
  await expect(it.door.functions.favourite()).rejects.toMatchObject({ code: 'settings-invalid' });
  await it.open().open();
  expect(it.warnings.join()).toContain('it is no JSON');
});

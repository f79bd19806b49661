// SPDX-License-Identifier: Apache-2.0
import type { VmmEvent, VmmState } from '../driver.ts';
import type { QmpEvent } from './qmp.ts';

/** One reboot of a guest makes QEMU send two or three RESETs; closer together than this they are one. */
const oneResetSeconds = 1;

/**
 * Translates the events of one QEMU. It remembers just enough to hold back what would mislead: QEMU sends STOP
 * after every event that stopped the guest, and BLOCK_IO_ERROR once for each request that was in flight.
 */
export function createTranslator(emit: (event: VmmEvent) => void): (event: QmpEvent) => void {
  let stopExplained = false;
  let diskFailed = false;
  let lastReset = -Infinity;
  return ({ name, data, seconds }) => {
    switch (name) {
      case 'STOP':
        if (!stopExplained) emit({ type: 'paused' });
        stopExplained = false;
        return;
      case 'RESUME':
        stopExplained = false;
        diskFailed = false;
        return emit({ type: 'resumed' });
      case 'RESET':
        if (seconds - lastReset >= oneResetSeconds) emit({ type: 'reset' });
        lastReset = seconds;
        return;
      case 'SHUTDOWN':
        stopExplained = true;
        return emit({ type: 'shut-down' });
      case 'GUEST_PANICKED':
        stopExplained = true;
        return emit({ type: 'panicked' });
      case 'BLOCK_IO_ERROR':
        // Errors that are reported to the guest are the guest's to deal with.
        if (data['action'] !== 'stop') return;
        stopExplained = true;
        if (!diskFailed) emit(ioError(data));
        diskFailed = true;
        return;
      case 'VSERPORT_CHANGE':
        if (data['id'] === 'agent') emit({ type: 'agent', connected: data['open'] === true });
        return;
      default:
    }
  };
}

function ioError(data: QmpEvent['data']): VmmEvent {
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  return {
    type: 'io-error',
    device: text('node-name') || text('device'),
    reason: text('reason'),
    noSpace: data['nospace'] === true,
  };
}

const states: Readonly<Record<string, VmmState>> = {
  prelaunch: 'prelaunch',
  running: 'running',
  // The guest sleeps (S3); for everybody outside it is on.
  suspended: 'running',
  shutdown: 'shut-down',
  'guest-panicked': 'panicked',
  'internal-error': 'failed',
  'io-error': 'failed',
  watchdog: 'failed',
};

/** QEMU's own run states; the ones left out (debug, save-vm, inmigrate, ...) all stand still and can go on. */
export function readState(status: unknown): VmmState {
  return (typeof status === 'string' ? states[status] : undefined) ?? 'paused';
}

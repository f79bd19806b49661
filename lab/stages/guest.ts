// SPDX-License-Identifier: Apache-2.0
//
// What stages do over and over with a PC that runs Phyllome OS.
import type { Pc } from '../pc/pc.ts';
import { must } from './expect.ts';

// Four times what it takes on two quiet cores without KVM (s).
const bootPatience = 420;

export interface Guest {
  bootId: string;
  /** Runs a script (sh) as root. @returns what it printed @throws when it fails */
  sh(script: string, seconds?: number): Promise<string>;
  /** Runs `phyllome ... --json`. @returns its answer */
  phyllome<Answer>(words: string, seconds?: number): Promise<Answer>;
}

/** Waits until a PC is up: its test unit speaks, systemd has started all it wants to, and the service answers. */
export async function whenUp(
  pc: Pc,
  options: { than?: string; from?: number; seconds?: number } = {},
): Promise<Guest> {
  const { than, from = 0, seconds = bootPatience } = options;
  const bootId = await hopefully(
    pc,
    from,
    pc.agent.boot({ seconds, ...(than === undefined ? {} : { than }) }),
  );
  const guest = guestOf(pc, bootId);
  const wait = () => hopefully(pc, from, pc.agent.run('systemctl is-system-running --wait', { seconds }));
  let state = await wait();
  if (state.output.trim() === 'degraded' && (await measureAgain(pc, guest, from))) state = await wait();
  must(
    state.output.trim() === 'running',
    'all units came up',
    `${state.output.trim()}: ${await guest.sh('systemctl --failed --plain --no-legend; systemctl list-jobs --no-legend; true')}`,
  );
  // Units are up when they began; the service has more to do until it answers, and its client waits for that.
  await guest.phyllome('list', seconds);
  return guest;
}

/**
 * The TPM is a process of this PC: when that has no time for it, the kernel gives up on it, and what is measured at that moment
 * fails. Nothing else is done again. @returns whether that was all, and was made up for
 */
async function measureAgain(pc: Pc, { sh }: Guest, from: number): Promise<boolean> {
  const units = (await sh("systemctl --failed --plain --no-legend | sed 's/ .*//'")).trim().split('\n');
  const late = pc.serial
    .lines()
    .slice(from)
    .some((line) => line.includes('tpm0: Operation Timed out'));
  if (!late || !units.every((unit) => unit.startsWith('systemd-pcr'))) return false;
  await sh(`systemctl restart ${units.join(' ')}`, 240);
  return true;
}

function guestOf(pc: Pc, bootId: string): Guest {
  const sh = async (script: string, seconds?: number): Promise<string> => {
    const { code, output } = await pc.agent.run(script, seconds === undefined ? {} : { seconds });
    if (code !== 0) throw new Error(`"${script.slice(0, 300)}" ended with ${code}: ${output.slice(-2000)}`);
    return output;
  };
  return {
    bootId,
    sh,
    async phyllome<Answer>(words: string, seconds?: number) {
      const text = await sh(`phyllome ${words} --json`, seconds).catch(async (error: Error) => {
        const journal = await sh('journalctl -b -u phyllome --no-pager | tail -40').catch(() => '');
        throw new Error(`${error.message}\n${journal}`, { cause: error });
      });
      // Warnings on standard error come before the answer.
      const begin = text.search(/^[[{]/m);
      must(begin >= 0, `phyllome ${words} answers in JSON`, text);
      return JSON.parse(text.slice(begin)) as Answer;
    },
  };
}

/** What all of the PC takes, as "free" counts it (MiB). */
export const memoryUsed = async ({ sh }: Guest): Promise<number> =>
  Number((await sh('free -m | sed -n 2p')).trim().split(/ +/)[2]);

/** Ends a wait as soon as the serial port says that nothing will come of it. */
async function hopefully<Value>(pc: Pc, from: number, wait: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    const why = pc.serial.verdict(from);
    if (why !== null) reject(new Error(why));
  }, 500);
  try {
    return await Promise.race([wait, promise]);
  } finally {
    clearInterval(timer);
    // The loser of the race may still fail; that is no news.
    wait.catch(() => {});
  }
}

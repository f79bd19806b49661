// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBinary } from '../../src/host/binaries.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp } from './guest.ts';
import type { Stage } from './stage.ts';
import { startSystem } from './system.ts';

const password = 'correct horse battery';
// Everything there is ten times slower (ms).
const pagePatience = 240_000;

export const lan: Stage = {
  name: 'lan',
  shows:
    'before a password is set nothing of the PC is on the network; afterwards the page is, in a browser of another PC',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 240,
  async run(context) {
    const executablePath = findBinary('chromium');
    must(executablePath !== null, 'Chromium is installed (./phyllome setup --tests)');
    await using pc = await startSystem(context, { ports: [7443, 22] });
    const guest = await whenUp(pc);
    const listening = await guest.sh('ss --no-header --listening --tcp --udp --numeric');
    const [page, shell] = pc.hostPorts;
    must(!(await answers(`https://localhost:${page}/`)), 'nothing answers before');
    await call(guest, 'setPassword', { body: { password } });
    const { network } = await call(guest, 'setAccessNetwork', { body: { on: true } });
    must(network.listening, 'the page is on the network', network);
    must(!(await answers(`http://localhost:${shell}/`)), 'there is no ssh');

    const name = (await guest.sh('hostname')).trim();
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${name}.local 127.0.0.1`],
    });
    try {
      const viewer = await browser.newPage({ ignoreHTTPSErrors: true });
      viewer.setDefaultTimeout(pagePatience);
      await viewer.goto(`https://${name}.local:${page}/`);
      await viewer.getByLabel('Password').fill('wrong password');
      await viewer.keyboard.press('Enter');
      await viewer.getByRole('alert').waitFor();
      await viewer.getByLabel('Password').fill(password);
      await viewer.keyboard.press('Enter');
      await viewer.getByRole('navigation').first().waitFor();
      await viewer.goto(`https://${name}.local:${page}/#/pc`);
      await viewer.getByRole('heading', { level: 1 }).first().waitFor();
      await viewer.screenshot({ path: join(context.output, 'lan.png') });
    } finally {
      await browser.close();
    }
    await call(guest, 'setAccessNetwork', { body: { on: false } });
    must(!(await answers(`https://localhost:${page}/`)), 'nothing answers when it is off again');
    await pc.powerOff();
    return { name, listening: listening.trim().split('\n') };
  },
};

/** Whether somebody speaks at a port, whatever it says. The forwarder of QEMU itself accepts every connection. */
async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return true;
  } catch (error) {
    // A certificate nobody knows is somebody; so is a banner that is no HTTP.
    const { code = '' } = ((error as Error).cause ?? {}) as { code?: string };
    return /CERT|SIGNED|HPE_|ALTNAME/.test(code);
  }
}

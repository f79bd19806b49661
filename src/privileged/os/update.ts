// SPDX-License-Identifier: Apache-2.0
//
// Looks for a newer version of the system, and installs it beside the one that runs. What is installed is what a signed list
// vouches for, checked twice: by us, to say why not, and by systemd-sysupdate, which reads everything itself and is told the
// one version that we found. So whoever controls the address or the stick can do no more than offer genuine newer versions.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { channelUrl, OsSource, type OsFound, type OsImage, type OsSlots } from '../../contract/os.ts';
import { Type, type Static } from '../../contract/schema.ts';
import type { Offer } from '../../host/os-update/judge-offer.ts';
import { findUpdate } from '../../host/os-update/find-update.ts';
import { readPhyllomeOs } from '../../host/phyllome-os.ts';
import { osTool } from './os-tool.ts';
import { readKernels, readSlots } from './slots/read-slots.ts';
import { checkWritten } from './update/check-written.ts';
import { explainFailure } from './update/explain-failure.ts';
import { progressOf } from './update/progress.ts';
import { requireRoom, sizeOf } from './update/room.ts';
import { openSticks } from './update/sticks.ts';
import { transfers, type TransferPlaces } from './update/transfers.ts';
import type { Verb, VerbContext } from './verb.ts';

const UpdateRequest = Type.Object(
  {
    source: OsSource,
    /** With the source "channel" */
    url: Type.Optional(channelUrl),
    /** Else it is only looked for */
    install: Type.Boolean(),
  },
  { additionalProperties: false },
);
type UpdateRequest = Static<typeof UpdateRequest>;

/** @param places where the new version goes; in tests not to this PC */
export function createUpdate(places?: TransferPlaces): Verb<UpdateRequest> {
  return {
    request: UpdateRequest,
    exclusive: true,
    async run({ source, url, install }, context) {
      const image = readPhyllomeOs(context.root);
      if (image === null) throw new PhyllomeError('os-only');
      if (image.live) throw new PhyllomeError('os-runs-live');
      const slots = await readSlots(context.root, image.version, context.signal);
      context.progress({ step: 'Looking for a newer version', fraction: null });
      await using place = await openSource(source, url, image, slots, context);
      const { url: folder, from, offer, newest } = place;
      const bytes = offer === null ? null : await bytesOf(folder, offer, context.signal);
      const found: OsFound = { from, newest, version: offer?.version ?? null, bytes };
      if (!install) return found;
      if (offer === null || offer.version === slots.pending)
        throw new PhyllomeError('os-update-none', {
          from,
          version: offer?.version ?? newest,
          next:
            offer === null
              ? 'There is nothing to do.'
              : 'It waits for the next restart: "phyllome os restart" brings it.',
        });
      const kernels = await readKernels(context.root);
      const kernelBytes = await sizeOf(folder, offer.files.kernel, context.signal);
      await requireRoom({
        version: offer.version,
        runs: image.version,
        slots: slots.slots,
        kernels,
        bytes: kernelBytes,
      });
      // systemd-sysupdate goes by names, and would take one for a version that is there.
      for (const name of kernels.empty) await rm(join(kernels.folder, name), { force: true });
      await carryOut(image, folder, offer, places, context);
      if (places === undefined) await checkWritten(offer, context);
      return found;
    },
  };
}

export const update: Verb<UpdateRequest> = createUpdate();

interface Place extends AsyncDisposable {
  url: string;
  from: string;
  offer: Offer | null;
  newest: string;
}

async function openSource(
  source: UpdateRequest['source'],
  url: string | undefined,
  image: OsImage,
  { failed }: OsSlots,
  { root, signal }: VerbContext,
): Promise<Place> {
  const look = (folder: string, from: string) =>
    findUpdate({ url: folder, from, image, failed, root, signal });
  if (source === 'channel') {
    if (url === undefined) throw new PhyllomeError('os-channel-none');
    return { url, from: url, ...(await look(url, url)), async [Symbol.asyncDispose]() {} };
  }
  await using open = new AsyncDisposableStack();
  const { sticks, looked } = open.use(await openSticks(root, signal));
  const refusals: unknown[] = [];
  for (const { url: folder, name } of sticks) {
    try {
      const judged = await look(folder, name);
      const kept = open.move();
      return { url: folder, from: name, ...judged, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    } catch (error) {
      signal.throwIfAborted();
      refusals.push(error);
    }
  }
  throw refusals[0] ?? new PhyllomeError('os-stick-none', { looked });
}

async function bytesOf(folder: string, { files }: Offer, signal: AbortSignal): Promise<number | null> {
  const sizes = await Promise.all(Object.values(files).map((name) => sizeOf(folder, name, signal)));
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}

async function carryOut(
  image: OsImage,
  folder: string,
  { version }: Offer,
  places: TransferPlaces | undefined,
  { root, signal, progress }: VerbContext,
): Promise<void> {
  const work = join(root, 'run/phyllome-update');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const definitions = await mkdtemp(join(work, 'definitions-'));
  try {
    for (const { file, text } of transfers(image, folder, places))
      await writeFile(join(definitions, file), text);
    progress({ step: `Loading version ${version}`, fraction: 0 });
    await osTool(
      root,
      [
        '/usr/lib/systemd/systemd-sysupdate',
        '--no-pager',
        // What a person may have set up for himself elsewhere is none of ours.
        `--definitions=${definitions}`,
        '--verify=yes',
        'update',
        version,
      ],
      { signal, onLine: progressOf(version, progress) },
    );
  } catch (error) {
    throw explainFailure(error, version, folder);
  } finally {
    await rm(definitions, { recursive: true, force: true });
  }
}

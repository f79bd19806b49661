// SPDX-License-Identifier: Apache-2.0
//
// Images of registries, by skopeo: it knows their ways to sign in, their mirrors and the rules of this PC about them.
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { installHint } from '../../host/install-hint.ts';
import { runTool, ToolFailed } from '../tiny/tool.ts';
import { ociArchitecture } from './oci.ts';
import { imageInvalid } from './problem.ts';

export const registryPrefix = 'docker://';

// NAME[:TAG][@DIGEST] with a host and folders in front, as registries allow them.
const reference = /^docker:\/\/[A-Za-z0-9][A-Za-z0-9._:/-]{0,300}(@sha256:[0-9a-f]{64})?$/;

const skopeo = async (image: string, args: readonly string[], signal: AbortSignal): Promise<string> => {
  try {
    const options = { purpose: 'getting an image from a registry', install: installHint('skopeo'), signal };
    return await runTool('skopeo', args, options);
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    throw imageInvalid(image, error.message, error);
  }
};

const platform = (architecture: Architecture): string[] => [
  '--override-os=linux',
  `--override-arch=${ociArchitecture[architecture]}`,
];

/** The digest an image has in its registry now. @throws PhyllomeError `tool-missing`, `micro-image-invalid` */
export async function digestInRegistry(
  image: string,
  architecture: Architecture,
  signal: AbortSignal,
): Promise<string> {
  if (!reference.test(image)) throw imageInvalid(image, 'this is no name of an image in a registry');
  const args = [...platform(architecture), 'inspect', '--format={{.Digest}}', image];
  const digest = (await skopeo(image, args, signal)).trim();
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw imageInvalid(image, `skopeo gave no digest: ${digest}`);
  return digest;
}

/** Downloads it as an image layout below `directory`. @returns the folder of the layout */
export async function pullImage(
  image: string,
  digest: string,
  architecture: Architecture,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  const layout = join(directory, 'pulled');
  const exact = image.includes('@') ? image : `${withoutTag(image)}@${digest}`;
  await skopeo(image, [...platform(architecture), 'copy', '--quiet', exact, `oci:${layout}:image`], signal);
  return layout;
}

/** A colon before the last slash is that of a port. */
const withoutTag = (image: string): string => image.replace(/:[^:/]*$/, '');

// SPDX-License-Identifier: Apache-2.0
//
// What the service tells root for an installation: the answers, the file by which the new system knows the password of the
// page, and what the chosen disk was when it was chosen.
import { EncryptionAnswer, InstallAnswers } from '../../../contract/os-install.ts';
import { Type, type Static } from '../../../contract/schema.ts';

const { disk, hostname, user, keyboard, timezone, locale, wifi } = InstallAnswers.properties;

export const InstallRequest = Type.Object(
  {
    disk,
    hostname,
    user,
    keyboard,
    timezone,
    locale,
    encryption: Type.Optional(EncryptionAnswer),
    wifi,
    access: Type.String({ maxLength: 65_536, writeOnly: true }),
    expected: Type.Object(
      { path: Type.String({ maxLength: 100 }), size: Type.Integer({ minimum: 1 }) },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type InstallRequest = Static<typeof InstallRequest>;

/** What the service hears at the end. */
export interface Installed {
  /** Opens what was encrypted; null: nothing was */
  recoveryKey: string | null;
}

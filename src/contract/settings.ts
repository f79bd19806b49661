// SPDX-License-Identifier: Apache-2.0
import { KeepDays } from './bin.ts';
import { FavouriteSettings } from './favourite.ts';
import { sizeKeyword } from './machine.ts';
import { OsUpdateSettings } from './os.ts';
import { Type, type Static } from './schema.ts';

/**
 * What the owner of this PC decided, as it stands in settings.json. Whatever is left out is as it comes.
 * docs/budget.md explains the keys to users.
 */
export const Settings = Type.Object(
  {
    reserve: Type.Object(
      {
        threads: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 1024, description: 'Hardware threads guests never get' }),
        ),
        memory: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 2 ** 46,
            description: 'Memory guests never get (bytes; "2GiB" is fine)',
            [sizeKeyword]: true,
          }),
        ),
      },
      { default: {}, additionalProperties: false, description: 'What this PC keeps for itself' },
    ),
    bin: Type.Optional(
      Type.Object(
        { keepDays: KeepDays },
        { additionalProperties: false, description: 'When deleted machines are erased by themselves' },
      ),
    ),
    save: Type.Optional(
      Type.Object(
        {
          shutdown: Type.Optional(Type.Boolean({ description: 'Save guests when this PC is switched off' })),
          sleep: Type.Optional(Type.Boolean({ description: 'Save guests when this PC sleeps' })),
        },
        {
          additionalProperties: false,
          description: 'When guests are saved by themselves: as it comes, at shutdown only',
        },
      ),
    ),
    favourite: Type.Optional(FavouriteSettings),
    updates: Type.Optional(OsUpdateSettings),
    vmmDirectory: Type.Optional(
      Type.String({
        pattern: '^/[^\\x00\\r\\n]*$',
        maxLength: 4096,
        description: 'Folder in which VMMs are looked for before PATH',
      }),
    ),
  },
  { title: 'Settings', additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

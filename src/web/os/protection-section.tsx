// SPDX-License-Identifier: Apache-2.0
import { Group, Row } from '../parts/rows.tsx';
import { useFormats, useText } from '../text/language.ts';
import type { OsSectionProps } from './os-view.tsx';
import { useOsWords } from './words.ts';

/** What keeps others from changing the system, and from reading what is on the disk. */
export function ProtectionSection({ status: { protection, storage } }: OsSectionProps) {
  const words = useOsWords();
  const { common } = useText();
  const formats = useFormats();
  const { secureBoot, tpm2, verity } = protection;
  const onOff = (value: boolean): string => (value ? words.on : words.off);
  return (
    <Group title={words.protection}>
      <Row title={words.verity} subtitle={words.verityAbout} end={onOff(verity)} />
      <Row title={words.secureBoot} end={secureBoot === null ? common.unknown : onOff(secureBoot)} />
      <Row title={words.tpm} end={tpm2 ? words.there : words.missing} />
      {storage !== null && (
        <Row
          title={words.storage}
          subtitle={`${storage.fileSystem.toUpperCase()} · ${words.free(formats.bytes(storage.freeBytes), formats.bytes(storage.bytes))}`}
          end={words.encryption[storage.encryption]}
        />
      )}
    </Group>
  );
}

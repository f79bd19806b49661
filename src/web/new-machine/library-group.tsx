// SPDX-License-Identifier: Apache-2.0
import type { UseQueryResult } from '@tanstack/react-query';
import type { Image } from '../../contract/image.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Group } from '../parts/rows.tsx';
import { useFormats, useText } from '../text/language.ts';
import { ChoiceRow } from '../parts/choice-row.tsx';
import { useCatalogText } from './catalog/words.ts';

interface LibraryGroupProps {
  images: UseQueryResult<Image[]>;
  /** Path of the chosen file */
  chosen: string | null;
  onChoose(image: Image): void;
}

/** What was uploaded or downloaded before. */
export function LibraryGroup({ images, chosen, onChoose }: LibraryGroupProps) {
  const { what } = useText().create;
  const text = useCatalogText();
  const formats = useFormats();
  return (
    <Loaded query={images}>
      {(all) =>
        all.length === 0 ? null : (
          <Group title={what.library}>
            {all.map((image) => (
              <ChoiceRow
                key={image.file}
                name="source"
                title={<bdi>{image.name}</bdi>}
                subtitle={[
                  image.system ?? what.formats[image.format],
                  formats.bytes(image.bytes),
                  image.origin !== undefined && text.review.fromHost(image.origin.from),
                  image.origin !== undefined && text.wasVerified[image.origin.verified],
                  image.usedBy.length > 0 && what.usedBy(formats.list(image.usedBy)),
                ]
                  .filter((fact) => fact !== false)
                  .join(' · ')}
                icon={image.format === 'iso' ? 'disc' : 'disk'}
                checked={image.file === chosen}
                onChoose={() => onChoose(image)}
              />
            ))}
          </Group>
        )
      }
    </Loaded>
  );
}

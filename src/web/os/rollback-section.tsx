// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import type { OsSectionProps } from './os-view.tsx';
import { useOsWords } from './words.ts';

/** Lets the next restart bring the version before. */
export function RollbackSection({ status: { image, previous } }: OsSectionProps) {
  const words = useOsWords();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  if (image === null || image.live) return null;
  return (
    <Group>
      {previous === null ? (
        <Row title={words.rollback} subtitle={words.rollbackNone} />
      ) : (
        <Row
          title={words.rollbackTo(previous)}
          end={<Button label={words.rollbackButton} onClick={() => setAsking(true)} />}
        />
      )}
      {asking && previous !== null && (
        <Confirm
          title={words.rollbackTo(previous)}
          label={words.rollback}
          work={async () => queries.setQueryData(keys.os, await call('osRollback'))}
          onClose={() => setAsking(false)}
        >
          <p>{words.rollbackText(image.version, previous)}</p>
        </Confirm>
      )}
    </Group>
  );
}

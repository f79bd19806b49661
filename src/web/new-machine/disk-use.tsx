// SPDX-License-Identifier: Apache-2.0
import { Group } from '../parts/rows.tsx';
import { useText } from '../text/language.ts';
import { ChoiceRow } from '../parts/choice-row.tsx';
import { canBeUsedInPlace, isInstallMedium, type Draft, type MediumFile } from './draft.ts';

interface DiskUseProps {
  draft: Draft;
  medium: MediumFile;
  onChange(changes: Partial<Draft>): void;
}

/** For a disk: a copy of it, or the file itself. There is nothing to ask about an installation medium. */
export function DiskUse({ draft, medium, onChange }: DiskUseProps) {
  const { what } = useText().create;
  if (isInstallMedium(medium)) return null;
  const possible = canBeUsedInPlace(medium);
  return (
    <Group title={what.use}>
      <ChoiceRow
        name="use"
        title={what.copy}
        subtitle={what.copyAbout}
        checked={!draft.inPlace}
        onChoose={() => onChange({ inPlace: false })}
      />
      <ChoiceRow
        name="use"
        title={what.inPlace}
        subtitle={possible ? what.inPlaceAbout : what.inPlaceNo}
        checked={draft.inPlace}
        disabled={!possible}
        onChoose={() => onChange({ inPlace: true })}
      />
    </Group>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useId } from 'react';
import type { OsSlot } from '../../contract/os.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useFormats } from '../text/language.ts';
import type { OsSectionProps } from './os-view.tsx';
import { useOsWords } from './words.ts';

const icons: Readonly<Record<OsSlot['state'], IconName>> = {
  running: 'check',
  ready: 'history',
  trying: 'activity',
  bad: 'warning',
  empty: 'empty',
};

/** A picture of both places for a system: what is in each, what runs, what comes next. */
export function VersionsSection({ status: { image, slots, pending } }: OsSectionProps) {
  const words = useOsWords();
  const heading = useId();
  if (image === null) return null;
  return (
    <section className="group" aria-labelledby={heading}>
      <header>
        <div>
          <h2 id={heading}>{words.versions}</h2>
          <p className="dim small">{words.versionsAbout(image.edition, image.distribution)}</p>
        </div>
      </header>
      {slots.length === 0 ? (
        <p className="card os-version">{words.version(image.version)}</p>
      ) : (
        <ul className="os-slots">
          {slots.map((slot) => (
            <Slot key={slot.name} slot={slot} isNext={slot.version !== null && slot.version === pending} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Slot({ slot, isNext }: { slot: OsSlot; isNext: boolean }) {
  const words = useOsWords();
  const formats = useFormats();
  const { name, version, state, triesLeft, bytes } = slot;
  return (
    <li className={`card os-slot ${state}`}>
      <p className="small dim os-slot-name">
        {words.slot(name)}
        <span className="numeric">{formats.bytes(bytes)}</span>
      </p>
      <p className="os-version">{version === null ? words.emptySlot : words.version(version)}</p>
      <p className="os-slot-state">
        <Icon name={icons[state]} />
        {state === 'running' && triesLeft !== null ? words.onTrial : words.states[state]}
      </p>
      {isNext && <p className="small">{words.comesNext}</p>}
      {state === 'trying' && triesLeft !== null && (
        <p className="small dim">{words.triesLeft(formats.number(triesLeft))}</p>
      )}
    </li>
  );
}

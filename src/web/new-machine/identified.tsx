// SPDX-License-Identifier: Apache-2.0
import type { Identified as Identity } from '../../contract/catalog.ts';
import { Icon } from '../parts/icon.tsx';
import { English } from '../parts/english.tsx';
import { useCatalogText } from './catalog/words.ts';

/** What a file was recognised as; why, for who asks. */
export function Identified({ identity }: { identity: Identity | null }) {
  const { identified: text } = useCatalogText();
  if (identity === null) return <p className="row small dim">{text.looking}</p>;
  const { confidence, name, kind, reasons } = identity;
  const words = { certain: text.is, likely: text.maybe, guess: text.guess, none: () => text.unknown };
  return (
    <details className="folded">
      <summary className="row">
        <Icon name={confidence === 'none' ? 'info' : 'check'} />
        <span className="row-text">
          <span className="row-title">{words[confidence](name)}</span>
          {text.kinds[kind] !== '' && (
            <>
              <br />
              <span className="row-subtitle">{text.kinds[kind]}</span>
            </>
          )}
        </span>
        {reasons.length > 0 && (
          <>
            <span className="small dim">{text.why}</span>
            <Icon name="down" />
          </>
        )}
      </summary>
      <ul className="reasons small">
        {reasons.map((reason) => (
          <li key={reason}>
            <English>{reason}</English>
          </li>
        ))}
      </ul>
    </details>
  );
}

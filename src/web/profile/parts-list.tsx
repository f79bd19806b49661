// SPDX-License-Identifier: Apache-2.0
import type { GuestProfile } from '../../contract/catalog.ts';
import { English } from '../parts/english.tsx';
import { Icon } from '../parts/icon.tsx';
import { useProfileText } from './words.ts';
import './profile.css';

/** Which parts suit a guest and why; folded until somebody asks. */
export function PartsList({ profile }: { profile: GuestProfile }) {
  const text = useProfileText();
  const { guestOs, name, choices } = profile;
  return (
    <details className="folded">
      <summary className="row">
        <Icon name="chip" />
        <span className="row-text">
          <span className="row-title">{text.title}</span>
          <br />
          <span className="row-subtitle">{guestOs === 'generic' ? text.unknown : text.about(name)}</span>
        </span>
        <Icon name="down" />
      </summary>
      <dl className="profile-parts">
        {choices.map(({ key, value, reason }) => (
          <div key={key}>
            <dt>{text.keys[key] ?? key}</dt>
            <dd>
              {text.values[value] ?? value}
              <p className="small dim">
                <English>{reason}</English>
              </p>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

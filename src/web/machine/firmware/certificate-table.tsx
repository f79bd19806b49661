// SPDX-License-Identifier: Apache-2.0
import type { FirmwareState } from '../../../contract/catalog.ts';
import { Icon } from '../../parts/icon.tsx';
import { useFormats } from '../../text/language.ts';
import { useFirmwareText } from './words.ts';

// A list of refused hashes has hundreds, which nobody reads; the whole list is what the command prints.
const most = 60;

/** Whom the firmware trusts and whom it refuses; folded until somebody wants to know. */
export function CertificateTable({ certificates }: { certificates: FirmwareState['certificates'] }) {
  const { table: text } = useFirmwareText();
  const formats = useFormats();
  return (
    <details className="folded">
      <summary className="row">
        <span className="row-text">
          {text.title(certificates.length, formats.number(certificates.length))}
        </span>
        <Icon name="down" />
      </summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by the keyboard */}
      <div
        className="certificates"
        role="region"
        aria-label={text.title(certificates.length, formats.number(certificates.length))}
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">{text.database}</th>
              <th scope="col">{text.name}</th>
              <th scope="col">{text.until}</th>
            </tr>
          </thead>
          <tbody>
            {certificates.slice(0, most).map(({ database, name, validUntil, sha256 }) => (
              <tr key={`${database} ${sha256}`} title={sha256}>
                <td>{text.databases[database]}</td>
                <td className={validUntil === null ? 'mono' : undefined}>{name}</td>
                <td>{validUntil === null ? text.hash : formats.date(validUntil)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

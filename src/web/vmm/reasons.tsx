// SPDX-License-Identifier: Apache-2.0
import type { MachineVerdict } from '../../contract/vmm.ts';
import { featureOf, useVmmText } from './words.ts';

/** What a VMM has to say against a machine, and what to change. The sentences are the service's, which are English. */
export function Reasons({ reasons }: { reasons: MachineVerdict['losses'] }) {
  const text = useVmmText();
  return (
    <ul className="vmm-reasons small">
      {reasons.map((reason) => {
        const feature = featureOf(reason.code, text);
        return (
          <li key={`${reason.code} ${reason.text}`}>
            {feature !== null && (
              <p>
                <strong>{text.features[feature]}</strong>
              </p>
            )}
            <p lang="en">{reason.text}</p>
            <p lang="en" className="dim">
              {reason.hint}
            </p>
            <p className="dim">
              <code>{reason.code}</code>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

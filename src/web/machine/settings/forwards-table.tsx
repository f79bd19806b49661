// SPDX-License-Identifier: Apache-2.0
import { Forward } from '../../../contract/machine.ts';
import { completeValue } from '../../../contract/validate.ts';
import { Button } from '../../parts/button.tsx';
import { useText } from '../../text/language.ts';
import type { Path } from './changes.ts';
import { useDraftContext } from './draft.ts';
import { problemAt } from './problems.ts';
import { boundsAt } from './schema-at.ts';

// A port that needs no rights, for what most people want first.
const ssh = { hostPort: 2222, guestPort: 22 };

/** The forwarded ports of a network card, a row each. */
export function ForwardsTable({ path, forwards }: { path: Path; forwards: readonly Forward[] }) {
  const { settings } = useText();
  const text = settings.network;
  const { set } = useDraftContext();
  const free = (): number => {
    const taken = forwards.map(({ hostPort }) => hostPort);
    let port = ssh.hostPort;
    while (taken.includes(port)) port += 1;
    return port;
  };
  return (
    <div className="forwards">
      <div className="row">
        <div className="row-text">
          <div className="row-title">{text.forwards}</div>
          <div className="row-subtitle">{text.forwardsAbout}</div>
        </div>
        <Button
          label={text.addForward}
          icon="plus"
          disabled={forwards.length >= boundsAt(path).maxItems}
          onClick={() =>
            set([...path, forwards.length], completeValue(Forward, { ...ssh, hostPort: free() }).value)
          }
        />
      </div>
      {forwards.length > 0 && (
        <div className="forwards-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{text.protocol}</th>
                <th scope="col">{text.hostAddress}</th>
                <th scope="col">{text.hostPort}</th>
                <th scope="col">{text.guestPort}</th>
                <th scope="col">
                  <span className="visually-hidden">{settings.remove}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {forwards.map((_, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- an entry has no other name
                <ForwardRow
                  key={index}
                  path={[...path, index]}
                  number={index + 1}
                  forward={forwards[index] as Forward}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function ForwardRow({ path, number, forward }: { path: Path; number: number; forward: Forward }) {
  const { settings } = useText();
  const text = settings.network;
  const { set, problems } = useDraftContext();
  const name = text.forward(number);
  const badPort = ['hostPort', 'guestPort'].some((key) => problemAt(problems, [...path, key]) !== null);
  const badAddress = problemAt(problems, [...path, 'hostAddress']) !== null;
  const twice = problems.some(({ path: [key], found }) => {
    return (
      key === 'forwards' &&
      found === JSON.stringify(`${forward.protocol} ${forward.hostAddress}:${forward.hostPort}`)
    );
  });
  const complaints = [
    badPort && text.wrongPort,
    badAddress && text.wrongAddress,
    twice && settings.twice,
  ].filter(Boolean);
  const field = (key: 'hostAddress' | 'hostPort' | 'guestPort', label: string) => (
    <input
      className="input numeric"
      aria-label={`${name} – ${label}`}
      aria-invalid={problemAt(problems, [...path, key]) !== null || (twice && key === 'hostPort')}
      value={String(forward[key])}
      autoComplete="off"
      spellCheck={false}
      {...(key !== 'hostAddress' && { inputMode: 'numeric' as const })}
      onChange={({ target }) => {
        const isPort = key !== 'hostAddress' && /^\d{1,6}$/.test(target.value);
        set([...path, key], isPort ? Number(target.value) : target.value);
      }}
    />
  );
  return (
    <>
      <tr>
        <td>
          <select
            className="input"
            aria-label={`${name} – ${text.protocol}`}
            value={forward.protocol}
            onChange={({ target }) => set([...path, 'protocol'], target.value)}
          >
            {boundsAt([...path, 'protocol']).choices.map((protocol) => (
              <option key={protocol} value={protocol}>
                {protocol.toUpperCase()}
              </option>
            ))}
          </select>
        </td>
        <td>
          {field('hostAddress', text.hostAddress)}
          <div className="small dim">{reach(forward.hostAddress, text)}</div>
        </td>
        <td>{field('hostPort', text.hostPort)}</td>
        <td>{field('guestPort', text.guestPort)}</td>
        <td>
          <Button
            label={`${settings.remove} – ${name}`}
            icon="bin"
            kind="flat"
            iconOnly
            onClick={() => set(path, undefined)}
          />
        </td>
      </tr>
      {complaints.length > 0 && (
        <tr>
          <td colSpan={5} className="field-problem" role="alert">
            {complaints.join(' ')}
          </td>
        </tr>
      )}
    </>
  );
}

/** Who can reach a port that listens on this address, where that is plain. */
function reach(address: string, text: { privately: string; openly: string }): string {
  if (address.startsWith('127.')) return text.privately;
  return address === '0.0.0.0' ? text.openly : '';
}

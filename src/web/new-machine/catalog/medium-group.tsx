// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry, CatalogMedium } from '../../../contract/catalog.ts';
import type { Architecture } from '../../../contract/machine.ts';
import { ChoiceRow } from '../../parts/choice-row.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { useFormats } from '../../text/language.ts';
import { mediaFor } from './media.ts';
import { MediumName } from './medium-name.tsx';
import { useCatalogText, type CatalogText } from './words.ts';

interface MediumGroupProps {
  entry: CatalogEntry;
  medium: CatalogMedium | null;
  host: Architecture | null;
  onMedium(medium: CatalogMedium): void;
}

/** From what it is installed: a choice where there is one, and how it is known to be the real thing. */
export function MediumGroup({ entry, medium, host, onMedium }: MediumGroupProps) {
  const text = useCatalogText();
  const formats = useFormats();
  const { here, elsewhere } = mediaFor(entry, host);
  if (medium === null)
    return (
      <Group title={text.medium}>
        <Row icon="machines" title={text.madeHere} subtitle={text.madeHereAbout} />
      </Group>
    );
  const choice = (one: CatalogMedium) => (
    <ChoiceRow
      key={one.id}
      name="medium"
      icon={iconOf(one)}
      title={<MediumName name={one.name} />}
      subtitle={factsOf(one, host, text, formats.bytes)}
      checked={one.id === medium.id}
      onChoose={() => onMedium(one)}
    />
  );
  return (
    <Group title={text.medium}>
      {here.length + elsewhere.length === 1 ? (
        <Row
          icon={iconOf(medium)}
          title={<MediumName name={medium.name} />}
          subtitle={factsOf(medium, host, text, formats.bytes)}
        />
      ) : (
        here.map(choice)
      )}
      {elsewhere.length > 0 && here.length + elsewhere.length > 1 && (
        <details className="folded" open={here.length === 0 || elsewhere.includes(medium)}>
          <summary className="row">
            <span className="row-text">{text.elsewhere(formats.number(elsewhere.length))}</span>
            <Icon name="down" />
          </summary>
          <div className="list">{elsewhere.map(choice)}</div>
        </details>
      )}
      <Verified medium={medium} />
    </Group>
  );
}

/** How a medium is known to be its makers', in plain words. */
function Verified({ medium: { source, verified } }: { medium: CatalogMedium }) {
  const text = useCatalogText();
  const bad = source !== 'bring' && verified === 'none';
  const look = bad ? 'bad' : source === 'bring' ? 'none' : 'good';
  return (
    <div className="row verified" data-look={look}>
      <Icon name={look === 'good' ? 'shield' : look === 'bad' ? 'warning' : 'info'} size={20} />
      <span className="row-text">
        <span className="row-title">{text.verified.title}</span>
        <br />
        <span className="row-subtitle">
          {source === 'bring' ? text.verified.bring : text.verified[verified]}
        </span>
      </span>
    </div>
  );
}

function iconOf({ kind }: CatalogMedium): 'disc' | 'disk' | 'network' {
  if (kind === 'network-install') return 'network';
  return kind === 'installer' || kind === 'live' ? 'disc' : 'disk';
}

/** What it is, how large, whether it asks nothing, and for which processor where that is not this PC's. */
function factsOf(
  { kind, bytes, unattended, architecture }: CatalogMedium,
  host: Architecture | null,
  text: CatalogText,
  writeBytes: (bytes: number) => string,
): string {
  return [
    text.kinds[kind],
    bytes !== null && text.about(writeBytes(bytes)),
    unattended !== null && text.alone,
    host !== null && architecture !== host && text.emulated(architecture),
  ]
    .filter((fact) => fact !== false)
    .join(' · ');
}

// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { useHost } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { Health } from './health.tsx';
import { Notes } from './notes.tsx';
import { PcPart, Usage } from './pc-part.tsx';
import { StorageFacts } from './storage-facts.tsx';
import { cardName, isDefined, pcName } from './words.ts';

/** The PC in a picture: what it is made of. */
export function OverviewSection() {
  const host = useHost();
  return (
    <>
      <Health />
      <Loaded query={host}>
        {(report) => (
          <>
            <Title host={report} />
            <div className="pc-picture">
              <Processor host={report} />
              <Memory host={report} />
              <StorageFacts storage={report.storage} />
              <Graphics host={report} />
            </div>
            <SystemGroup host={report} />
            <Notes notes={report.notes} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Title({ host }: { host: HostReport }) {
  const { overview, sections } = useText().pc;
  const { hypervisor, container } = host.virtualised;
  const name = pcName(host.dmi);
  return (
    <div className="pc-title">
      {name === null ? <h2 className="visually-hidden">{sections.overview}</h2> : <h2>{name}</h2>}
      {hypervisor !== null && <p className="dim">{overview.insideOf(hypervisor)}</p>}
      {container !== null && <p className="dim">{overview.container(container)}</p>}
    </div>
  );
}

function Processor({ host }: { host: HostReport }) {
  const { common, pc } = useText();
  const { overview } = pc;
  const formats = useFormats();
  const { model, cores, threads, sockets, architecture, virtualization } = host.cpu;
  const facts = [
    cores !== null && overview.cores(cores, formats.number(cores)),
    threads !== null && threads !== cores && overview.threads(threads, formats.number(threads)),
    sockets !== null && sockets > 1 && overview.sockets(formats.number(sockets)),
    architecture,
  ].filter(isDefined);
  const { extension } = virtualization;
  return (
    <PcPart icon="chip" title={overview.processor}>
      <p>{model ?? common.unknown}</p>
      <p className="small dim">{facts.join(' · ')}</p>
      <p className="small dim">
        {extension === null ? overview.noExtension : overview.extensions[extension]}
      </p>
    </PcPart>
  );
}

function Memory({ host }: { host: HostReport }) {
  const { common, pc } = useText();
  const { overview } = pc;
  const formats = useFormats();
  const { totalBytes, availableBytes, limitBytes, swap } = host.memory;
  const swapBytes = swap.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <PcPart icon="memory" title={overview.memory}>
      <p>{totalBytes === null ? common.unknown : formats.bytes(totalBytes)}</p>
      {totalBytes !== null && availableBytes !== null && (
        <Usage
          label={overview.memory}
          text={overview.available(formats.bytes(availableBytes), formats.bytes(totalBytes))}
          fraction={1 - availableBytes / totalBytes}
        />
      )}
      {limitBytes !== null && <p className="small dim">{overview.limit(formats.bytes(limitBytes))}</p>}
      <p className="small dim">{swapBytes > 0 ? overview.swap(formats.bytes(swapBytes)) : overview.noSwap}</p>
    </PcPart>
  );
}

function Graphics({ host }: { host: HostReport }) {
  const { overview } = useText().pc;
  const formats = useFormats();
  return (
    <PcPart icon="graphics" title={overview.graphics}>
      {host.graphics.length === 0 && <p className="small dim">{overview.noGraphics}</p>}
      {host.graphics.map((card, index) => (
        <div key={card.address ?? index}>
          <p>{cardName(card) ?? card.address}</p>
          <p className="small dim">
            {[
              card.driver,
              card.bootVga === true && overview.bootCard,
              card.connectors.length > 0 && overview.monitors(formats.list(card.connectors)),
            ]
              .filter(isDefined)
              .join(' · ')}
          </p>
        </div>
      ))}
    </PcPart>
  );
}

function SystemGroup({ host }: { host: HostReport }) {
  const { common, pc } = useText();
  const { overview } = pc;
  const { os, kernel, firmware, tpm } = host;
  const yesOrNo = (value: boolean | null): string =>
    value === null ? common.unknown : value ? pc.yes : pc.no;
  const rows: [string, string][] = [
    [overview.system, os.name ?? common.unknown],
    [overview.kernel, kernel ?? common.unknown],
    [
      overview.firmware,
      [firmware.kind?.toUpperCase(), firmware.vendor, firmware.version].filter(isDefined).join(' ') ||
        common.unknown,
    ],
    [overview.secureBoot, yesOrNo(firmware.secureBoot)],
    [overview.tpm, tpm.present ? (tpm.version ?? pc.yes) : overview.tpmNone],
  ];
  return (
    <Group>
      {rows.map(([title, value]) => (
        <Row key={title} title={title} end={<span className="dim">{value}</span>} />
      ))}
    </Group>
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { Budget } from '../../contract/budget.ts';
import type { CatalogEntry, CatalogMedium } from '../../contract/catalog.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, SwitchRow } from '../parts/rows.tsx';
import { useService } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { MediumName } from './catalog/medium-name.tsx';
import { useCatalogText } from './catalog/words.ts';
import { fileOf, isFetched, sizesOf, useOf, type Draft } from './draft.ts';

interface ReviewStepProps {
  draft: Draft;
  /** The system that a file was recognised as */
  known: CatalogEntry | null;
  onChange(changes: Partial<Draft>): void;
  budget: Budget;
  name: string;
  /** Whether it installs by itself, and for whom */
  setup: ReactNode;
  /** It installs by itself, and is started for that anyway */
  alone: boolean;
  /** Which parts it gets, and why */
  parts: ReactNode;
  error: unknown;
}

/** What will be made, where, and what it costs, in plain words. */
export function ReviewStep({
  draft,
  known,
  onChange,
  budget,
  name,
  setup,
  alone,
  parts,
  error,
}: ReviewStepProps) {
  const { review } = useText().create;
  const formats = useFormats();
  const service = useService().data;
  const { vcpus, memoryBytes } = sizesOf(draft, budget, known);
  return (
    <>
      <h2 tabIndex={-1}>{review.title}</h2>
      <ErrorNote error={error} />
      <div className="card">
        <dl className="review">
          <Fact term={review.name}>
            <bdi>{name}</bdi>
          </Fact>
          <Fact term={review.from}>
            <From draft={draft} />
          </Fact>
          {draft.source?.kind === 'entry' &&
            fileOf(draft.source) === null &&
            draft.source.medium !== null && <DownloadFact medium={draft.source.medium} />}
          <Fact term={review.processors}>
            {review.processorsAre(vcpus, formats.number(vcpus), formats.number(budget.host.vcpus))}
          </Fact>
          <Fact term={review.memory}>{review.memoryIs(formats.bytes(memoryBytes))}</Fact>
          <Fact term={review.disk}>
            <DiskWords draft={draft} known={known} budget={budget} />
          </Fact>
          {setup}
          {service !== undefined && (
            <Fact term={review.where}>
              {review.folder} <code>{service.dataDirectory}/machines</code>
            </Fact>
          )}
        </dl>
      </div>
      {parts}
      <Group>
        <SwitchRow
          title={alone ? review.startReady : review.start}
          subtitle={review.startAbout}
          value={draft.start}
          onChange={(start) => onChange({ start })}
        />
      </Group>
    </>
  );
}

export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How much comes from where, and how it is known to be the real thing. */
function DownloadFact({ medium: { bytes, source, host, verified } }: { medium: CatalogMedium }) {
  const text = useCatalogText();
  const formats = useFormats();
  const from =
    host === undefined || source !== 'download' ? text.review.sources[source] : text.review.fromHost(host);
  const facts = [bytes !== null && text.about(formats.bytes(bytes)), from];
  return (
    <Fact term={text.review.download}>
      {facts.filter((fact) => fact !== false && fact !== '').join(', ')}
      <p className="small dim">{text.verified[verified]}</p>
    </Fact>
  );
}

function From({ draft }: { draft: Draft }) {
  const { review } = useText().create;
  const { source } = draft;
  if (source === null) return null;
  const file = fileOf(source);
  if (source.kind === 'entry' && file === null)
    return source.medium === null ? (
      review.fromEntry(source.entry.name)
    ) : (
      <>
        {source.entry.name} – <MediumName name={source.medium.name} />
      </>
    );
  if (file === null) return null;
  const { name } = file;
  switch (useOf(draft)) {
    case 'install':
      return review.install(name);
    case 'use-disk':
      return review.inPlace(name);
    case 'copy-disk':
    case null:
      return review.copy(name);
  }
}

function DiskWords({ draft, known, budget }: Pick<ReviewStepProps, 'draft' | 'known' | 'budget'>) {
  const { review } = useText().create;
  const formats = useFormats();
  const bytes = formats.bytes(sizesOf(draft, budget, known).diskBytes);
  switch (useOf(draft)) {
    case 'install':
      return review.diskNew(bytes);
    case 'copy-disk':
      return draft.keepDiskSize ? review.diskKept : review.diskGrown(bytes);
    case 'use-disk':
      return review.diskKept;
    case null:
      return isFetched(draft.source) ? review.diskNew(bytes) : review.diskEntry;
  }
}

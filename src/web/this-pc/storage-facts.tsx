// SPDX-License-Identifier: Apache-2.0
import type { StorageReport } from '../../contract/host.ts';
import { useFormats, useText } from '../text/language.ts';
import { PcPart, Usage } from './pc-part.tsx';
import { isDefined, mergeStorage } from './words.ts';

/** The disks that hold what is ours; two folders on one disk are shown once. */
export function StorageFacts({ storage }: { storage: readonly StorageReport[] }) {
  const { common, pc } = useText();
  const { overview } = pc;
  const formats = useFormats();
  return (
    <PcPart icon="disk" title={overview.storage}>
      {mergeStorage(storage).map(({ report, purposes }) => {
        const { kind, model, filesystem, totalBytes, freeBytes } = report;
        return (
          <div key={report.path}>
            <p>{model ?? (kind === null ? common.unknown : overview.kinds[kind])}</p>
            {totalBytes !== null && freeBytes !== null && (
              <Usage
                label={formats.list(purposes.map((purpose) => overview.purposes[purpose]))}
                text={overview.freeOf(formats.bytes(freeBytes), formats.bytes(totalBytes))}
                fraction={1 - freeBytes / totalBytes}
              />
            )}
            <p className="small dim">
              {[
                formats.list(purposes.map((purpose) => overview.purposes[purpose])),
                model !== null && kind !== null && overview.kinds[kind],
                filesystem,
                report.encrypted === true && overview.encrypted,
                report.reflink === true && overview.reflink,
                report.readOnly === true && overview.readOnly,
              ]
                .filter(isDefined)
                .join(' · ')}
            </p>
          </div>
        );
      })}
    </PcPart>
  );
}

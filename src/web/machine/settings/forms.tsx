// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { MachineDefinition } from '../../../contract/machine.ts';
import { useText } from '../../text/language.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { DeskSection, ChannelsSection } from './device-sections.tsx';
import { DisksSection } from './disks-section.tsx';
import { DraftBar } from './draft-bar.tsx';
import { DraftContext, useDraft } from './draft.ts';
import { DrivesSection } from './drives-section.tsx';
import { FirmwareSection } from './firmware-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { HardwareSection } from './hardware-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { ResourcesSection } from './resources-section.tsx';
import { SharesSection } from './shares-section.tsx';
import { VmmSection } from './vmm-section.tsx';

const FirmwarePanel = lazy(() => import('../firmware/firmware-panel.tsx'));
const SystemSection = lazy(() => import('./system-section.tsx'));
const EncryptionGroup = lazy(() => import('../keep/encryption-group.tsx'));

interface FormsProps {
  machine: Machine;
  definition: MachineDefinition;
  revision: string;
}

/** Everything that can be set, as forms. Edits collect until they are saved together. */
export function Forms({ machine, definition, revision }: FormsProps) {
  const draft = useDraft(machine, definition, revision);
  const { saveFirst } = useText().settings.disks;
  return (
    <DraftContext value={draft}>
      <GeneralSection machine={machine} />
      <Suspense>
        <SystemSection machineId={machine.id} />
      </Suspense>
      <VmmSection machine={machine} />
      <ResourcesSection machineId={machine.id} />
      <FirmwareSection />
      {definition.boot.type === 'uefi' && (
        <Suspense>
          <FirmwarePanel machine={machine} />
        </Suspense>
      )}
      <DisksSection machine={machine} />
      <Suspense>
        <EncryptionGroup machine={machine} unsaved={draft.edited.length > 0 ? saveFirst : null} />
      </Suspense>
      <DrivesSection machine={machine} />
      <NetworkSection />
      <DeskSection />
      <ChannelsSection />
      <SharesSection />
      <HardwareSection />
      <AdvancedSection />
      <DraftBar machine={machine} />
    </DraftContext>
  );
}

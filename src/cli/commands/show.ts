// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import type { Boot, MachineDefinition, Nic } from '../../contract/machine.ts';
import type { Measurement } from '../../contract/vmm.ts';
import type { Run } from '../context.ts';
import { featureWords } from '../../contract/feature-words.ts';
import { plain, plainLine, type Output } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { choiceLines, shortcomingLines } from './profile-text.ts';
import { verdictsLines } from './verdicts-text.ts';
import { ageText, sizeText, stateReason, stateStyles, timeText } from '../terminal/words.ts';

export const show: Run = async ({ client, output, json }, input) => {
  const params = { ref: input.argument('NAME') };
  if (input.flag('vmms')) {
    const verdicts = await client.call('judgeMachine', { params });
    if (json) output.json(verdicts);
    else verdictsLines(params.ref, verdicts, output).forEach(output.say);
    return;
  }
  if (input.flag('profile')) {
    const profile = await client.call('machineProfile', { params });
    if (json) output.json(profile);
    else {
      output.say(`What suits ${plain(profile.name)} on this PC:`);
      [...choiceLines(profile), ...shortcomingLines(profile, output)].forEach(output.say);
    }
    return;
  }
  const machine = await client.call('showMachine', { params });
  if (json) {
    output.json(machine);
    return;
  }
  machineText(machine, output).forEach(output.say);
  // Of an unknown guest nobody knows what it wants.
  if (machine.definition === null || machine.definition.guestOs === 'generic') return;
  shortcomingLines(await client.call('machineProfile', { params }), output).forEach(output.say);
};

export function machineText(machine: Machine, output: Pick<Output, 'style'>): string[] {
  const { name, id, state, directory, definition, run, pending } = machine;
  const section = (title: string, rows: string[][]) => {
    if (rows.length === 0) return [];
    const columns = (rows[0] ?? []).map(() => ({ title: '' }));
    const [, ...lines] = textTable(
      columns,
      rows.map((row) => row.map(plain)),
    );
    return ['', output.style('bold', title), ...lines.map((line) => `  ${line}`)];
  };
  const reason = state.name === 'broken' ? '' : stateReason(state);
  const word = output.style(stateStyles[state.name], state.name);
  return [
    `${output.style('bold', plain(name))} is ${word}${reason === '' ? '' : ` (${plain(reason)})`}, since ${timeText(state.since)} (${ageText(state.since)})`,
    ...section('Identity', [
      ['Id', id],
      ['Folder', directory],
    ]),
    ...(state.name === 'broken'
      ? section(
          'What is wrong',
          state.problems.map((problem) => [problem]),
        )
      : []),
    ...(state.name === 'crashed' && state.log.length > 0
      ? ['', output.style('bold', 'The end of its log'), ...state.log.map((line) => `  ${plainLine(line)}`)]
      : []),
    ...(definition === null ? [] : definitionSections(definition, section)),
    ...(run === null
      ? []
      : section('It runs on', [
          ['VMM', `${run.vmm} ${run.version}, ${run.accelerator}`],
          ['Process', `${run.pid}, since ${timeText(run.startedAt)}`],
          ...(run.resumedFrom === undefined
            ? []
            : [['Resumed', `from what was saved at ${timeText(run.resumedFrom)}`]]),
          ...(machine.lacks === undefined
            ? []
            : [['Has no', machine.lacks.map((feature) => featureWords[feature]).join(', ')]]),
        ])),
    ...(run?.measurement === undefined
      ? []
      : section('Measured at its start', measurementRows(run.measurement))),
    ...(pending.length === 0 ? [] : section('Takes effect at the next start', [[pending.join(', ')]])),
  ];
}

function measurementRows({ kind, launch, policy, firmware, note }: Measurement): string[][] {
  return [
    ['By', kind.toUpperCase()],
    ...(launch === null ? [] : [['Measurement', launch]]),
    ...(policy === null ? [] : [['Policy', policy]]),
    ...(firmware === null ? [] : [['Its firmware', firmware]]),
    ['', note],
  ];
}

function definitionSections(
  definition: MachineDefinition,
  section: (title: string, rows: string[][]) => string[],
): string[] {
  const {
    architecture,
    cpu,
    memory,
    boot,
    tpm,
    display,
    disks,
    removable,
    nics,
    shares,
    devices,
    autostart,
    throwAway,
    template,
  } = definition;
  return [
    ...section('Hardware', [
      ['Processor', `${cpu.vcpus} x ${architecture}`],
      ['Memory', sizeText(memory)],
      ['Starts by', bootText(boot)],
      ['TPM', tpmWords[tpm]],
      ['Display', display.type === 'none' ? 'none' : display.device],
      ['Autostart', autostart === undefined ? 'no' : `with the service, order ${autostart.order}`],
      ...(template === true ? [['Template', 'yes: it neither starts nor changes; clone it']] : []),
      ...(throwAway === true ? [['Kept', 'no: it is erased as soon as it has stopped']] : []),
    ]),
    ...section('Disks', [
      ...disks.map(({ file, format, bus, size, readOnly }) => [
        file,
        `${format} on ${bus}`,
        [size === undefined ? '' : sizeText(size), readOnly ? 'read-only' : '']
          .filter((word) => word !== '')
          .join(', '),
      ]),
      ...removable.map(({ type, file, bus, detach }) => [
        file ?? '(empty)',
        `${type} on ${bus}`,
        file !== undefined && detach === 'after-install' ? 'taken out after the installation' : '',
      ]),
    ]),
    ...section('Network', nics.flatMap(nicRows)),
    ...section(
      'Shared folders',
      shares.map(({ tag, path, readOnly }) => [tag, path, readOnly ? 'read-only' : '']),
    ),
    ...section(
      'Real devices',
      devices.map((device) => [
        device.type,
        'address' in device ? device.address : Object.values(device).slice(1).join(':'),
      ]),
    ),
  ];
}

const tpmWords: Readonly<Record<MachineDefinition['tpm'], string>> = {
  none: 'none',
  emulated: 'TPM 2.0, emulated',
  passthrough: 'that of this PC',
};

function bootText(boot: Boot): string {
  switch (boot.type) {
    case 'uefi':
      return `UEFI, Secure Boot ${boot.secureBoot ? 'on' : 'off'}`;
    case 'bios':
      return 'BIOS';
    case 'kernel':
      return `its kernel directly: ${boot.kernel}`;
    case 'guest-kernel':
      return 'the kernel on its first disk, directly';
  }
}

function nicRows(nic: Nic): string[][] {
  const mac = nic.mac ?? 'address chosen by Phyllome';
  switch (nic.type) {
    case 'user':
      return [
        ['Through this PC', nic.model, mac],
        ...nic.forwards.map(({ hostAddress, hostPort, guestPort, protocol }) => [
          '  forwarded',
          `${hostAddress}:${hostPort}`,
          `to port ${guestPort} (${protocol}) of the guest`,
        ]),
      ];
    case 'bridge':
      return [[`Bridge ${nic.bridge}`, nic.model, mac]];
    case 'none':
      return [['No cable', nic.model, mac]];
  }
}

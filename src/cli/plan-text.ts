// SPDX-License-Identifier: Apache-2.0
import type { LaunchPlan, PlannedProcess } from '../contract/plan.ts';
import { plain } from './terminal/output.ts';
import { shellCommand } from '../contract/shell-quote.ts';

/**
 * What a start would do, step by step. All but the commands are shell comments, so that the whole text can
 * be pasted or saved as a script.
 */
export function planText(plan: LaunchPlan): string {
  const { machine, vmm, version, accelerator, decisions, directories, pipes, files, tpm, helpers } = plan;
  const heading = comment(`Starting ${machine.name} (${machine.id}) with ${vmm} ${version}, ${accelerator}.`);
  const why = decisions.map(({ what, why: reason }) => comment(`- ${what}: ${reason}`));
  const steps = [
    ...section(
      'These folders are made when they are missing:',
      directories.map((directory) => comment(`  ${directory}`)),
    ),
    ...pipes.map((path) =>
      comment(`${path}.in is made as a named pipe, ${path}.out as a link to /dev/null.`),
    ),
    ...files.map(({ what, file, format, template, templateFormat, certificates }) => {
      const made = `The ${what} ${file} (${format}) are made from ${template} (${templateFormat}) when they are missing`;
      const more = ", with Microsoft's certificates of 2023 where those of 2011 are";
      return comment(`${made}${certificates === undefined ? '' : more}.`);
    }),
    ...(tpm === undefined
      ? []
      : [
          [
            comment(
              `The TPM is made when ${tpm.file} is missing; its certificates are signed in ${tpm.authority}.`,
            ),
            processText('Before that, the program', tpm.process),
          ].join('\n'),
        ]),
    ...helpers.map((helper) => processText('The helper', helper)),
    processText('The VMM', plan.process),
  ];
  const numbered = steps.map((step, index) => step.replace('# ', `# ${index + 1}. `));
  const body = [
    heading,
    ...(why.length > 0 ? [[comment('Decided for it:'), ...why].join('\n')] : []),
    ...numbered,
  ];
  return body.join('\n\n');
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [[comment(title), ...lines].join('\n')];
}

function processText(role: string, { name, command, log, ready }: PlannedProcess): string {
  const lines = [comment(`${role} ${name}; its output goes to ${log}`)];
  if (ready !== null) lines.push(comment(`It is ready when ${ready} appears.`));
  return [...lines, shellCommand(command)].join('\n');
}

// One line, whatever is in it: what follows a line break would be run by whoever pastes it.
const comment = (text: string): string => `# ${plain(text)}`;

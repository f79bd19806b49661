// SPDX-License-Identifier: Apache-2.0
//
// What the entry "rescue" of the boot menu shows: a few ways back to a PC that works. Nothing in it needs the file system with
// machines and settings, which may be what is broken; a shell needs the owner's password, so nobody who passes by gets in.

export interface RescueTerminal {
  say(line: string): void;
  /** @returns null when nobody is there any more */
  ask(question: string): Promise<string | null>;
  /** The same, without showing what is typed */
  askSecret(question: string): Promise<string | null>;
}

export interface RescueActions {
  checkFileSystem(): Promise<void>;
  rollBack(): Promise<string>;
  factoryReset(): Promise<void>;
  /** null: there is no password that could be asked for */
  isOwner(password: string): Promise<boolean | null>;
  shell(): Promise<void>;
  restart(): Promise<void>;
  powerOff(): Promise<void>;
}

// What is typed before everything is erased.
const eraseWords = 'erase everything';
// After a wrong password (ms).
const pause = 3000;

/** Shows the menu until this PC goes down or nobody is there. */
export async function rescueMenu(
  terminal: RescueTerminal,
  actions: RescueActions,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const entries: readonly (readonly [label: string, work: () => Promise<boolean>])[] = [
    ['Start as usual', () => ending(actions.restart())],
    [
      'Check and repair the file system with machines and settings',
      async () => {
        await actions.checkFileSystem();
        terminal.say('Done. If it found something, look at your machines and their backups.');
        return false;
      },
    ],
    [
      'Go back to the version before',
      async () => {
        terminal.say(`The next start brings version ${await actions.rollBack()}.`);
        return false;
      },
    ],
    [
      'Factory reset: erase all machines and settings',
      async () => {
        const typed = await terminal.ask(`Everything is lost for good. Type "${eraseWords}": `);
        if (typed?.trim() !== eraseWords) {
          terminal.say('Nothing was erased.');
          return false;
        }
        return ending(actions.factoryReset());
      },
    ],
    [
      "A shell, with the owner's password",
      async () => {
        const typed = await terminal.askSecret('Password: ');
        const right = await actions.isOwner(typed ?? '');
        if (right === true) await actions.shell();
        else {
          await wait(pause);
          terminal.say(
            right === null
              ? 'This PC has no password yet, so nobody can be told to be its owner.'
              : 'That is not it.',
          );
        }
        return false;
      },
    ],
    ['Power off', () => ending(actions.powerOff())],
  ];
  for (;;) {
    terminal.say('');
    terminal.say('Phyllome OS, rescue');
    for (const [at, [label]] of entries.entries()) terminal.say(`  ${at + 1}  ${label}`);
    const answer = await terminal.ask('Number: ');
    if (answer === null) return;
    const chosen = entries[Number(answer.trim()) - 1];
    if (chosen === undefined) continue;
    try {
      if (await chosen[1]()) return;
    } catch (error) {
      terminal.say(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const ending = async (work: Promise<void>): Promise<boolean> => {
  await work;
  return true;
};

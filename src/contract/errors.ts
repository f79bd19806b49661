// SPDX-License-Identifier: Apache-2.0

// Loaded by every command of the CLI, so it loads next to nothing itself; the schema of a report is in error-report.ts.
import { fill } from './fill.ts';

/**
 * The closed list of everything that can go wrong, in one place.
 *
 * `message` says what happened with the facts in it, `hint` says the next thing to do. `{name}` is
 * replaced by the fact of that name. docs/errors.md is generated from this table (`npm run gen`) and a
 * test fails when the two differ.
 */
const catalogue = {
  // ---- requests -------------------------------------------------------------------------------
  'bad-request': {
    status: 400,
    message: 'The request is not understood: {reason}.',
    hint: 'Compare it with the API description at /api/v1/openapi.json.',
  },
  'not-authorised': {
    status: 401,
    message: 'This request carries no valid token.',
    hint: 'Run "phyllome open" to get a link that signs this browser in.',
  },
  'origin-refused': {
    status: 403,
    message: 'A request from {origin} for {host} is refused: only the page of this service may call it.',
    hint: 'Open the page with "phyllome open" and use the address it prints.',
  },
  'not-found': {
    status: 404,
    message: 'There is nothing at {path}.',
    hint: 'The API description at /api/v1/openapi.json lists every address.',
  },
  'service-unreachable': {
    status: 503,
    message: 'The Phyllome service does not answer on {socket}.',
    hint: 'Start it with "phyllome up"; its log is {log}.',
  },
  'service-start-failed': {
    status: 503,
    message: 'The Phyllome service ended while it was starting: {reason}',
    hint: 'Its log is {log}.',
  },
  'service-already-running': {
    status: 409,
    message: 'Another Phyllome service (process {pid}) already looks after {directory}.',
    hint: 'Use that one, or stop it with "phyllome down" first.',
  },
  'port-taken': {
    status: 409,
    message: 'The address {address} is already in use by another program.',
    hint: 'Choose another port with "phyllome up --port NUMBER".',
  },
  'unsafe-directory': {
    status: 500,
    message: '{directory} cannot be trusted: {reason}.',
    hint: 'Make it a folder of your own with mode 0700, or set XDG_RUNTIME_DIR to one.',
  },
  'usage-error': {
    status: 400,
    message: '{reason}',
    hint: 'Run "phyllome {command}--help" for the options and examples.',
  },
  'internal-error': {
    status: 500,
    message: 'Phyllome made a mistake: {reason}',
    hint: 'This is a defect of ours. "phyllome logs --service" holds the details for a report.',
  },

  // ---- definitions ----------------------------------------------------------------------------
  'definition-unreadable': {
    status: 400,
    message: 'The definition is not valid YAML: {reason}',
    hint: 'Correct it at line {line}; nothing was changed.',
  },
  'definition-invalid': {
    status: 400,
    message: 'The definition has {count} mistake(s): {summary}',
    hint: 'Correct the values named; nothing was changed. docs/machine-definition.md explains every key.',
  },
  'definition-too-new': {
    status: 400,
    message: 'The definition has formatVersion {found}; this Phyllome understands up to {known}.',
    hint: 'Update Phyllome, or use the version that wrote this file.',
  },
  'definition-changed': {
    status: 409,
    message: 'The definition of {name} was changed by somebody else in the meantime.',
    hint: 'Load it again and repeat your change; nothing was overwritten.',
  },
  'name-invalid': {
    status: 400,
    message: 'The name {name} cannot be used: {reason}.',
    hint: 'A name has 1 to 100 characters; anything but "/" and control characters may stand in it.',
  },
  'name-taken': {
    status: 409,
    message: 'A machine named {name} exists already.',
    hint: 'Choose another name, or rename the other machine with "phyllome rename".',
  },

  // ---- machines -------------------------------------------------------------------------------
  'machine-not-found': {
    status: 404,
    message: 'There is no machine {ref}.',
    hint: '"phyllome list" shows all machines, "phyllome list --bin" the deleted ones.',
  },
  'machine-ambiguous': {
    status: 409,
    message: '{ref} fits more than one machine: {matches}.',
    hint: 'Use the whole name or the whole id.',
  },
  'machine-broken': {
    status: 409,
    message: 'The machine {name} cannot be used: {reason}',
    hint: 'Correct {file} with an editor, or delete the machine (it goes to the bin).',
  },
  'machine-state': {
    status: 409,
    message: '{name} is {state}, so it cannot {verb} now.',
    hint: '{next}',
  },
  'machine-in-use': {
    status: 409,
    message: 'Another process already runs {name} (it holds {lock}).',
    hint: 'Stop the machine where it runs, perhaps under another user or service, then try again.',
  },
  'machine-vanished': {
    status: 410,
    message: 'The folder of {name} is gone: {directory}.',
    hint: 'Put the folder back. If the machine still runs, save its data from inside before you stop it.',
  },
  'bin-entry-not-found': {
    status: 404,
    message: 'There is no deleted machine {ref} in the bin.',
    hint: '"phyllome list --bin" shows what can be restored.',
  },
  'machine-needed': {
    status: 409,
    message: '{name} cannot be erased: {users} needs its file {file}.',
    hint: 'Erase that machine first, or give it a disk of its own ("qemu-img convert" makes one). Nothing was erased.',
  },
  'bin-not-emptied': {
    status: 409,
    message: 'Could not be erased: {count}. {name}: {reason}',
    hint: 'What else was named is erased. "phyllome bin" shows what is left.',
  },
  'machine-template': {
    status: 409,
    message: '{name} is a template, so it cannot {verb}.',
    hint: 'Make a machine from it with "phyllome clone NAME NEWNAME", or end that with "phyllome template NAME --off".',
  },
  'enrolment-refused': {
    status: 409,
    message: 'Certificates cannot be enrolled into the firmware of {name}: {reason}.',
    hint: '{next}',
  },
  'clone-not-linked': {
    status: 409,
    message: '{name} cannot be cloned instantly: {reason}.',
    hint: 'Make a full copy instead: "phyllome clone NAME NEWNAME --full". Nothing was changed.',
  },
  'disk-shared': {
    status: 409,
    message:
      '{file} has {links} names: what a guest wrote to it would change wherever the others are used, too.',
    hint: 'Give the machine a file of its own ("cp --sparse=always FILE COPY", then "mv COPY FILE"), or set readOnly for the disk.',
  },
  'drive-missing': {
    status: 404,
    message: '{name} has no drive {drive}: it has {count}.',
    hint: 'Drives are the entries of "removable" in its definition, counted from 0. "phyllome edit" adds one.',
  },
  'guest-ignored-power-button': {
    status: 504,
    message: '{name} did not power off within {seconds} seconds of its power button.',
    hint: 'Shut it down from inside, or cut its power with "phyllome stop --force".',
  },
  'guest-not-ready': {
    status: 504,
    message: '{name} runs, but its guest did not say that it is ready within {seconds} seconds.',
    hint: 'Look at it with "phyllome console" or "phyllome screenshot"; it may need no more than time.',
  },

  // ---- running --------------------------------------------------------------------------------
  'no-vmm': {
    status: 409,
    message: 'No VMM on this PC can run {name}: {reasons}',
    hint: '{next}',
  },
  'vmm-missing': {
    status: 409,
    message: '{binary} is not installed.',
    hint: 'Run "phyllome setup", or install it with: {install}',
  },
  'vmm-not-found': {
    status: 409,
    message: '{vmm} is not installed: there is no program {program} in {looked}.',
    hint: 'Put the program ({source}) into one of these folders, or name the folder it is in: phyllome vmms --folder FOLDER',
  },
  'vmm-folder-refused': {
    status: 409,
    message: '{directory} cannot be the folder of VMMs: {reason}.',
    hint: 'Name a folder by its absolute path that belongs to you or to root and that nobody else may write into (chmod go-w): programs in it are run.',
  },
  'verb-unsupported': {
    status: 409,
    message: '{vmm}, which runs {name}, cannot {verb}.',
    hint: '"phyllome vmms" shows which VMM can. "phyllome switch" moves a machine to another one.',
  },
  'vmm-too-old': {
    status: 409,
    message: '{binary} is version {found}; {needed} or newer is needed.',
    hint: 'Update it from your distribution (on Debian: the backports suite).',
  },
  'vmm-probe-failed': {
    status: 500,
    message: '{binary} does not answer questions about itself: {reason}',
    hint: 'Try "{binary} --version" in a terminal; reinstalling the package usually repairs it.',
  },
  'vmm-start-failed': {
    status: 500,
    message: '{vmm} could not start {name}: {reason}',
    hint: 'The whole log is shown by "phyllome logs {name} --source vmm"; "phyllome start --dry-run" shows what is run.',
  },
  'vmm-no-answer': {
    status: 504,
    message: 'The VMM of {name} did not answer "{command}" within {seconds} seconds.',
    hint: 'It may be stuck on slow storage; wait, or cut the power with "phyllome stop --force".',
  },
  'vmm-refused': {
    status: 500,
    message: 'The VMM refused "{command}": {reason}',
    hint: 'See "phyllome logs" of this machine with --source vmm.',
  },
  'vmm-lacks': {
    status: 409,
    message: '{vmm} cannot {verb} while {name} runs.',
    hint: 'Stop the machine first, then try again.',
  },
  'vmm-gone': {
    status: 409,
    message: 'The VMM of {name} is gone: {reason}',
    hint: 'Start the machine again with "phyllome start".',
  },
  'helper-failed': {
    status: 500,
    message: 'The helper {helper} of {name} ended before the machine could start: {reason}',
    hint: 'Its log is shown by "phyllome logs {name} --source {helper}".',
  },
  'budget-memory': {
    status: 409,
    message:
      '{name} needs {needs} of memory ({memory} and {overhead} for its VMM), but of the {guests} that guests may use on this PC {free} is left.',
    hint: '{offers}',
  },
  'budget-processors': {
    status: 409,
    message:
      '{name} has {vcpus} processors, but a machine may have at most {most} on this PC: it keeps {reserve} of its {threads} threads.',
    hint: '{offers}',
  },
  'memory-in-use': {
    status: 409,
    message:
      '{name} needs {needs} of memory ({memory} and {overhead} for its VMM), but other programs use so much of this PC that only {available} can be had. It would run out of memory.',
    hint: '{offers}',
  },
  'reserve-too-large': {
    status: 400,
    message: 'This PC cannot keep {reserve} for itself: it has {host}, and guests need at least {least}.',
    hint: 'Choose less; "phyllome budget" shows what is there. Nothing was changed.',
  },
  'settings-invalid': {
    status: 409,
    message: 'The settings in {file} cannot be understood: {reason}.',
    hint: 'Correct the file with an editor, or remove it to have the defaults. docs/budget.md explains what may stand in it.',
  },
  'firmware-missing': {
    status: 409,
    message: 'No UEFI firmware for {architecture}{secureBoot} is installed (looked in {looked}).',
    hint: 'Run "phyllome setup", or install it with: {install}',
  },
  'micro-cut-off': {
    status: 500,
    message: 'The machine ended before its command did: {reason}',
    hint: 'If its memory was too small, give it more with --memory. "phyllome run --micro IMAGE -- true" shows whether an image works at all.',
  },
  'micro-image-invalid': {
    status: 409,
    message: '{image} cannot become a micro machine: {reason}.',
    hint: 'It has to be a root file system (a folder or a tar archive), or an image of a container. docs/micro.md says more.',
  },
  'tool-missing': {
    status: 409,
    message: '{tool} is not installed, and {purpose} needs it.',
    hint: 'Run "phyllome setup", or install it with: {install}',
  },
  'host-port-taken': {
    status: 409,
    message: 'Port {port} ({protocol}) of this PC is already in use, so it cannot be forwarded to {name}.',
    hint: 'Change the forward with "phyllome edit", or stop the program that uses the port.',
  },
  'display-none': {
    status: 409,
    message: '{name} has no display.',
    hint: 'Give it one with "phyllome edit" (display.type: vnc), or use "phyllome console".',
  },
  'serial-none': {
    status: 409,
    message: '{name} has no serial port.',
    hint: 'Give it one with "phyllome edit" (serialPorts: 1), or use its display.',
  },
  'keyboard-none': {
    status: 409,
    message: '{name} has no keyboard.',
    hint: 'A keyboard comes with a display: set display.type to vnc with "phyllome edit". "phyllome console" types into its serial port.',
  },
  'keys-missing': {
    status: 400,
    message: 'There is no key to press.',
    hint: 'Name one to eight keys, e.g. ctrl alt delete. docs/keys.md lists their names.',
  },
  'key-unknown': {
    status: 400,
    message: 'There is no key {key}.{near}',
    hint: 'Nothing was pressed. docs/keys.md lists the names of all keys.',
  },
  'key-unsupported': {
    status: 409,
    message: 'The VMM of {name} has no key {key}.',
    hint: 'Nothing was pressed. A newer version of the VMM may have it.',
  },
  'text-untypable': {
    status: 400,
    message: 'No key of a US keyboard types {characters}.',
    hint: 'Nothing was typed. Leave these characters out, or paste the text through the clipboard of the screen.',
  },
  'typing-interrupted': {
    status: 409,
    message: 'Only {typed} of {total} characters were typed into {name}: {reason}',
    hint: 'Look at its screen before you type the rest.',
  },
  'guest-agent-failed': {
    status: 504,
    message: 'The agent in the guest of {name} gives no answer: {reason}.',
    hint: 'Install qemu-guest-agent in the guest, or start it there again.',
  },

  // ---- moving to another VMM ----------------------------------------------------------------------
  'switch-refused': {
    status: 409,
    message: '{name} cannot be moved to {vmm}: {reasons}',
    hint: 'Nothing was changed. {next}',
  },
  'switch-failed': {
    status: 500,
    message: '{name} could not be moved to {vmm}: {reason}',
    hint: 'Everything is as it was before. {next}',
  },
  'switch-nothing-back': {
    status: 409,
    message: '{name} was not moved to another VMM, so there is nothing to go back to.',
    hint: '"phyllome switch {name} VMM" moves it.',
  },

  'save-refused': {
    status: 409,
    message: '{name} cannot be saved: {reason}.',
    hint: '{next}',
  },
  'save-failed': {
    status: 500,
    message: '{name} could not be saved: {reason}',
    hint: 'It goes on as before. {next}',
  },
  'saved-unusable': {
    status: 409,
    message: 'The saved memory of {name} cannot be used: {reason}.',
    hint: 'Nothing is lost by this. When it cannot be repaired, "phyllome start {name} --discard-saved" throws the memory away and starts the machine as after a power cut.',
  },
  'machine-saved': {
    status: 409,
    message: '{name} is saved, and its memory fits only its hardware as it is: {keys} cannot be changed now.',
    hint: 'Start it and shut it down first, or throw its memory away with "phyllome start {name} --discard-saved".',
  },

  // ---- files ----------------------------------------------------------------------------------
  'file-missing': {
    status: 409,
    message: 'The {what} {file} does not exist.',
    hint: 'Put it back, or take it out of the definition with "phyllome edit".',
  },
  'answers-gone': {
    status: 409,
    message:
      'The answers for the installation of {name} are gone: they are in the memory of this PC only, and it was started anew.',
    hint: 'Delete the machine and begin the installation again.',
  },
  'install-failed': {
    status: 409,
    message: 'The installation of {system} into {name} failed: {reason}',
    hint: 'The machine stays as it is. Look at it with "phyllome open" or "phyllome logs {name} --source serial", or delete it with "phyllome delete {name}" and try again.',
  },
  'answers-unusable': {
    status: 400,
    message: 'These answers cannot be used: {reason}',
    hint: 'Change them and try again.',
  },
  'unattended-unknown': {
    status: 409,
    message: '{what} cannot be installed without questions: {reason}',
    hint: 'Leave --unattended out and answer the questions of its installer, or choose another medium.',
  },
  'file-exists': {
    status: 409,
    message: 'The {what} {file} exists already.',
    hint: 'Nothing was changed. Choose another name, or move the old file away first.',
  },
  'file-unreadable': {
    status: 409,
    message: 'The {what} {file} cannot be used: {reason}.',
    hint: 'Check its permissions; Phyllome runs as you and never changes the owner of your files.',
  },
  'disk-format-mismatch': {
    status: 409,
    message: 'The disk {file} is said to be {declared}, but its content is {found}.',
    hint: 'If you know where it comes from, correct "format" with "phyllome edit". Phyllome never guesses: a guest could fake it.',
  },
  'disk-damaged': {
    status: 409,
    message: 'The disk {file} is damaged: {reason}.',
    hint: 'Do not start it. Make a copy first, then try "qemu-img check -r all" on the copy.',
  },
  'passphrase-needed': {
    status: 409,
    message: 'The disks of {name} are encrypted, and their passphrase is needed{reason}.',
    hint: 'Type it when "phyllome" asks on a terminal, or give --passphrase-file FILE ("-" reads standard input).',
  },
  'passphrase-wrong': {
    status: 403,
    message: 'This passphrase does not open the disks of {name}.',
    hint: 'Try again; nothing was done. Mind the keyboard layout and Caps Lock.',
  },
  'passphrase-weak': {
    status: 400,
    message: 'This passphrase cannot be taken: it must have {shortest} to {longest} characters.',
    hint: 'Some words that have nothing to do with each other are good and can be remembered.',
  },
  'key-holder-unavailable': {
    status: 409,
    message: 'The {holder} cannot keep or give the key of the disks: {reason}.',
    hint: '{next}',
  },
  'machine-encrypted': {
    status: 409,
    message: '{name} is encrypted, so it cannot {what}.',
    hint: 'What it would write could be read by everybody. "phyllome decrypt" ends the encryption; docs/encryption.md says more.',
  },
  'machine-not-encrypted': {
    status: 409,
    message: '{name} is not encrypted.',
    hint: 'Encrypt its disks with "phyllome encrypt".',
  },
  'disk-not-encrypted': {
    status: 409,
    message: 'The disk {file} of {name} is not encrypted, but the machine is to be.',
    hint: 'Run "phyllome encrypt": it encrypts the disks that are not encrypted yet.',
  },
  'disk-key-missing': {
    status: 409,
    message: 'The disk {file} of {name} is encrypted, and {reason}.',
    hint: '{next}',
  },
  'encryption-refused': {
    status: 409,
    message: 'The disks of {name} cannot be {done}: {reason}.',
    hint: '{next}',
  },
  'encryption-failed': {
    status: 500,
    message: 'The disks of {name} could not be {done}: {reason}',
    hint: 'The machine is as it was before. {next}',
  },
  'disk-in-use': {
    status: 409,
    message: 'The disk {file} is in use by another program.',
    hint: 'Stop the other machine or program that has it open, then try again.',
  },
  'disk-outside': {
    status: 400,
    message: 'The disk {file} reaches out to {target}.',
    hint: 'A disk may only rest on files in its own machine folder. Flatten it first: qemu-img convert.',
  },
  'disk-base-missing': {
    status: 409,
    message: 'The disk {file} rests on {base}, which is not there.',
    hint: 'Put {base} back to where it was: it holds a part of what is on the disk. Until then nothing can be read from it.',
  },
  'disk-not-found': {
    status: 404,
    message: '{name} has no disk {disk}. {known}',
    hint: '"phyllome disk NAME" lists the disks of a machine. A disk is named by its number or its file.',
  },
  'disk-shrink': {
    status: 400,
    message:
      'The disk {file} has {size} and cannot become {wanted}: what the guest keeps behind that would be cut off.',
    hint: 'Give a larger size. For a smaller disk, add one of that size and copy the files in the guest.',
  },
  'disk-refused': {
    status: 409,
    message: 'The disk {file} cannot {verb}: {reason}.',
    hint: '{next}',
  },
  'device-refused': {
    status: 409,
    message: '{file} cannot be a disk of a machine: {reason}.',
    hint: '{next}',
  },
  'disk-used': {
    status: 409,
    message: '{file} is a disk of {machines} already.',
    hint: 'Machines that write one disk destroy it. Make a copy of it instead ("phyllome create --disk FILE --copy").',
  },
  'disk-too-small': {
    status: 400,
    message: 'The disk in {file} has {size}, so its copy cannot have {wanted}.',
    hint: 'Leave the size out to keep it as it is, or give a larger one.',
  },
  'medium-unsuitable': {
    status: 409,
    message: '{file} cannot be {use}: {reason}.',
    hint: '{next}',
  },
  'guest-kernel-missing': {
    status: 409,
    message: 'The guest on {file} has no kernel that could be started directly. Looked for: {looked}.',
    hint: 'Set boot.type to uefi or bios to start the boot loader of the guest, or install a system first. docs/switch.md says what is found.',
  },
  'guest-disk-unreadable': {
    status: 409,
    message: "The files on the guest's disk {file} cannot be read: {reason}.",
    hint: 'Only raw disks can be read for their kernel; "phyllome switch" converts them. If the guest was stopped hard, start it once by its boot loader (boot.type: uefi), so that it repairs its file system.',
  },
  'no-space': {
    status: 507,
    message: 'There is no space left for {what} in {directory}.',
    hint: 'Free some space there and try again; nothing was left half-made.',
  },

  // ---- snapshots ---------------------------------------------------------------------------------
  'snapshot-not-found': {
    status: 404,
    message: '{name} has no snapshot {ref}.',
    hint: 'See "phyllome snapshot list" for those it has.',
  },
  'snapshot-ambiguous': {
    status: 409,
    message: 'Several snapshots of {name} are called {ref}.',
    hint: 'Use the id: {matches}.',
  },
  'snapshot-disk': {
    status: 409,
    message: 'A snapshot of {name} cannot hold its disk {file}: {reason}.',
    hint: "Move the disk into disks/ of the machine's folder and name it so in its definition, or set readOnly for it.",
  },
  'snapshot-settings': {
    status: 409,
    message: 'The definition of {name} was changed since it was started, so a snapshot would not fit itself.',
    hint: 'Stop the machine, then take the snapshot; or start it anew with its new settings first.',
  },
  'snapshot-vmm': {
    status: 409,
    message: '{name} is pinned to {vmm}, which could not start it from the layers of a snapshot: {reason}',
    hint: 'Let the VMM be chosen ("phyllome set {name} vmm=auto"), or copy the machine ("phyllome clone {name} NEWNAME --full").',
  },
  'snapshot-damaged': {
    status: 409,
    message: 'The snapshots of {name} cannot be used as they are: {reason}.',
    hint: 'Nothing was changed, and nothing is cleared away while this is so. Put the files back that are missing or damaged.',
  },

  // ---- backups --------------------------------------------------------------------------------
  'backup-not-found': {
    status: 404,
    message: 'There is no backup {id} of {name} in {folder}.',
    hint: '"phyllome backup list NAME" shows the backups of a machine, with --from those of a folder.',
  },
  'backup-folder-none': {
    status: 409,
    message: '{name} has no folder for its backups.',
    hint: 'Name one, on another disk at best: "phyllome backup NAME --to FOLDER", or --from FOLDER to look into one.',
  },
  'backup-folder-refused': {
    status: 409,
    message: 'The folder {folder} cannot be used for backups: {reason}.',
    hint: 'Plug in its drive, or name another folder.',
  },
  'backup-busy': {
    status: 409,
    message: 'Somebody else is working on the backups in {directory}.',
    hint: 'Wait until that has ended, perhaps under another user or service, then try again.',
  },
  'backup-damaged': {
    status: 409,
    message: 'The backup {id} cannot be used: {reason}.',
    hint: 'Use another one. "phyllome backup verify NAME" looks at all of them.',
  },
  'backup-needed': {
    status: 409,
    message: 'The backup {id} cannot be removed: what it holds is needed by {users}.',
    hint: 'Remove those first.',
  },
  'snapshot-layers': {
    status: 409,
    message:
      'Another snapshot of {name} by itself would pile too many layers on its disk {file} ({layers} now).',
    hint: 'Stop the machine once: layers that nobody needs are merged while it is off.',
  },
  'backup-failed': {
    status: 500,
    message: 'The backup of {name} in {folder} failed: {reason}',
    hint: 'Backups made before are whole. Look at the drive, then try again.',
  },

  // ---- the library and the file chooser ----------------------------------------------------------
  'image-not-found': {
    status: 404,
    message: 'There is no image {name} in the library.',
    hint: '"phyllome images" lists them.',
  },
  'image-name-invalid': {
    status: 400,
    message: 'An image cannot be named {name}: {reason}.',
    hint: 'A name has at most 255 bytes, holds no "/" and no control characters, and does not begin with a dot.',
  },
  'image-in-use': {
    status: 409,
    message: 'The image {name} is used by {machines}.',
    hint: 'Take it out of these machines first with "phyllome edit", or erase those that are in the bin.',
  },
  'image-unknown': {
    status: 400,
    message: '{name} was not kept: it is neither an installation medium nor a disk, but {found}.',
    hint: 'Known are ISO images, and disks as qcow2, VMDK, VDI, VHDX or raw with a partition table.',
  },
  'upload-incomplete': {
    status: 400,
    message: 'The upload of {name} ended early: {done} of {total} bytes had come.',
    hint: 'Nothing of it was kept. Send it again.',
  },
  'url-refused': {
    status: 400,
    message: '{url} cannot be downloaded: {reason}.',
    hint: 'Give the address of the file itself; it begins with http:// or https://.',
  },
  'download-failed': {
    status: 502,
    message: '{url} could not be downloaded: {reason}.',
    hint: 'Nothing of it was kept. Check the address and the network, then try again.',
  },
  'checksum-mismatch': {
    status: 409,
    message: '{name} was not kept: its checksum is {found}, and it should be {expected}.',
    hint: 'Compare the checksum with the one on the page of its makers; if it is right, the file was damaged or exchanged on the way.',
  },
  'folder-outside': {
    status: 403,
    message: '{path} lies outside of the folders that may be looked at: {places}.',
    hint: 'Move the file into one of them, or upload it into the library.',
  },

  // ---- fixes of this PC and their journal -----------------------------------------------------------
  'fix-not-found': {
    status: 404,
    message: 'There is no fix {id}.',
    hint: 'Phyllome knows: {known}.',
  },
  'fix-refused': {
    status: 409,
    message: '{id} cannot be done here: {reason}',
    hint: '{next}',
  },
  'fix-changed': {
    status: 409,
    message: 'What {id} would do is no longer what was shown: something on this PC has changed since.',
    hint: 'Nothing was changed. Look at it again, and agree to what it is now.',
  },
  'fix-failed': {
    status: 500,
    message: '{id} failed: {reason}',
    hint: 'What it had begun was undone.{notes}',
  },
  'fix-unfinished': {
    status: 409,
    message: '{id} failed ({reason}), and could not be undone as a whole: {undo}',
    hint: 'See to that, then run "phyllome undo {entry}".',
  },
  'fix-interrupted': {
    status: 409,
    message: 'The step {entry} ({fix}) was interrupted: it is neither wholly done nor wholly undone.',
    hint: 'Undo it first: phyllome undo {entry}',
  },
  'fix-busy': {
    status: 409,
    message: 'A step is being applied or undone just now (process {pid}, or a program that it started).',
    hint: 'Wait until it has ended, then try again.',
  },
  'undo-not-found': {
    status: 404,
    message: 'The journal has no step {entry} that could be undone.',
    hint: '"phyllome undo --list" shows all steps.',
  },
  'undo-nothing': {
    status: 404,
    message: 'There is nothing to undo: Phyllome has changed nothing on this PC, or all of it was undone.',
    hint: '"phyllome undo --list" shows all steps.',
  },
  'undo-refused': {
    status: 409,
    message: 'Nothing was undone, because somebody has changed since: {changed}',
    hint: '{next}',
  },
  'undo-incomplete': {
    status: 500,
    message: 'The files are as they were, but this could not be taken back: {reason}',
    hint: 'See to the cause, then run "phyllome undo {entry}" again.',
  },
  'journal-damaged': {
    status: 500,
    message: 'The entry {entry} of the journal cannot be used: {reason}',
    hint: 'Look at {directory} yourself; nothing was changed.',
  },
  'root-needed': {
    status: 403,
    message: 'Only root can do this.',
    hint: 'Run as root: {command}',
  },

  // ---- Phyllome OS ------------------------------------------------------------------------------
  'os-only': {
    status: 409,
    message: 'This PC does not run Phyllome OS, so there is nothing of the kind to change here.',
    hint: 'On other systems, use what your distribution has for this.',
  },
  'os-busy': {
    status: 409,
    message: 'The operating system is being changed just now (process {pid}).',
    hint: 'Wait until that has ended, then try again; "phyllome tasks" shows how far it is.',
  },
  'os-root-lost': {
    status: 500,
    message: 'The part of Phyllome that runs as root did not answer: {reason}.',
    hint: 'Try again; if it happens again, restart this PC. Machines keep running.',
  },
  'os-tool-failed': {
    status: 500,
    message: '{tool} failed: {reason}.',
    hint: 'If the reason does not help, please report it with the output of "phyllome doctor --report".',
  },
  'os-runs-live': {
    status: 409,
    message: 'This PC runs Phyllome OS from a medium, which is not changed.',
    hint: 'Install it to this PC first: "phyllome os install". An update of a medium is a newer medium.',
  },
  'os-update-unreachable': {
    status: 502,
    message: 'The updates at {from} cannot be read: {reason}.',
    hint: 'Check the network, or take an update from a stick: "phyllome os update --stick". "phyllome os channel" shows and sets the address.',
  },
  'os-update-unsigned': {
    status: 502,
    message: 'Nothing vouches for the updates at {from}: {reason}.',
    hint: 'Nothing was installed. If it stays so, somebody changed them on the way, or they are from somebody else than the system that runs.',
  },
  'os-update-unusable': {
    status: 502,
    message: 'The list of updates at {from} cannot be used: {reason}.',
    hint: 'Nothing was installed. Whoever publishes them has to repair it.',
  },
  'os-update-damaged': {
    status: 500,
    message: 'Version {version} on the disk is not what was loaded: {reason}.',
    hint: 'It is not started; what runs stays. Try once more. If it happens again the disk may be failing: "phyllome doctor".',
  },
  'os-update-other': {
    status: 409,
    message: '{from} holds {found}. This PC runs {runs}.',
    hint: 'Nothing was installed. Take the update for this edition, distribution and architecture.',
  },
  'os-update-older': {
    status: 409,
    message: '{from} holds version {found}. This PC runs version {runs}, and nothing older is installed.',
    hint: 'To go back to the version before, use "phyllome os rollback".',
  },
  'os-update-none': {
    status: 409,
    message: 'Version {version} is the newest at {from}, and it is here.',
    hint: '{next}',
  },
  'os-update-failed-before': {
    status: 409,
    message: 'Version {version} is not installed again: {reason}.',
    hint: 'A newer version is installed as always.',
  },
  'os-update-too-large': {
    status: 507,
    message: 'Version {version} needs {needs} of {place}, which has {has}.',
    hint: '{next}',
  },
  'os-stick-none': {
    status: 404,
    message: 'There is no stick with an update: {looked}.',
    hint: 'Copy SHA256SUMS, SHA256SUMS.gpg and the files of the update to a folder "phyllome-update" on a stick, and plug it in.',
  },
  'os-channel-none': {
    status: 409,
    message: 'No address of updates is set, and the system that runs brings none.',
    hint: 'Set one with "phyllome os channel https://...", or update from a stick: "phyllome os update --stick".',
  },
  'os-rollback-none': {
    status: 409,
    message: 'There is no older version to go back to: {reason}.',
    hint: 'Nothing was changed. "phyllome os status" shows both.',
  },
  'os-guests-unsaved': {
    status: 409,
    message: 'Not saved before this PC goes down: {reasons}',
    hint: 'Shut them down first, or let that be done: "phyllome os restart --stop" (on the page: "Shut them down"). Nothing was stopped.',
  },

  // ---- access to the page ---------------------------------------------------------------------------
  locked: {
    status: 423,
    message: 'This browser is locked.',
    hint: 'Enter the password on the page to go on.',
  },
  'password-wrong': {
    status: 403,
    message: 'That is not the password.',
    hint: 'Try again. Who forgot it sets another one on the PC itself: "phyllome access password".',
  },
  'password-needed': {
    status: 409,
    message: 'There is no password yet, so {what}.',
    hint: 'Set one with "phyllome access password", or on the page: This PC, Access. Then try again.',
  },
  'password-weak': {
    status: 400,
    message: 'This password would be too easy to guess: {reason}.',
    hint: 'Take at least 10 characters. Three or four words that do not belong together are easy to keep in mind.',
  },
  'too-many-tries': {
    status: 429,
    message: 'There were too many wrong passwords. The next one is looked at in {seconds} seconds.',
    hint: 'Wait that long, then try again. Machines are not touched by this.',
  },
  'session-not-found': {
    status: 404,
    message: 'No browser that is signed in has the id {session}.',
    hint: '"phyllome access sessions" lists them.',
  },
  'session-needed': {
    status: 400,
    message: 'Only a browser that is signed in can be {done}.',
    hint: 'Name one by its id: "phyllome access sessions" lists them.',
  },
  'access-port-taken': {
    status: 409,
    message: 'Another program of this PC already listens on port {port}.',
    hint: 'Choose another one with "phyllome access on --port NUMBER".',
  },
  'access-damaged': {
    status: 500,
    message: '{file} cannot be used: {reason}.',
    hint: 'Nobody can sign in by password until it is repaired. "phyllome access password" on the PC itself writes it anew.',
  },
  'certificate-unusable': {
    status: 400,
    message: 'The certificate in {file} cannot be used: {reason}.',
    hint: 'Name two PEM files that the service may read, or go back to our own: "phyllome access on --own-certificate".',
  },

  // ---- installing Phyllome OS -----------------------------------------------------------------------
  'install-not-live': {
    status: 409,
    message: 'This PC does not run Phyllome OS from a medium, and only that can be installed.',
    hint: 'Write the image to a stick, start this PC from it, and choose the entry without touching a disk.',
  },
  'install-disk-unknown': {
    status: 404,
    message: 'This PC has no disk {id}.',
    hint: '"phyllome os disks" shows those it has, with their ids.',
  },
  'install-disk-refused': {
    status: 409,
    message: 'Nothing is installed on {disk}: {reason}.',
    hint: 'Nothing was changed. Choose another disk, or see to the cause; "phyllome os disks" looks again.',
  },
  'install-disk-changed': {
    status: 409,
    message: '{disk} is no longer what was chosen: {reason}.',
    hint: 'Nothing was changed. Look at the disks again, and choose anew.',
  },
  'install-not-confirmed': {
    status: 409,
    message: 'What was typed is not the name of the disk: {name}.',
    hint: 'Nothing was changed. Type the name exactly as it is shown, to say that all that is on it may be erased.',
  },
  'install-answer-unusable': {
    status: 400,
    message: 'The answer to "{question}" cannot be used: {reason}.',
    hint: 'Nothing was changed. Change it, then try again.',
  },
  'install-answers-missing': {
    status: 404,
    message: 'There are no answers for an installation: {reason}.',
    hint: 'Put answers.yaml on a FAT partition with the label PHYLLOME-ANSWERS; docs/os-install.md shows one.',
  },
  'os-install-failed': {
    status: 500,
    message: 'The installation on {disk} failed ({step}): {reason}.',
    hint: '{disk} cannot start this PC now; nothing else was touched. If its own words above speak of input or output errors, take another disk. Otherwise try again.',
  },

  'network-manager-lost': {
    status: 500,
    message: 'NetworkManager does not answer: {reason}.',
    hint: 'Try again; if it happens again, restart this PC. Machines go on afterwards.',
  },
  'network-device-missing': {
    status: 404,
    message: 'This PC has no {kind} device {name}.',
    hint: '"phyllome network" shows what it has.',
  },
  'network-failed': {
    status: 502,
    message: '{device} could not be connected: {reason}.',
    hint: 'The network is as it was before. {next}',
  },
  'network-pending': {
    status: 409,
    message: 'The last change of the network still waits for somebody to confirm it.',
    hint: 'Keep it with "phyllome network confirm", or take it back with "phyllome network revert".',
  },
  'network-settled': {
    status: 409,
    message: 'No change of the network waits for being confirmed: it was taken back, or confirmed before.',
    hint: '"phyllome network" shows how it is now.',
  },
  'network-not-remembered': {
    status: 404,
    message: 'No network {name} is remembered.',
    hint: '"phyllome network" shows which ones are.',
  },
  'wifi-refused': {
    status: 409,
    message: '{name} does not take this passphrase.',
    hint: 'Nothing was changed. Type it again; large and small letters differ.',
  },
  'wifi-unsupported': {
    status: 409,
    message: '{name} cannot be joined from here: its protection is {security}.',
    hint: 'Networks that are open or want one passphrase (WPA2, WPA3) can be joined.',
  },
  'bridge-refused': {
    status: 409,
    message: 'The bridge {name} cannot be changed: {reason}.',
    hint: 'Nothing was changed. "phyllome network" shows devices and bridges.',
  },
  'setting-unknown': {
    status: 400,
    message: 'This system knows no {what} {value}.',
    hint: 'Nothing was changed. "phyllome os settings --choices" lists what it knows.',
  },
  'reset-refused': {
    status: 409,
    message: 'This PC cannot be reset: {reason}.',
    hint: 'Nothing was erased. Install Phyllome OS anew from a stick instead.',
  },
  'reset-not-confirmed': {
    status: 400,
    message: 'What was typed is not the name of this PC, {name}.',
    hint: 'Nothing was erased. Type the name as it is shown, to say that everything may be erased.',
  },
  'reset-guests-run': {
    status: 409,
    message: 'These machines run: {names}.',
    hint: 'Nothing was erased. Shut them down, or say that their power may be cut.',
  },

  // ---- the favourite and the screen of this PC ----------------------------------------------------
  'favourite-none': {
    status: 409,
    message: 'No machine is the favourite, so there is none to show.',
    hint: 'Make one the favourite with "phyllome favourite NAME", or name the machine.',
  },
  'favourite-crashed': {
    status: 500,
    message: '{name} crashed while it had the screen: {reason}.',
    hint: 'Its log says more: "phyllome logs {name}". "phyllome start {name}" starts it again.',
  },

  // ---- guests we build, tasks -----------------------------------------------------------------
  'medium-not-found': {
    status: 404,
    message: '{entry} has no medium {ref}{why}; there is: {known}.',
    hint: '"phyllome catalog show {entry}" shows them all.',
  },
  'medium-brought': {
    status: 409,
    message: '{name} is not fetched by Phyllome: its makers hand it out on {page}.',
    hint: 'Get the file there, then: phyllome create NAME --iso FILE (for a disk image: --disk FILE).',
  },
  'medium-no-disk': {
    status: 409,
    message: '{name} is no system: it has nothing that a machine could be made from.',
    hint: 'Put it into the drive of a machine: "phyllome insert NAME FILE". "phyllome download {entry}" fetches it.',
  },
  'signature-refused': {
    status: 502,
    message: 'Nothing vouches for {file}: {reason}.',
    hint: 'Nothing of it was kept. Try again later. If it stays so, somebody changed it on the way, or its makers have a new key that a newer Phyllome knows.',
  },
  'checksums-unusable': {
    status: 502,
    message: 'The checksums of {url} cannot be used: {reason}.',
    hint: 'Try again later, or another medium ("phyllome catalog show ENTRY"). "phyllome catalog check ENTRY" tests its links.',
  },
  'release-not-found': {
    status: 502,
    message: '{url} names no file that looks like {pattern}.',
    hint: 'The project may have moved it. A newer Phyllome may know where to; until then fetch it by hand and give the file: phyllome create NAME --iso FILE.',
  },
  'installer-unavailable': {
    status: 409,
    message:
      'The package {package} with the installer cannot be had from the package sources of this PC: {reason}',
    hint: 'Choose another medium: "phyllome catalog show ENTRY" shows them.',
  },
  'unpack-failed': {
    status: 502,
    message: '{file} cannot be unpacked: {reason}.',
    hint: 'Nothing of it was kept. Try again later, or another medium.',
  },
  'links-dead': {
    status: 502,
    message: 'Of {tested} media, {dead} cannot be had now: {names}.',
    hint: '"phyllome catalog check" says of each what is wrong.',
  },
  'catalog-entry-not-found': {
    status: 404,
    message: 'There is no machine and no catalogue entry named {ref}.',
    hint: '"phyllome list" shows your machines, "phyllome catalog WORD" looks for systems, such as {known}.',
  },
  'guest-build-failed': {
    status: 500,
    message: 'The {guest} guest could not be assembled: {reason}',
    hint: '{next}',
  },
  'task-not-found': {
    status: 404,
    message: 'There is no task {id}.',
    hint: '"phyllome tasks" lists the tasks of this service.',
  },
  'task-aborted': {
    status: 409,
    message: 'The task "{what}" was aborted.',
    hint: 'What it had begun was undone. Start it again when you like.',
  },
} as const;

export type ErrorCode = keyof typeof catalogue;
export type Facts = Record<string, string | number | boolean | null | readonly string[]>;

/** What every door (API, CLI, page, tasks, events) shows of an error. */
export interface ErrorReport {
  code: string;
  message: string;
  hint: string;
  facts: Record<string, unknown>;
}

/** An error of the closed list. `facts` fill the placeholders of the catalogue and travel as fields. */
export class PhyllomeError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;
  // An error that came over the wire keeps the words of the service, which may know more codes than we do.
  readonly #reported: ErrorReport | null;

  constructor(code: ErrorCode, facts: Facts = {}, options: { cause?: unknown; reported?: ErrorReport } = {}) {
    super(options.reported?.message ?? fill(catalogue[code].message, facts), options);
    this.name = 'PhyllomeError';
    this.code = code;
    this.facts = facts;
    this.#reported = options.reported ?? null;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  get hint(): string {
    return this.#reported?.hint ?? fill(catalogue[this.code].hint, this.facts);
  }

  report(): ErrorReport {
    return (
      this.#reported ?? { code: this.code, message: this.message, hint: this.hint, facts: { ...this.facts } }
    );
  }

  /** Turns a report that came over the wire back into the error it was. */
  static fromReport(reported: ErrorReport): PhyllomeError {
    const code = reported.code in catalogue ? (reported.code as ErrorCode) : 'internal-error';
    return new PhyllomeError(code, reported.facts as Facts, { reported });
  }

  /** Any thrown value as an error of the list; what is not ours becomes `internal-error` with its cause kept. */
  static from(thrown: unknown): PhyllomeError {
    if (thrown instanceof PhyllomeError) return thrown;
    return new PhyllomeError('internal-error', { reason: reasonOf(thrown) }, { cause: thrown });
  }
}

/** The words of any thrown value, for the `reason` fact of an error. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The whole list, for the docs page and the test that compares the two. */
export const errorCatalogue: Readonly<Record<ErrorCode, { status: number; message: string; hint: string }>> =
  catalogue;

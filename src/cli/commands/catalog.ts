// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry, CatalogMedium, CheckedMedium } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { popularEntries } from '../../contract/popular-entries.ts';
import { formatSize } from '../../contract/size.ts';
import type { Run } from '../context.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { typed } from '../terminal/words.ts';
import { choiceLines } from './profile-text.ts';

export const catalog: Run = async ({ client, output, json }, input) => {
  const search = input.list('SEARCH').join(' ');
  const all = await client.call('catalog', search === '' ? {} : { query: { search } });
  // Hundreds of old systems would hide what people look for; a word finds them, too.
  const entries = search === '' ? all.filter(({ origin }) => origin === 'ours') : all;
  if (json) {
    output.json(entries);
    return;
  }
  if (entries.length === 0) {
    output.note('Nothing in the catalogue has these words.');
    return;
  }
  const rows = entries.map(({ id, name, media }) => [
    plain(id),
    plain(name),
    plain([...new Set(media.map(({ kind }) => kind))].join(', ') || 'made on this PC'),
    media.some(({ unattended }) => unattended !== null) ? 'yes' : '',
  ]);
  const columns = ['ENTRY', 'NAME', 'MEDIA', 'UNATTENDED'].map((title) => ({ title }));
  textTable(columns, rows).forEach(output.say);
  const hidden = all.length - entries.length;
  const more =
    hidden > 0 ? ` ${hidden} more are known from osinfo-db: "phyllome catalog WORD" finds them.` : '';
  output.note(`\n"phyllome catalog show ENTRY" says more, "phyllome run ENTRY" makes and starts one.${more}`);
};

export const showEntry: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('ENTRY').toLowerCase();
  const entries = await client.call('catalog', { query: { search: ref } });
  const entry = entries.find(({ id, aliases }) => id === ref || aliases.includes(ref));
  if (entry === undefined) {
    const known = entries.slice(0, 5).map(({ id }) => id);
    throw new PhyllomeError('catalog-entry-not-found', {
      ref,
      known: known.length > 0 ? known : popularEntries,
    });
  }
  // What is made on this PC brings its own definition.
  const profile =
    entry.media.length === 0 ? null : await client.call('guestProfile', { query: { guest: entry.id } });
  if (json) {
    output.json({ ...entry, ...(profile !== null && { profile: profile.choices }) });
    return;
  }
  entryLines(entry).forEach(output.say);
  if (profile !== null) {
    output.say(`\n${output.style('bold', 'Its machines get')}`);
    choiceLines(profile).forEach(output.say);
  }
  const [first] = entry.media;
  if (first?.source !== 'bring') output.note(`\nMake a machine of it: phyllome run ${typed(entry.id)}`);
};

const size = (of: CatalogEntry['minimum']): string =>
  of === null
    ? 'not known'
    : `${of.vcpus} processor(s), ${formatSize(of.memoryBytes)} of memory, ${of.diskBytes === 0 ? 'no disk' : `a disk of ${formatSize(of.diskBytes)}`}`;

function entryLines(entry: CatalogEntry): string[] {
  const { name, id, aliases, description, minimum, recommended, notes, media } = entry;
  const facts: [string, string | null][] = [
    ['Entry', [id, ...aliases].join(', ')],
    ['Homepage', entry.homepage],
    ['Licence', entry.licence],
    ['Released', entry.released],
    ['Support ends', entry.ends],
    ['Recommended', size(recommended)],
    ['Needs', size(minimum)],
    [
      'Firmware',
      { uefi: 'UEFI', bios: 'BIOS', both: 'UEFI or BIOS', none: 'started directly' }[entry.firmware],
    ],
    ['Secure Boot', entry.secureBoot],
    ['TPM', entry.tpm],
  ];
  return [
    plain(name),
    plain(description),
    '',
    ...facts.flatMap(([title, value]) =>
      value === null ? [] : [`${`${title}:`.padEnd(14)} ${plain(value)}`],
    ),
    ...notes.flatMap((note, index) => [...(index === 0 ? [''] : []), `Note: ${plain(note)}`]),
    ...(media.length === 0 ? [] : ['', ...mediaLines(media)]),
  ];
}

function mediaLines(media: readonly CatalogMedium[]): string[] {
  const columns = ['MEDIUM', 'WHAT', 'FOR', 'SIZE', 'FROM', 'VOUCHED FOR BY', 'UNATTENDED'].map((title) => ({
    title,
  }));
  const rows = media.map(({ id, name, architecture, bytes, source, page, host, verified, unattended }) => [
    plain(id),
    plain(name),
    architecture,
    bytes === null ? '' : formatSize(bytes),
    plain(
      { download: host ?? '', packages: "this PC's package sources", bring: `you: ${page ?? ''}` }[source],
    ),
    source === 'bring' ? '' : vouching[verified],
    unattended ?? '',
  ]);
  return textTable(columns, rows);
}

const vouching: Record<CatalogMedium['verified'], string> = {
  openpgp: 'signature (OpenPGP)',
  minisign: 'signature (minisign)',
  signify: 'signature (signify)',
  apt: 'apt',
  checksum: 'checksum over https',
  none: 'https only',
};

export const checkEntries: Run = async (context, input) => {
  const { client, output, json } = context;
  const refs = input.list('ENTRY');
  const task = await followTask(
    context,
    () => client.call('checkCatalog', { body: refs.length > 0 ? { refs: [...refs] } : {} }),
    'Stopped.',
  );
  const results = (task.outcome?.facts['results'] ?? []) as CheckedMedium[];
  if (json) output.json(results);
  else {
    const rows = results.map(({ entry, medium, file, bytes, signer, problem }) => [
      plain(`${entry}/${medium}`),
      problem === null ? 'ok' : 'DEAD',
      plain(problem ?? [file, bytes === null ? null : formatSize(bytes), signer].filter(Boolean).join(', ')),
    ]);
    textTable([{ title: 'MEDIUM' }, { title: '' }, { title: 'FOUND' }], rows).forEach(output.say);
    output.note(`\n${task.outcome?.text ?? ''}`);
  }
  const dead = results.filter(({ problem }) => problem !== null);
  if (dead.length > 0)
    throw new PhyllomeError('links-dead', {
      tested: results.length,
      dead: dead.length,
      names: dead.slice(0, 5).map(({ entry, medium }) => `${entry}/${medium}`),
    });
};

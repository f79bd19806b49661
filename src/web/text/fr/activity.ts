// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const activity: Messages['activity'] = {
  span: 'Période',
  spans: {
    minute: '1 minute',
    tenMinutes: '10 minutes',
    hour: '1 heure',
    sixHours: '6 heures',
    day: '1 jour',
  },
  cpu: 'Processeurs',
  memory: 'Mémoire',
  disks: 'Disques',
  diskRead: 'Lecture',
  diskWrite: 'Écriture',
  network: 'Réseau',
  networkReceive: 'Réception',
  networkSend: 'Envoi',
  processors: { one: 'processeur', other: 'processeurs' },
  ofProcessors: (count, processors) => `occupés, sur ${count} ${processors}`,
  guestHas: (size) => `de ce PC ; l’invité dispose de ${size}`,
  peak: (value) => `au plus ${value}`,
  notRunning: (state, time) => `${state} depuis ${time}. Les courbes montrent ce qui précède.`,
  asTable: 'Afficher en tableau',
  tableOf: (title) => `${title} sous forme de tableau`,
  time: 'Heure',
  summary: (label, now, peak, mean, running) =>
    `${label} : ${running ? `actuellement ${now}, ` : ''}au plus ${peak}, en moyenne ${mean}`,
  summaryNothing: (label) => `${label} : rien n’a été enregistré`,
  about:
    'La mémoire est celle que le VMM et ses auxiliaires prennent à ce PC ; l’invité peut en utiliser moins. Le dernier jour est conservé, et l’enregistrement continue quand cette page est fermée.',
  runs: {
    title: 'Ce qui la fait tourner',
    vmm: 'VMM',
    accelerator: 'Accélérateur',
    native: 'Le processeur de ce PC exécute lui-même l’invité : pleine vitesse.',
    emulated: 'Le processeur de l’invité est émulé : tout fonctionne, mais lentement.',
    why: 'Pourquoi ?',
    pid: 'Processus',
    since: 'En marche depuis',
  },
};

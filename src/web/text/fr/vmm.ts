// SPDX-License-Identifier: Apache-2.0
import type { Translation } from '../language.ts';
import type { vmm as english } from '../en/vmm.ts';

export const vmm: Translation<typeof english> = {
  names: {
    qemu: 'QEMU',
    'cloud-hypervisor': 'Cloud Hypervisor',
    crosvm: 'crosvm',
    firecracker: 'Firecracker',
  },
  features: {
    kvm: 'KVM (systèmes invités à pleine vitesse)',
    'foreign-architecture': 'Systèmes d’une autre architecture',
    windows: 'Windows',
    bios: 'BIOS',
    uefi: 'UEFI',
    'uefi-variables': 'Réglages UEFI conservés',
    'secure-boot': 'Secure Boot',
    'kernel-boot': 'Démarrage direct d’un noyau',
    micro: 'Micro-machines',
    tpm: 'TPM',
    qcow2: 'Disques au format qcow2',
    cdrom: 'Lecteur de CD',
    'disk-buses': 'Disques SATA, SCSI, NVMe et USB',
    'user-network': 'Réseau sans configuration',
    'port-forwards': 'Ports redirigés',
    bridge: 'Réseau par un pont',
    'serial-console': 'Console série',
    display: 'Écran',
    keyboard: 'Clavier',
    sound: 'Son',
    clipboard: 'Presse-papiers',
    'guest-agent': 'Agent invité',
    vsock: 'vsock',
    shares: 'Dossiers partagés',
    'pci-devices': 'Périphériques PCI de ce PC',
    'usb-devices': 'Périphériques USB de ce PC',
    balloon: 'Ballon de mémoire',
    pause: 'Pause',
    'power-button': 'Bouton d’alimentation',
    reset: 'Réinitialisation',
    'media-change': 'Changement de support en marche',
    'load-counters': 'Charge des disques et du réseau',
    sev: 'AMD SEV',
    'sev-es': 'AMD SEV-ES',
    'sev-snp': 'AMD SEV-SNP',
    tdx: 'Intel TDX',
    sgx: 'Intel SGX',
  },
  possible: { yes: 'Oui', partly: 'En partie', no: 'Non' },
  sources: {
    asked: 'Il le dit lui-même',
    version: 'Connu de cette version',
    designYes: 'Par conception',
    designNo: 'Impossible par conception',
    host: 'Constaté sur ce PC',
  },

  list: {
    title: 'VMM',
    about: 'Les programmes qui font tourner les machines. Un seul suffit ; chacun a son point fort.',
    notUsable: 'Inutilisable',
    get: 'Comment l’obtenir',
    can: 'Ce que chacun sait faire',
    canAbout: 'Ouvrez une ligne pour voir pourquoi, et d’où on le sait.',
    feature: 'Quoi',
    of: (architecture) => `Systèmes pour ${architecture}`,
  },

  runs: {
    title: 'Tourne sur',
    about:
      'Le VMM qui fera tourner cette machine dès son prochain démarrage. Les verdicts portent sur ce qui est enregistré.',
    auto: 'Automatique',
    autoTakes: (name) => `Le meilleur qui convient, choisi à chaque démarrage. Pour l’instant : ${name}.`,
    autoNone: 'Le meilleur qui convient, choisi à chaque démarrage. Pour l’instant, aucun ne convient.',
    autoAbout: 'Le meilleur qui convient, choisi à chaque démarrage.',
    abouts: {
      qemu: 'Sait tout faire : tous les systèmes, un écran, Windows.',
      'cloud-hypervisor': 'Léger, pour des serveurs sans écran.',
      crosvm: 'Des parties strictement séparées ; démarre directement un noyau.',
      firecracker: 'Démarre en un instant, avec le strict nécessaire.',
    },
    outcomes: { runs: 'Convient', 'runs-with-losses': 'Avec des pertes', cannot: 'Impossible' },
    judging: 'Examen en cours…',
    why: 'Pourquoi c’est impossible, et quoi changer',
    losses: (shown) => `Ce dont elle se passerait (${shown})`,
  },
  lacks: 'Elle se passe de',

  advanced: {
    title: 'Avancé',
    about: 'Carte mère, mémoire chiffrée et machines jetables',
    board: {
      label: 'Carte mère',
      choices: {
        standard: { label: 'Standard', about: 'Un PC entier.' },
        micro: {
          label: 'Micro',
          about:
            'Le moins de périphériques possible, pour des machines souvent lancées et vite arrêtées. Linux seulement.',
        },
      },
    },
    throwAway: {
      label: 'Jeter à l’arrêt',
      about: 'La machine et ses disques sont effacés dès qu’elle s’arrête, sans passer par la corbeille.',
    },
    confidential: {
      label: 'Mémoire chiffrée',
      choices: {
        none: { label: 'Non', about: 'Ce PC pourrait lire la mémoire du système invité.' },
        sev: { label: 'AMD SEV', about: 'Le processeur chiffre la mémoire du système invité.' },
        'sev-es': { label: 'AMD SEV-ES', about: 'L’état du processeur est chiffré aussi.' },
        'sev-snp': {
          label: 'AMD SEV-SNP',
          about: 'Ce PC ne peut pas non plus échanger de la mémoire sans que cela se voie.',
        },
        tdx: { label: 'Intel TDX', about: 'La même chose sur les processeurs d’Intel.' },
      },
    },
    sgx: {
      label: 'Enclaves SGX',
      about: 'Donne au système invité une part de la mémoire d’enclave de ce PC.',
    },
    epc: { label: 'Mémoire d’enclave', about: 'Prise sur celle de ce PC, pour le système invité.' },
  },
};

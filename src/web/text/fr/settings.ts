// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const settings: Messages['settings'] = {
  views: { label: 'Afficher sous forme de', forms: 'Formulaires', yaml: 'YAML', plan: 'Plan de lancement' },

  bar: {
    label: 'Modifications non enregistrées',
    changes: { one: 'modification', other: 'modifications' },
    count: (count, changes) => `${count} ${changes}`,
    nextStart: 'prend effet au prochain démarrage',
    mistakes: { one: 'erreur à corriger d’abord', other: 'erreurs à corriger d’abord' },
    save: 'Enregistrer',
    discard: 'Abandonner',
    saved: 'Enregistré',
    savedForNextStart: 'Enregistré pour le prochain démarrage',
  },
  conflict: {
    text: (keys) => `Modifié ailleurs entre-temps : ${keys}. Vous avez modifié la même chose.`,
    keepMine: 'Garder les miennes',
    takeTheirs: 'Prendre les leurs',
  },
  pending: (keys) => `Des modifications attendent le prochain démarrage : ${keys}.`,
  pendingHint: 'Éteignez la machine puis démarrez-la ; un redémarrage depuis l’invité ne suffit pas.',
  keys: {
    formatVersion: 'format',
    id: 'identifiant',
    name: 'nom',
    guestOs: 'système',
    architecture: 'architecture',
    cpu: 'processeurs',
    memory: 'mémoire',
    boot: 'micrologiciel',
    tpm: 'TPM',
    disks: 'disques',
    removable: 'lecteurs',
    nics: 'réseau',
    display: 'affichage',
    sound: 'son',
    clock: 'horloge',
    input: 'clavier et pointeur',
    serialPorts: 'port série',
    rng: 'entropie',
    balloon: 'ballon de mémoire',
    agent: 'agent invité',
    clipboard: 'presse-papiers',
    vsock: 'vsock',
    shares: 'dossiers partagés',
    devices: 'matériel réel',
    vmm: 'VMM',
    autostart: 'démarrage automatique',
    board: 'carte mère',
    confidential: 'mémoire chiffrée',
    sgx: 'SGX',
    encryption: 'disques chiffrés',
    schedule: 'calendrier',
    template: 'modèle',
    throwAway: 'mise au rebut',
  },
  problem: (found, allowed) => `Valeur trouvée : ${found}. Valeur admise : ${allowed}.`,
  between: (least, most) => `Une valeur de ${least} à ${most}.`,
  twice: 'La même chose existe déjà ailleurs.',
  add: 'Ajouter',
  remove: 'Retirer',
  none: 'Aucun pour l’instant',

  general: {
    title: 'Général',
    name: {
      label: 'Nom',
      about: 'Comment vous appelez la machine. L’invité ne le voit pas.',
      wrong: '1 à 100 caractères, sans « / », ni caractères de contrôle, ni espaces aux extrémités.',
    },
    nameTaken: 'Une autre machine porte déjà ce nom.',
    guestOs: {
      label: 'Système',
      about:
        'Identifiant court de ce qui y tourne, p. ex. debian13, win11 ou generic. Il ajuste des détails comme l’horloge.',
      wrong:
        'Lettres minuscules, chiffres, « . », « _ » et « - », en commençant par une lettre ou un chiffre.',
    },
    architecture: {
      label: 'Architecture',
      about:
        'Le processeur pour lequel l’invité est fait. S’il n’est pas celui de ce PC, il est émulé, lentement.',
    },
    autostart: {
      label: 'Démarrer automatiquement',
      about: 'Démarre avec le service, une fois ce PC allumé.',
    },
    order: { label: 'Place dans l’ordre', about: 'Les plus petits nombres démarrent d’abord.' },
    id: {
      label: 'Identifiant',
      about: 'Nom de son dossier et UUID du système vu par l’invité. Il ne change jamais.',
    },
    folder: 'Dossier',
  },

  resources: {
    title: 'Processeurs et mémoire',
    vcpus: {
      label: 'Processeurs',
      about: (threads, guests) =>
        `Ce PC a ${threads} fils d’exécution matériels, dont ${guests} pour les invités. Ils sont partagés, pas consommés.`,
    },
    topology: {
      label: 'Disposer les processeurs soi-même',
      about:
        'Seulement pour les systèmes licenciés par socket ou qui attendent une forme précise. Désactivé : un seul socket.',
      wrong: (vcpus) => `Sockets × cœurs × fils doivent donner ${vcpus}.`,
    },
    sockets: { label: 'Sockets', about: 'Boîtiers de processeur que voit l’invité.' },
    cores: { label: 'Cœurs', about: 'Cœurs dans chaque socket.' },
    threads: { label: 'Fils d’exécution', about: 'Fils sur chaque cœur.' },
    memory: {
      label: 'Mémoire',
      about: (host, reserve, free) =>
        `Ce PC a ${host} et en garde ${reserve}. À côté des autres machines en marche, ${free} sont disponibles maintenant.`,
      wrong: (least, most) => `Une taille de ${least} à ${most}, p. ex. 4 Gio.`,
      tooMuch: 'Plus que ce qui est disponible maintenant à côté des autres machines en marche.',
    },
    slider: 'Mémoire, au curseur',
  },

  firmware: {
    title: 'Micrologiciel',
    type: {
      label: 'Amorçage',
      choices: {
        uefi: {
          label: 'UEFI',
          about: 'Comme sur tous les PC actuels. Convient, sauf si le système est très ancien.',
        },
        bios: { label: 'BIOS', about: 'Pour les systèmes d’avant l’UEFI. x86-64 uniquement.' },
        kernel: {
          label: 'Noyau Linux',
          about: 'Le VMM charge lui-même un noyau, sans micrologiciel ni chargeur.',
        },
        'guest-kernel': {
          label: 'Noyau du système invité',
          about:
            'Le noyau de son premier disque, chargé par le VMM lui-même. Pour Linux, sur les VMM sans micrologiciel.',
        },
      },
    },
    secureBoot: {
      label: 'Secure Boot',
      about:
        'Seuls des chargeurs signés démarrent. Windows 11 le demande ; un noyau fait maison ne démarre pas avec.',
    },
    kernel: { label: 'Noyau', about: 'Fichier du noyau Linux.' },
    initrd: { label: 'Disque mémoire initial', about: 'Peut rester vide.' },
    commandLine: { label: 'Ligne de commande', about: 'Ce qui est dit au noyau.' },
    guestCommandLine: {
      label: 'Ligne de commande',
      about: 'Ce qui est dit au noyau. Vide : ce que dirait le chargeur d’amorçage du système invité.',
    },
    clock: {
      label: 'Horloge de la carte mère',
      choices: {
        auto: { label: 'Comme son système l’attend', about: 'L’heure locale pour Windows, sinon UTC.' },
        utc: { label: 'UTC', about: 'Linux, les BSD et la plupart des autres l’attendent ainsi.' },
        local: { label: 'Heure locale', about: 'Windows l’attend ainsi.' },
      },
    },
    tpm: {
      label: 'TPM',
      choices: {
        none: { label: 'Aucun', about: 'L’invité ne voit pas de TPM.' },
        emulated: {
          label: 'TPM 2.0 émulé',
          about: 'Pour BitLocker et Windows 11. Ses secrets sont dans le dossier de la machine.',
        },
        passthrough: {
          label: 'TPM de ce PC',
          about:
            'Pour une machine à la fois, qui peut aussi l’effacer. Ni instantanés ni sauvegardes ne contiennent ses secrets.',
        },
      },
    },
  },

  disks: {
    title: 'Disques',
    disk: (number) => `Disque ${number}`,
    about: (file, format) => `${file} · ${format}`,
    file: { label: 'Fichier', about: 'Dans le dossier de la machine, ou un chemin absolu.' },
    format: {
      label: 'Format',
      choices: {
        qcow2: { label: 'qcow2', about: 'Grandit à mesure qu’il se remplit, et permet des instantanés.' },
        raw: { label: 'raw', about: 'Le disque octet par octet ; un peu plus rapide.' },
      },
    },
    size: { label: 'Taille', about: 'Sert une fois, à la création du disque.' },
    bus: {
      label: 'Branché par',
      choices: {
        virtio: { label: 'VirtIO', about: 'Le plus rapide. Windows a besoin d’un pilote.' },
        scsi: {
          label: 'VirtIO SCSI',
          about: 'Presque aussi rapide, pour de nombreux disques. Windows a besoin d’un pilote.',
        },
        nvme: { label: 'NVMe', about: 'Rapide, et connu de tout système actuel.' },
        sata: { label: 'SATA', about: 'Fonctionne partout, mais lentement.' },
        usb: { label: 'USB', about: 'Comme une clé USB.' },
      },
    },
    cache: {
      label: 'Cache',
      choices: {
        writeback: {
          label: 'Écriture différée',
          about: 'La mémoire de ce PC accélère le disque ; ce que l’invité fait vider est à l’abri.',
        },
        none: {
          label: 'Aucun',
          about: 'Contourne la mémoire de ce PC : plus régulier, et la laisse aux autres.',
        },
        writethrough: {
          label: 'Écriture immédiate',
          about: 'Chaque écriture va aussitôt sur le disque : le plus sûr, lent.',
        },
        unsafe: {
          label: 'Sans garantie',
          about:
            'Ignore les demandes de vidage. Rapide, mais une coupure de courant peut détruire tout le disque.',
        },
      },
    },
    discard: {
      label: 'Espace libéré',
      choices: {
        unmap: { label: 'Rendre', about: 'Ce que l’invité supprime redevient libre sur ce PC.' },
        ignore: { label: 'Garder', about: 'Le fichier ne rétrécit jamais.' },
      },
    },
    readOnly: { label: 'Lecture seule', about: 'L’invité ne peut pas y écrire.' },
    serial: {
      label: 'Numéro de série',
      about: 'Permet à l’invité de retrouver le disque. Peut rester vide.',
      wrong: 'Au plus 20 lettres, chiffres, « - » et « _ ».',
    },
    boot: {
      label: 'Place dans l’ordre d’amorçage',
      about: '0 est essayé en premier. Vide : après tous ceux qui ont un numéro.',
    },
    remove: 'Retirer',
    removeAbout: 'Le fichier reste où il est.',
    add: 'Ajouter un disque',
    device: 'Utiliser un périphérique entier',
    deviceAbout: 'Un disque de ce PC, tout entier, au lieu d’un fichier.',
    chooseDevice: 'Choisir…',
    saveFirst: 'Enregistrez ou abandonnez d’abord les modifications.',
    addAbout: 'Un disque neuf et vide dans le dossier de la machine.',
  },

  drives: {
    title: 'Lecteurs amovibles',
    description: 'Les supports s’insèrent et s’éjectent aussitôt, même quand la machine est en marche.',
    drive: (number) => `Lecteur ${number}`,
    empty: 'Vide',
    insert: 'Insérer…',
    exchange: 'Échanger…',
    eject: 'Éjecter',
    saveFirst:
      'Enregistrez d’abord les modifications des lecteurs ; les supports pourront ensuite être échangés.',
    bus: {
      label: 'Branché par',
      choices: {
        sata: { label: 'SATA', about: 'Tout système peut s’amorcer dessus.' },
        scsi: { label: 'VirtIO SCSI', about: 'Pour les invités sans contrôleur SATA.' },
        usb: { label: 'USB', about: 'Comme un lecteur externe.' },
      },
    },
    detach: {
      label: 'Retirer le support',
      choices: {
        never: { label: 'Jamais de lui-même', about: 'Il reste jusqu’à ce que vous l’éjectiez.' },
        'after-install': {
          label: 'Après l’installation',
          about: 'Dès qu’un système a été installé avec lui sur le premier disque.',
        },
      },
    },
    remove: 'Retirer le lecteur',
    add: 'Ajouter un lecteur',
    addAbout: 'Un lecteur de CD vide.',
  },

  network: {
    title: 'Réseau',
    card: (number) => `Carte réseau ${number}`,
    type: {
      label: 'Connexion',
      choices: {
        user: {
          label: 'À travers ce PC',
          about:
            'L’invité accède au réseau par ce PC. De l’extérieur, seuls les ports redirigés l’atteignent.',
        },
        bridge: {
          label: 'Pont',
          about: 'L’invité est sur votre réseau comme un PC à part entière. Il faut un pont sur ce PC.',
        },
        none: { label: 'Sans câble', about: 'Il y a une carte, mais rien n’y est branché.' },
      },
    },
    model: {
      label: 'Modèle',
      choices: {
        virtio: { label: 'VirtIO', about: 'Le plus rapide. Windows a besoin d’un pilote.' },
        e1000e: { label: 'Intel e1000e', about: 'Connu de tout système, plus lent.' },
      },
    },
    mac: {
      label: 'Adresse MAC',
      about: 'Vide : tirée de l’identifiant de la machine, toujours la même.',
      wrong: 'Comme 52:54:00:12:34:56 : six paires en minuscules, le deuxième chiffre pair.',
    },
    bridge: {
      label: 'Pont',
      about: 'Nom du pont de ce PC, p. ex. br0.',
      wrong: '1 à 15 lettres, chiffres, « . », « _ » ou « - ».',
    },
    forwards: 'Ports redirigés',
    forwardsAbout: 'Les programmes de ce PC atteignent l’invité par eux, p. ex. le port 2222 pour SSH.',
    forward: (number) => `Port redirigé ${number}`,
    protocol: 'Protocole',
    hostAddress: 'Écoute sur',
    hostPort: 'Port ici',
    guestPort: 'Port dans l’invité',
    privately: 'ce PC seulement',
    openly: 'tout le réseau',
    wrongAddress: 'Une adresse IPv4, p. ex. 127.0.0.1 (ce PC seulement) ou 0.0.0.0 (tout le réseau).',
    wrongPort: 'Un port est un nombre de 1 à 65535.',
    addForward: 'Rediriger un port',
    remove: 'Retirer la carte',
    add: 'Ajouter une carte réseau',
  },

  desk: {
    title: 'Affichage, son et saisie',
    display: {
      label: 'Affichage',
      choices: {
        vnc: { label: 'Sur cette page', about: 'L’écran se voit et s’utilise sur cette page.' },
        none: { label: 'Aucun', about: 'Pour les serveurs : seulement la console.' },
      },
    },
    device: {
      label: 'Carte graphique',
      choices: {
        virtio: { label: 'VirtIO', about: 'La meilleure pour Linux, et pour Windows avec son pilote.' },
        vga: { label: 'VGA', about: 'Fonctionne partout, avec peu de résolutions.' },
        qxl: { label: 'QXL', about: 'Pour d’anciens systèmes qui en ont le pilote.' },
      },
    },
    sound: {
      label: 'Son',
      choices: {
        none: { label: 'Aucun', about: 'Pas de carte son.' },
        hda: { label: 'Intel HD Audio', about: 'Connu de tout système.' },
        virtio: { label: 'VirtIO', about: 'Pour les Linux récents.' },
      },
    },
    input: {
      label: 'Clavier et pointeur',
      choices: {
        usb: { label: 'USB', about: 'Le pointeur entre et sort librement. Convient presque toujours.' },
        virtio: {
          label: 'VirtIO',
          about: 'La même chose avec moins de travail pour ce PC. Linux uniquement.',
        },
        ps2: { label: 'PS/2', about: 'Pour de très anciens systèmes ; le pointeur peut s’écarter du vôtre.' },
      },
    },
    clipboard: {
      label: 'Presse-papiers partagé',
      about: 'Copier et coller entre ce PC et l’invité, si spice-vdagent y tourne.',
    },
  },

  channels: {
    title: 'Ports et auxiliaires',
    serialPort: {
      label: 'Port série',
      about: 'La console de l’invité, où paraissent ses messages d’amorçage.',
    },
    agent: {
      label: 'Agent invité',
      about: 'Permet à l’invité de dire qu’il est prêt. Installez-y qemu-guest-agent.',
    },
    rng: { label: 'Entropie', about: 'Des nombres aléatoires de ce PC : les clés se font sans attendre.' },
    balloon: { label: 'Ballon de mémoire', about: 'Rend la mémoire que l’invité n’utilise pas.' },
    vsock: {
      label: 'vsock',
      about: 'Une ligne directe entre les programmes de ce PC et de l’invité, sans réseau.',
    },
    cid: { label: 'Identifiant de contexte', about: 'L’adresse sur cette ligne ; unique sur ce PC.' },
  },

  shares: {
    title: 'Dossiers partagés',
    share: (number) => `Dossier ${number}`,
    description: 'Des dossiers de ce PC que l’invité monte avec : mount -t virtiofs NOM /mnt',
    tag: {
      label: 'Nom',
      about: 'Sous lequel l’invité le monte.',
      wrong: '1 à 35 lettres, chiffres, « . », « _ » ou « - ».',
    },
    path: { label: 'Dossier', about: 'Chemin absolu sur ce PC.' },
    readOnly: { label: 'Lecture seule', about: 'L’invité ne peut rien y modifier.' },
    remove: 'Cesser de partager',
    add: 'Partager un dossier',
  },
  hardware: {
    title: 'Matériel réel',
    description: 'Compris et conservé, mais pas encore donné aux invités.',
    device: (number) => `Périphérique ${number}`,
    kind: {
      label: 'Genre',
      choices: {
        address: { label: 'PCI, par son emplacement', about: 'Ce qui se trouve à cet emplacement de ce PC.' },
        model: {
          label: 'PCI, par son modèle',
          about: 'Tout périphérique de ce fabricant et modèle, sur chaque PC.',
        },
        usb: { label: 'USB', about: 'Un périphérique USB de ce fabricant et modèle.' },
      },
    },
    address: { label: 'Adresse PCI', about: 'Telle que lspci -D l’affiche.', wrong: 'Comme 0000:01:00.0.' },
    vendor: {
      label: 'Fabricant',
      about: 'Identifiant du fabricant, quatre chiffres hexadécimaux.',
      wrong: 'Quatre chiffres 0–9 et a–f.',
    },
    model: {
      label: 'Modèle',
      about: 'Identifiant du périphérique ; vide : n’importe lequel de ce fabricant.',
      wrong: 'Quatre chiffres 0–9 et a–f.',
    },
    product: {
      label: 'Produit',
      about: 'Identifiant du produit, quatre chiffres hexadécimaux.',
      wrong: 'Quatre chiffres 0–9 et a–f.',
    },
    remove: 'Retirer le souhait',
    add: 'Souhaiter un périphérique',
  },

  yaml: {
    label: 'La définition, telle qu’elle figure dans machine.yaml',
    about: 'Les commentaires sont conservés. Rien n’est enregistré tant que tout n’est pas juste.',
    save: 'Enregistrer',
    revert: 'Abandonner',
    unsaved: 'Non enregistré',
    notSaved: 'Rien n’a été enregistré : corrigez d’abord les erreurs',
    mistakes: 'Erreurs',
    changed: 'Le fichier a été modifié ailleurs entre-temps.',
    keepMine: 'Le remplacer par le mien',
    takeTheirs: 'Afficher ce qu’il est maintenant',
    line: (line) => `Ligne ${line}`,
    forms: 'Les modifications des formulaires ne sont pas enregistrées et ne figurent pas dans ce texte.',
  },
  broken: 'Cette machine est inutilisable tant que sa définition n’est pas juste :',
  plan: {
    about:
      'Ce que ferait un démarrage maintenant : chaque processus, argument et fichier. Rien n’en est caché, rien ne passe par un shell.',
    decisions: 'Ce qui a été décidé',
    processes: 'Processus',
    helper: (name) => `Auxiliaire ${name}`,
    vmm: (name, version) => `${name} ${version}`,
    log: (file) => `Sa sortie va dans ${file}`,
    copy: (name) => `Copier la commande de ${name}`,
    files: 'Fichiers',
    made: (template) => `Fait à partir de ${template} avant le premier démarrage`,
    pipe: 'Créé comme tube nommé',
    folder: 'Dossier, créé s’il manque',
    runFolder: 'Sockets ; disparaît quand la machine s’arrête',
  },
};

// SPDX-License-Identifier: Apache-2.0

/** The error list of contract/errors.ts in French; errors.test.ts holds the two against each other. */
export const errors: Readonly<Record<string, { message: string; hint: string }>> = {
  // ---- requests -------------------------------------------------------------------------------
  'bad-request': {
    message: 'La requête est incompréhensible : {reason}.',
    hint: 'Comparez-la à la description de l’API, à l’adresse /api/v1/openapi.json.',
  },
  'not-authorised': {
    message: 'Cette requête ne porte pas de jeton valable.',
    hint: 'Lancez « phyllome open » pour obtenir un lien qui connecte ce navigateur.',
  },
  'origin-refused': {
    message: 'Une requête de {origin} pour {host} est refusée : seule la page de ce service peut l’appeler.',
    hint: 'Ouvrez la page avec « phyllome open » et utilisez l’adresse affichée.',
  },
  'not-found': {
    message: 'Il n’y a rien à l’adresse {path}.',
    hint: 'La description de l’API, à l’adresse /api/v1/openapi.json, donne toutes les adresses.',
  },
  'service-unreachable': {
    message: 'Le service Phyllome ne répond pas sur {socket}.',
    hint: 'Démarrez-le avec « phyllome up » ; son journal est {log}.',
  },
  'service-start-failed': {
    message: 'Le service Phyllome s’est arrêté pendant son démarrage : {reason}',
    hint: 'Son journal est {log}.',
  },
  'service-already-running': {
    message: 'Un autre service Phyllome (processus {pid}) s’occupe déjà de {directory}.',
    hint: 'Utilisez celui-là, ou arrêtez-le d’abord avec « phyllome down ».',
  },
  'port-taken': {
    message: 'L’adresse {address} est déjà utilisée par un autre programme.',
    hint: 'Choisissez un autre port avec « phyllome up --port NUMÉRO ».',
  },
  'unsafe-directory': {
    message: '{directory} n’est pas digne de confiance : {reason}.',
    hint: 'Faites-en un dossier à vous, de mode 0700, ou désignez-en un par XDG_RUNTIME_DIR.',
  },
  'usage-error': {
    message: '{reason}',
    hint: 'Lancez « phyllome {command}--help » pour voir les options et des exemples.',
  },
  'internal-error': {
    message: 'Phyllome a commis une erreur : {reason}',
    hint: 'C’est un défaut de notre part. « phyllome logs --service » en donne les détails pour un rapport.',
  },

  // ---- definitions ----------------------------------------------------------------------------
  'definition-unreadable': {
    message: 'La définition n’est pas du YAML valable : {reason}',
    hint: 'Corrigez-la à la ligne {line} ; rien n’a été modifié.',
  },
  'definition-invalid': {
    message: 'La définition contient {count} erreur(s) : {summary}',
    hint: 'Corrigez les valeurs citées ; rien n’a été modifié. docs/machine-definition.md explique chaque clé.',
  },
  'definition-too-new': {
    message: 'La définition a le formatVersion {found} ; ce Phyllome comprend jusqu’à {known}.',
    hint: 'Mettez Phyllome à jour, ou utilisez la version qui a écrit ce fichier.',
  },
  'definition-changed': {
    message: 'La définition de {name} a été modifiée par quelqu’un d’autre entre-temps.',
    hint: 'Rechargez-la et refaites votre modification ; rien n’a été écrasé.',
  },
  'name-invalid': {
    message: 'Le nom {name} est inutilisable : {reason}.',
    hint: 'Un nom a de 1 à 100 caractères ; tout y est permis, sauf « / » et les caractères de contrôle.',
  },
  'name-taken': {
    message: 'Une machine nommée {name} existe déjà.',
    hint: 'Choisissez un autre nom, ou renommez l’autre machine avec « phyllome rename ».',
  },

  // ---- machines -------------------------------------------------------------------------------
  'machine-not-found': {
    message: 'Il n’y a pas de machine {ref}.',
    hint: '« phyllome list » montre toutes les machines, « phyllome list --bin » celles qui sont supprimées.',
  },
  'machine-ambiguous': {
    message: '{ref} convient à plusieurs machines : {matches}.',
    hint: 'Donnez le nom entier ou l’identifiant entier.',
  },
  'machine-broken': {
    message: 'La machine {name} est inutilisable : {reason}',
    hint: 'Corrigez {file} avec un éditeur, ou supprimez la machine (elle va à la corbeille).',
  },
  'machine-state': {
    message: '{name} est dans l’état « {state} » ; cette action n’est pas possible maintenant : {verb}.',
    hint: '{next}',
  },
  'machine-in-use': {
    message: 'Un autre processus fait déjà tourner {name} (il tient {lock}).',
    hint: 'Arrêtez la machine là où elle tourne, peut-être sous un autre utilisateur ou service, puis réessayez.',
  },
  'machine-vanished': {
    message: 'Le dossier de {name} a disparu : {directory}.',
    hint: 'Remettez le dossier en place. Si la machine tourne encore, sauvez ses données de l’intérieur avant de l’arrêter.',
  },
  'bin-entry-not-found': {
    message: 'Il n’y a pas de machine supprimée {ref} dans la corbeille.',
    hint: '« phyllome list --bin » montre ce qui peut être restauré.',
  },
  'machine-needed': {
    message: '{name} ne peut pas être effacée : {users} a besoin de son fichier {file}.',
    hint: 'Effacez d’abord cette machine-là, ou donnez-lui son propre disque (« qemu-img convert » en fait un). Rien n’a été effacé.',
  },
  'bin-not-emptied': {
    message: 'Impossible à effacer : {count}. {name} : {reason}',
    hint: 'Le reste de ce qui était nommé est effacé. « phyllome bin » montre ce qui reste.',
  },
  'machine-template': {
    message: '{name} est un modèle : action impossible ({verb}).',
    hint: 'Faites-en une machine avec « phyllome clone NOM NOUVEAU », ou mettez-y fin avec « phyllome template NOM --off ».',
  },
  'enrolment-refused': {
    message: 'Impossible d’ajouter des certificats au micrologiciel de {name} : {reason}.',
    hint: '{next}',
  },
  'clone-not-linked': {
    message: '{name} ne peut pas être clonée instantanément : {reason}.',
    hint: 'Faites plutôt une copie complète : « phyllome clone NOM NOUVEAU --full ». Rien n’a été modifié.',
  },
  'disk-shared': {
    message:
      '{file} a {links} noms : ce qu’un invité y écrirait changerait aussi partout où les autres sont utilisés.',
    hint: 'Donnez à la machine son propre fichier (« cp --sparse=always FICHIER COPIE », puis « mv COPIE FICHIER »), ou mettez readOnly pour le disque.',
  },
  'drive-missing': {
    message: '{name} n’a pas de lecteur {drive} : elle en a {count}.',
    hint: 'Les lecteurs sont les entrées de « removable » dans sa définition, comptées depuis 0. « phyllome edit » en ajoute un.',
  },
  'guest-ignored-power-button': {
    message: '{name} ne s’est pas éteinte dans les {seconds} secondes après l’appui sur son bouton.',
    hint: 'Éteignez-la de l’intérieur, ou coupez son courant avec « phyllome stop --force ».',
  },
  'guest-not-ready': {
    message: '{name} tourne, mais son invité n’a pas dit qu’il est prêt en {seconds} secondes.',
    hint: 'Regardez-la avec « phyllome console » ou « phyllome screenshot » ; il ne lui faut peut-être que du temps.',
  },

  // ---- running --------------------------------------------------------------------------------
  'no-vmm': {
    message: 'Aucun VMM de ce PC ne peut faire tourner {name} : {reasons}',
    hint: '{next}',
  },
  'vmm-missing': {
    message: '{binary} n’est pas installé.',
    hint: 'Lancez « phyllome setup », ou installez-le avec : {install}',
  },
  'vmm-not-found': {
    message: '{vmm} n’est pas installé : il n’y a pas de programme {program} dans {looked}.',
    hint: 'Placez le programme ({source}) dans l’un de ces dossiers, ou désignez le dossier où il se trouve : phyllome vmms --folder FOLDER',
  },
  'vmm-folder-refused': {
    message: '{directory} ne peut pas être le dossier des VMM : {reason}.',
    hint: 'Désignez par son chemin absolu un dossier qui vous appartient ou appartient à root et où personne d’autre ne peut écrire (chmod go-w) : les programmes qu’il contient sont exécutés.',
  },
  'verb-unsupported': {
    message: '{vmm}, sur lequel tourne {name}, ne le permet pas : {verb}.',
    hint: '« phyllome vmms » montre quel VMM le peut. « phyllome switch » fait passer une machine à un autre.',
  },
  'vmm-too-old': {
    message: '{binary} est en version {found} ; il faut {needed} ou plus récent.',
    hint: 'Mettez-le à jour depuis votre distribution (sous Debian : la suite backports).',
  },
  'vmm-probe-failed': {
    message: '{binary} ne répond pas aux questions sur lui-même : {reason}',
    hint: 'Essayez « {binary} --version » dans un terminal ; réinstaller le paquet le répare d’ordinaire.',
  },
  'vmm-start-failed': {
    message: '{vmm} n’a pas pu démarrer {name} : {reason}',
    hint: '« phyllome logs {name} --source vmm » montre tout le journal ; « phyllome start --dry-run » montre ce qui est exécuté.',
  },
  'vmm-no-answer': {
    message: 'Le VMM de {name} n’a pas répondu à « {command} » en {seconds} secondes.',
    hint: 'Un stockage lent le bloque peut-être ; attendez, ou coupez le courant avec « phyllome stop --force ».',
  },
  'vmm-refused': {
    message: 'Le VMM a refusé « {command} » : {reason}',
    hint: 'Voyez « phyllome logs » de cette machine avec --source vmm.',
  },
  'vmm-lacks': {
    message: '{vmm} ne sait pas faire cela pendant que {name} tourne : {verb}.',
    hint: 'Arrêtez d’abord la machine, puis réessayez.',
  },
  'vmm-gone': {
    message: 'Le VMM de {name} a disparu : {reason}',
    hint: 'Redémarrez la machine avec « phyllome start ».',
  },
  'helper-failed': {
    message: 'L’auxiliaire {helper} de {name} s’est arrêté avant que la machine ait pu démarrer : {reason}',
    hint: 'Son journal s’affiche avec « phyllome logs {name} --source {helper} ».',
  },
  'budget-memory': {
    message:
      '{name} a besoin de {needs} de mémoire ({memory} et {overhead} pour son VMM), mais sur les {guests} que les invités peuvent utiliser sur ce PC, il reste {free}.',
    hint: '{offers}',
  },
  'budget-processors': {
    message:
      '{name} a {vcpus} processeurs, mais une machine peut en avoir au plus {most} sur ce PC : il garde {reserve} de ses {threads} fils d’exécution.',
    hint: '{offers}',
  },
  'memory-in-use': {
    message:
      '{name} a besoin de {needs} de mémoire ({memory} et {overhead} pour son VMM), mais d’autres programmes occupent tant de ce PC que seuls {available} sont disponibles. Il manquerait de mémoire.',
    hint: '{offers}',
  },
  'reserve-too-large': {
    message:
      'Ce PC ne peut pas garder {reserve} pour lui : il a {host}, et il faut au moins {least} aux invités.',
    hint: 'Choisissez moins ; « phyllome budget » montre ce qu’il y a. Rien n’a été modifié.',
  },
  'settings-invalid': {
    message: 'Les réglages dans {file} sont incompréhensibles : {reason}.',
    hint: 'Corrigez le fichier avec un éditeur, ou supprimez-le pour revenir aux valeurs par défaut. docs/budget.md explique ce qui peut y figurer.',
  },
  'firmware-missing': {
    message:
      'Aucun micrologiciel UEFI pour {architecture}{secureBoot} n’est installé (cherché dans {looked}).',
    hint: 'Lancez « phyllome setup », ou installez-le avec : {install}',
  },
  'micro-cut-off': {
    message: 'La machine s’est arrêtée avant sa commande : {reason}',
    hint: 'Si elle manquait de mémoire, donnez-lui-en plus avec --memory. « phyllome run --micro IMAGE -- true » montre si une image fonctionne.',
  },
  'micro-image-invalid': {
    message: '{image} ne peut pas devenir une micro-machine : {reason}.',
    hint: 'Il faut un système de fichiers racine (un dossier ou une archive tar) ou une image de conteneur. docs/micro.md en dit plus.',
  },
  'tool-missing': {
    message: '{tool} n’est pas installé, et il est nécessaire pour : {purpose}.',
    hint: 'Lancez « phyllome setup », ou installez-le avec : {install}',
  },
  'host-port-taken': {
    message:
      'Le port {port} ({protocol}) de ce PC est déjà utilisé ; il ne peut pas être redirigé vers {name}.',
    hint: 'Changez la redirection avec « phyllome edit », ou arrêtez le programme qui utilise ce port.',
  },
  'display-none': {
    message: '{name} n’a pas d’affichage.',
    hint: 'Donnez-lui-en un avec « phyllome edit » (display.type: vnc), ou utilisez « phyllome console ».',
  },
  'serial-none': {
    message: '{name} n’a pas de port série.',
    hint: 'Donnez-lui-en un avec « phyllome edit » (serialPorts: 1), ou utilisez son affichage.',
  },
  'keyboard-none': {
    message: '{name} n’a pas de clavier.',
    hint: 'Un clavier vient avec un affichage : réglez display.type sur vnc avec « phyllome edit ». « phyllome console » tape dans son port série.',
  },
  'keys-missing': {
    message: 'Il n’y a aucune touche à presser.',
    hint: 'Nommez une à huit touches, p. ex. ctrl alt delete. docs/keys.md donne leurs noms.',
  },
  'key-unknown': {
    message: 'Il n’y a pas de touche {key}.{near}',
    hint: 'Rien n’a été pressé. docs/keys.md donne les noms de toutes les touches.',
  },
  'key-unsupported': {
    message: 'Le VMM de {name} n’a pas de touche {key}.',
    hint: 'Rien n’a été pressé. Une version plus récente du VMM l’a peut-être.',
  },
  'text-untypable': {
    message: 'Aucune touche d’un clavier américain ne tape {characters}.',
    hint: 'Rien n’a été tapé. Omettez ces caractères, ou collez le texte par le presse-papiers de l’écran.',
  },
  'typing-interrupted': {
    message: 'Seuls {typed} caractères sur {total} ont été tapés dans {name} : {reason}',
    hint: 'Regardez son écran avant de taper le reste.',
  },
  'guest-agent-failed': {
    message: 'L’agent dans l’invité de {name} ne répond pas : {reason}.',
    hint: 'Installez qemu-guest-agent dans l’invité, ou redémarrez-l’y.',
  },

  // ---- files ----------------------------------------------------------------------------------
  'file-missing': {
    message: 'Fichier absent ({what}) : {file}.',
    hint: 'Remettez-le en place, ou retirez-le de la définition avec « phyllome edit ».',
  },
  'answers-gone': {
    message:
      'Les réponses pour l’installation de {name} ont disparu : elles ne sont que dans la mémoire de ce PC, qui a redémarré.',
    hint: 'Supprimez la machine et recommencez l’installation.',
  },
  'install-failed': {
    message: 'L’installation de {system} dans {name} a échoué : {reason}',
    hint: 'La machine reste telle quelle. Regardez-la avec « phyllome open » ou « phyllome logs {name} --source serial », ou supprimez-la avec « phyllome delete {name} » et recommencez.',
  },
  'answers-unusable': {
    message: 'Ces réponses ne conviennent pas : {reason}',
    hint: 'Modifiez-les et réessayez.',
  },
  'unattended-unknown': {
    message: '{what} ne peut pas être installé sans questions : {reason}',
    hint: 'Retirez --unattended et répondez aux questions de l’installateur, ou choisissez un autre support.',
  },
  'file-exists': {
    message: 'Ce fichier existe déjà ({what}) : {file}.',
    hint: 'Rien n’a été modifié. Choisissez un autre nom, ou déplacez d’abord l’ancien fichier.',
  },
  'file-unreadable': {
    message: 'Fichier inutilisable ({what}) : {file}. Raison : {reason}.',
    hint: 'Vérifiez ses droits ; Phyllome tourne sous votre nom et ne change jamais le propriétaire de vos fichiers.',
  },
  'disk-format-mismatch': {
    message: 'Le disque {file} est annoncé comme {declared}, mais son contenu est {found}.',
    hint: 'Si vous savez d’où il vient, corrigez « format » avec « phyllome edit ». Phyllome ne devine jamais : un invité pourrait tromper.',
  },
  'disk-damaged': {
    message: 'Le disque {file} est endommagé : {reason}.',
    hint: 'Ne le démarrez pas. Faites-en d’abord une copie, puis essayez « qemu-img check -r all » sur la copie.',
  },
  'passphrase-needed': {
    message: 'Les disques de {name} sont chiffrés, et leur phrase secrète est nécessaire{reason}.',
    hint: 'Saisissez-la quand « phyllome » la demande dans un terminal, ou donnez --passphrase-file FICHIER (« - » lit l’entrée standard).',
  },
  'passphrase-wrong': {
    message: 'Cette phrase secrète n’ouvre pas les disques de {name}.',
    hint: 'Réessayez ; rien n’a été fait. Attention à la disposition du clavier et au verrouillage des majuscules.',
  },
  'passphrase-weak': {
    message: 'Cette phrase secrète ne convient pas : il lui faut de {shortest} à {longest} caractères.',
    hint: 'Quelques mots sans rapport entre eux conviennent bien et se retiennent.',
  },
  'key-holder-unavailable': {
    message: 'Le détenteur « {holder} » ne peut ni garder ni donner la clé des disques : {reason}.',
    hint: '{next}',
  },
  'machine-encrypted': {
    message: '{name} est chiffrée, l’opération est donc refusée : {what}.',
    hint: 'Ce qu’elle écrirait serait lisible par tous. « phyllome decrypt » met fin au chiffrement ; docs/encryption.md en dit plus.',
  },
  'machine-not-encrypted': {
    message: '{name} n’est pas chiffrée.',
    hint: 'Chiffrez ses disques avec « phyllome encrypt ».',
  },
  'disk-not-encrypted': {
    message: 'Le disque {file} de {name} n’est pas chiffré, alors que la machine doit l’être.',
    hint: 'Lancez « phyllome encrypt » : il chiffre les disques qui ne le sont pas encore.',
  },
  'disk-key-missing': {
    message: 'Le disque {file} de {name} est chiffré ; cause : {reason}.',
    hint: '{next}',
  },
  'encryption-refused': {
    message: 'Les disques de {name} ne peuvent pas changer de chiffrement ({done}) : {reason}.',
    hint: '{next}',
  },
  'encryption-failed': {
    message: 'Le chiffrement des disques de {name} n’a pas pu changer ({done}) : {reason}',
    hint: 'La machine est comme avant. {next}',
  },
  'disk-in-use': {
    message: 'Le disque {file} est utilisé par un autre programme.',
    hint: 'Arrêtez l’autre machine ou le programme qui l’a ouvert, puis réessayez.',
  },
  'disk-outside': {
    message: 'Le disque {file} s’appuie sur {target}, à l’extérieur.',
    hint: 'Un disque ne peut s’appuyer que sur des fichiers du dossier de sa machine. Aplatissez-le d’abord : qemu-img convert.',
  },
  'disk-used': {
    message: '{file} est déjà un disque de {machines}.',
    hint: 'Des machines qui écrivent sur le même disque le détruisent. Faites-en plutôt une copie (« phyllome create --disk FILE --copy »).',
  },
  'disk-base-missing': {
    message: 'Le disque {file} repose sur {base}, qui a disparu.',
    hint: 'Remettez {base} à sa place : il contient une partie du disque. Sans lui, rien ne peut en être lu.',
  },
  'disk-not-found': {
    message: '{name} n’a pas de disque {disk}. {known}',
    hint: '« phyllome disk NOM » donne les disques d’une machine. Un disque est désigné par son numéro ou son fichier.',
  },
  'disk-shrink': {
    message:
      'Le disque {file} fait {size} et ne peut pas être réduit à {wanted} : ce que le système invité garde au-delà serait perdu.',
    hint: 'Donnez une taille plus grande. Pour un disque plus petit, ajoutez-en un et copiez les fichiers dans le système invité.',
  },
  'disk-refused': {
    message: 'Opération impossible sur le disque {file} ({verb}) : {reason}.',
    hint: '{next}',
  },
  'device-refused': {
    message: '{file} ne peut pas être le disque d’une machine : {reason}.',
    hint: '{next}',
  },
  'disk-too-small': {
    message: 'Le disque dans {file} fait {size} ; sa copie ne peut donc pas faire {wanted}.',
    hint: 'Omettez la taille pour la garder, ou donnez-en une plus grande.',
  },
  'medium-unsuitable': {
    message: '{file} ne convient pas (usage : {use}) : {reason}.',
    hint: '{next}',
  },
  'guest-kernel-missing': {
    message:
      'Le système invité sur {file} n’a pas de noyau qui puisse être démarré directement. Cherché : {looked}.',
    hint: 'Mettez boot.type à uefi ou bios pour démarrer le chargeur de l’invité, ou installez d’abord un système. docs/switch.md dit ce qui est trouvé.',
  },
  'guest-disk-unreadable': {
    message: 'Les fichiers du disque de l’invité {file} sont illisibles : {reason}.',
    hint: 'Seuls les disques bruts (raw) peuvent être lus pour leur noyau ; « phyllome switch » les convertit. Si l’invité a été arrêté brutalement, démarrez-le une fois par son chargeur (boot.type: uefi) pour qu’il répare son système de fichiers.',
  },
  'switch-refused': {
    message: '{name} ne peut pas passer à {vmm} : {reasons}',
    hint: 'Rien n’a été changé. {next}',
  },
  'switch-failed': {
    message: '{name} n’a pas pu passer à {vmm} : {reason}',
    hint: 'Tout est comme avant. {next}',
  },
  'save-refused': {
    message: '{name} ne peut pas être enregistrée : {reason}.',
    hint: '{next}',
  },
  'save-failed': {
    message: '{name} n’a pas pu être enregistrée : {reason}',
    hint: 'Elle continue comme avant. {next}',
  },
  'saved-unusable': {
    message: 'La mémoire enregistrée de {name} n’est pas utilisable : {reason}.',
    hint: 'Rien n’est perdu pour autant. Si elle ne peut être réparée, « phyllome start {name} --discard-saved » la jette et démarre la machine comme après une coupure de courant.',
  },
  'machine-saved': {
    message:
      '{name} est enregistrée, et sa mémoire ne va qu’avec son matériel tel qu’il est : {keys} ne peut pas être modifié maintenant.',
    hint: 'Démarrez-la puis éteignez-la d’abord, ou jetez sa mémoire avec « phyllome start {name} --discard-saved ».',
  },
  'switch-nothing-back': {
    message: '{name} n’a pas changé de VMM ; il n’y a donc rien à quoi revenir.',
    hint: '« phyllome switch {name} VMM » la fait changer.',
  },
  'no-space': {
    message: 'Il n’y a plus de place pour {what} dans {directory}.',
    hint: 'Libérez de la place et réessayez ; rien n’est resté à moitié fait.',
  },

  // ---- backups --------------------------------------------------------------------------------
  'backup-not-found': {
    message: 'Il n’y a pas de sauvegarde {id} de {name} dans {folder}.',
    hint: '« phyllome backup list NOM » affiche les sauvegardes d’une machine, avec --from celles d’un dossier.',
  },
  'backup-folder-none': {
    message: '{name} n’a pas de dossier pour ses sauvegardes.',
    hint: 'Indiquez-en un, de préférence sur un autre disque : « phyllome backup NOM --to DOSSIER », ou --from DOSSIER pour en lire un.',
  },
  'backup-folder-refused': {
    message: 'Le dossier {folder} ne peut pas servir aux sauvegardes : {reason}.',
    hint: 'Branchez son disque, ou indiquez un autre dossier.',
  },
  'backup-busy': {
    message: 'Quelqu’un d’autre travaille sur les sauvegardes dans {directory}.',
    hint: 'Attendez la fin de ce travail, peut-être sous un autre utilisateur ou service, puis réessayez.',
  },
  'backup-damaged': {
    message: 'La sauvegarde {id} est inutilisable : {reason}.',
    hint: 'Utilisez-en une autre. « phyllome backup verify NOM » les examine toutes.',
  },
  'backup-needed': {
    message: 'La sauvegarde {id} ne peut pas être supprimée : {users} a besoin de son contenu.',
    hint: 'Supprimez d’abord celles-ci.',
  },
  'snapshot-layers': {
    message:
      'Un instantané automatique de plus empilerait trop de couches sur le disque {file} de {name} ({layers} à présent).',
    hint: 'Arrêtez la machine une fois : les couches inutiles sont fusionnées pendant qu’elle est éteinte.',
  },
  'backup-failed': {
    message: 'La sauvegarde de {name} dans {folder} a échoué : {reason}',
    hint: 'Les sauvegardes précédentes sont intactes. Examinez le disque, puis réessayez.',
  },

  // ---- snapshots ---------------------------------------------------------------------------------
  'snapshot-not-found': {
    message: '{name} n’a pas d’instantané {ref}.',
    hint: '« phyllome snapshot list » montre ceux qu’elle a.',
  },
  'snapshot-ambiguous': {
    message: 'Plusieurs instantanés de {name} s’appellent {ref}.',
    hint: 'Utilisez l’identifiant : {matches}.',
  },
  'snapshot-disk': {
    message: 'Un instantané de {name} ne peut contenir son disque {file} : {reason}.',
    hint: 'Déplacez le disque dans disks/, dans le dossier de la machine, et nommez-le ainsi dans sa définition, ou mettez-le en lecture seule (readOnly).',
  },
  'snapshot-settings': {
    message:
      'La définition de {name} a changé depuis son démarrage ; un instantané ne lui correspondrait plus.',
    hint: 'Arrêtez la machine avant de prendre l’instantané, ou redémarrez-la d’abord avec ses nouveaux réglages.',
  },
  'snapshot-vmm': {
    message:
      '{name} est liée à {vmm}, qui ne pourrait pas la démarrer depuis les couches d’un instantané : {reason}',
    hint: 'Laissez choisir le VMM (« phyllome set {name} vmm=auto »), ou copiez la machine (« phyllome clone {name} NOUVEAU --full »).',
  },
  'snapshot-damaged': {
    message: 'Les instantanés de {name} ne peuvent pas servir tels quels : {reason}.',
    hint: 'Rien n’a été changé, et rien n’est nettoyé tant que cela dure. Remettez en place les fichiers absents ou endommagés.',
  },

  // ---- the library and the file chooser ----------------------------------------------------------
  'image-not-found': {
    message: 'Il n’y a pas d’image {name} dans la bibliothèque.',
    hint: '« phyllome images » en donne la liste.',
  },
  'image-name-invalid': {
    message: 'Une image ne peut pas s’appeler {name} : {reason}.',
    hint: 'Un nom a au plus 255 octets, sans « / » ni caractères de contrôle, et ne commence pas par un point.',
  },
  'image-in-use': {
    message: 'L’image {name} est utilisée par {machines}.',
    hint: 'Retirez-la d’abord de ces machines avec « phyllome edit », ou effacez celles qui sont dans la corbeille.',
  },
  'image-unknown': {
    message:
      '{name} n’a pas été conservé : ce n’est ni un support d’installation ni un disque, mais {found}.',
    hint: 'Sont reconnus les images ISO, et les disques qcow2, VMDK, VDI, VHDX ou raw avec une table de partitions.',
  },
  'upload-incomplete': {
    message: 'L’envoi de {name} s’est arrêté trop tôt : {done} octets sur {total} étaient arrivés.',
    hint: 'Rien n’en a été conservé. Recommencez l’envoi.',
  },
  'url-refused': {
    message: '{url} ne peut pas être téléchargé : {reason}.',
    hint: 'Donnez l’adresse du fichier lui-même ; elle commence par http:// ou https://.',
  },
  'download-failed': {
    message: '{url} n’a pas pu être téléchargé : {reason}.',
    hint: 'Rien n’en a été conservé. Vérifiez l’adresse et le réseau, puis réessayez.',
  },
  'checksum-mismatch': {
    message:
      '{name} n’a pas été conservé : sa somme de contrôle est {found}, alors qu’elle devrait être {expected}.',
    hint: 'Comparez la somme de contrôle avec celle de la page de ses auteurs ; si elle est juste, le fichier a été abîmé ou échangé en route.',
  },
  'folder-outside': {
    message: '{path} est hors des dossiers qui peuvent être consultés : {places}.',
    hint: 'Déplacez le fichier dans l’un d’eux, ou envoyez-le dans la bibliothèque.',
  },

  // ---- fixes of this PC and their journal -----------------------------------------------------------
  'fix-not-found': {
    message: 'Il n’y a pas de réparation {id}.',
    hint: 'Phyllome connaît : {known}.',
  },
  'fix-refused': {
    message: '{id} n’est pas possible ici : {reason}',
    hint: '{next}',
  },
  'fix-changed': {
    message:
      'Ce que ferait {id} n’est plus ce qui a été montré : quelque chose a changé sur ce PC entre-temps.',
    hint: 'Rien n’a été modifié. Regardez de nouveau, et acceptez ce qu’il en est maintenant.',
  },
  'fix-failed': {
    message: '{id} a échoué : {reason}',
    hint: 'Ce qui avait été commencé a été annulé.{notes}',
  },
  'fix-unfinished': {
    message: '{id} a échoué ({reason}) et n’a pas pu être annulé en entier : {undo}',
    hint: 'Réglez cela, puis lancez « phyllome undo {entry} ».',
  },
  'fix-interrupted': {
    message:
      'L’étape {entry} ({fix}) a été interrompue : elle n’est ni entièrement faite ni entièrement annulée.',
    hint: 'Annulez-la d’abord : phyllome undo {entry}',
  },
  'fix-busy': {
    message:
      'Une étape est en train d’être appliquée ou annulée (processus {pid}, ou un programme qu’il a lancé).',
    hint: 'Attendez qu’elle soit terminée, puis réessayez.',
  },
  'undo-not-found': {
    message: 'Le journal n’a pas d’étape {entry} qui puisse être annulée.',
    hint: '« phyllome undo --list » montre toutes les étapes.',
  },
  'undo-nothing': {
    message: 'Il n’y a rien à annuler : Phyllome n’a rien modifié sur ce PC, ou tout a été annulé.',
    hint: '« phyllome undo --list » montre toutes les étapes.',
  },
  'undo-refused': {
    message: 'Rien n’a été annulé, car quelqu’un a changé entre-temps : {changed}',
    hint: '{next}',
  },
  'undo-incomplete': {
    message: 'Les fichiers sont comme avant, mais ceci n’a pas pu être repris : {reason}',
    hint: 'Réglez la cause, puis relancez « phyllome undo {entry} ».',
  },
  'journal-damaged': {
    message: 'L’entrée {entry} du journal est inutilisable : {reason}',
    hint: 'Examinez {directory} vous-même ; rien n’a été modifié.',
  },
  'root-needed': {
    message: 'Seul root peut faire cela.',
    hint: 'Lancez en tant que root : {command}',
  },

  // ---- access to the page ---------------------------------------------------------------------------
  locked: {
    message: 'Ce navigateur est verrouillé.',
    hint: 'Saisissez le mot de passe sur la page pour continuer.',
  },
  'password-wrong': {
    message: 'Ce n’est pas le mot de passe.',
    hint: 'Réessayez. Si vous l’avez oublié, définissez-en un autre sur le PC lui-même : « phyllome access password ».',
  },
  'password-needed': {
    message: 'Il n’y a pas encore de mot de passe ({what}).',
    hint: 'Définissez-en un avec « phyllome access password », ou sur la page : Ce PC, Accès. Puis réessayez.',
  },
  'password-weak': {
    message: 'Ce mot de passe serait trop facile à deviner : {reason}.',
    hint: 'Prenez au moins 10 caractères. Trois ou quatre mots sans rapport entre eux se retiennent facilement.',
  },
  'too-many-tries': {
    message: 'Il y a eu trop de mots de passe erronés. Le prochain sera examiné dans {seconds} secondes.',
    hint: 'Attendez ce temps, puis réessayez. Les machines n’en sont pas affectées.',
  },
  'session-not-found': {
    message: 'Aucun navigateur connecté ne porte l’identifiant {session}.',
    hint: '« phyllome access sessions » les énumère.',
  },
  'session-needed': {
    message: 'Cela ne concerne qu’un navigateur connecté ({done}).',
    hint: 'Nommez-en un par son identifiant : « phyllome access sessions » les énumère.',
  },
  'access-port-taken': {
    message: 'Un autre programme de ce PC écoute déjà sur le port {port}.',
    hint: 'Choisissez-en un autre avec « phyllome access on --port NUMBER ».',
  },
  'access-damaged': {
    message: '{file} est inutilisable : {reason}.',
    hint: 'Personne ne peut se connecter par mot de passe tant qu’il n’est pas réparé. « phyllome access password », sur le PC lui-même, l’écrit à nouveau.',
  },
  'certificate-unusable': {
    message: 'Le certificat dans {file} est inutilisable : {reason}.',
    hint: 'Nommez deux fichiers PEM que le service peut lire, ou revenez au nôtre : « phyllome access on --own-certificate ».',
  },

  // ---- the favourite and the screen of this PC ----------------------------------------------------
  'favourite-none': {
    message: 'Aucune machine n’est la favorite : il n’y en a pas à afficher.',
    hint: 'Choisissez-en une avec « phyllome favourite NOM », ou nommez la machine.',
  },
  'favourite-crashed': {
    message: '{name} s’est arrêtée brutalement alors qu’elle occupait l’écran : {reason}.',
    hint: 'Son journal en dit plus : « phyllome logs {name} ». « phyllome start {name} » la redémarre.',
  },

  // ---- guests we build, tasks -----------------------------------------------------------------
  'medium-not-found': {
    message: '{entry} n’a pas de support {ref}{why} ; il y a : {known}.',
    hint: '« phyllome catalog show {entry} » les montre tous.',
  },
  'medium-brought': {
    message: 'Phyllome ne télécharge pas {name} : ses auteurs le proposent sur {page}.',
    hint: 'Prenez-y le fichier, puis : phyllome create NOM --iso FICHIER (pour une image de disque : --disk FICHIER).',
  },
  'medium-no-disk': {
    message: '{name} n’est pas un système : aucune machine ne peut en être faite.',
    hint: 'Mettez-le dans le lecteur d’une machine : « phyllome insert NOM FICHIER ». « phyllome download {entry} » le télécharge.',
  },
  'signature-refused': {
    message: 'Rien ne garantit {file} : {reason}.',
    hint: 'Rien n’en a été conservé. Réessayez plus tard. Si cela dure, quelqu’un l’a modifié en route, ou ses auteurs ont une nouvelle clé qu’un Phyllome plus récent connaît.',
  },
  'checksums-unusable': {
    message: 'Les sommes de contrôle de {url} sont inutilisables : {reason}.',
    hint: 'Réessayez plus tard, ou prenez un autre support (« phyllome catalog show ENTRÉE »). « phyllome catalog check ENTRÉE » teste ses liens.',
  },
  'release-not-found': {
    message: '{url} ne nomme aucun fichier qui ressemble à {pattern}.',
    hint: 'Le projet l’a peut-être déplacé. Un Phyllome plus récent sait peut-être où ; d’ici là, téléchargez-le vous-même et donnez le fichier : phyllome create NOM --iso FICHIER.',
  },
  'installer-unavailable': {
    message:
      'Le paquet {package} avec l’installateur ne peut être obtenu des sources de paquets de ce PC : {reason}',
    hint: 'Prenez un autre support : « phyllome catalog show ENTRÉE » les montre.',
  },
  'unpack-failed': {
    message: '{file} ne peut être décompressé : {reason}.',
    hint: 'Rien n’en a été conservé. Réessayez plus tard, ou prenez un autre support.',
  },
  'links-dead': {
    message: 'Sur {tested} supports, {dead} ne peuvent être obtenus maintenant : {names}.',
    hint: '« phyllome catalog check » dit de chacun ce qui ne va pas.',
  },
  'catalog-entry-not-found': {
    message: 'Il n’y a ni machine ni entrée du catalogue nommée {ref}.',
    hint: '« phyllome list » montre vos machines, « phyllome catalog MOT » cherche des systèmes, comme {known}.',
  },
  'os-only': {
    message: 'Ce PC ne fonctionne pas avec Phyllome OS : il n’y a ici rien de tel à changer.',
    hint: 'Sur d’autres systèmes, prenez ce que votre distribution offre pour cela.',
  },
  'os-busy': {
    message: 'Le système d’exploitation est en train d’être changé (processus {pid}).',
    hint: 'Attendez que ce soit terminé, puis réessayez ; « phyllome tasks » montre l’avancement.',
  },
  'os-root-lost': {
    message: 'La partie de Phyllome qui agit en tant que root n’a pas répondu : {reason}.',
    hint: 'Réessayez ; si cela se reproduit, redémarrez ce PC. Les machines continuent.',
  },
  'os-tool-failed': {
    message: '{tool} a échoué : {reason}.',
    hint: 'Si la raison n’aide pas, signalez-le avec la sortie de « phyllome doctor --report ».',
  },
  'os-runs-live': {
    message: 'Ce PC fait tourner Phyllome OS depuis un support, qui n’est pas modifié.',
    hint: 'Installez-le d’abord sur ce PC : « phyllome os install ». La mise à jour d’un support est un support plus récent.',
  },
  'os-update-unreachable': {
    message: 'Les mises à jour à {from} sont illisibles : {reason}.',
    hint: 'Vérifiez le réseau, ou prenez la mise à jour sur une clé USB : « phyllome os update --stick ». « phyllome os channel » montre et change l’adresse.',
  },
  'os-update-unsigned': {
    message: 'Rien ne garantit les mises à jour à {from} : {reason}.',
    hint: 'Rien n’a été installé. Si cela dure, quelqu’un les a modifiées en route, ou elles viennent d’ailleurs que le système qui tourne.',
  },
  'os-update-unusable': {
    message: 'La liste des mises à jour à {from} est inutilisable : {reason}.',
    hint: 'Rien n’a été installé. C’est à qui les publie de la réparer.',
  },
  'os-update-damaged': {
    message: 'La version {version} sur le disque n’est pas celle qui a été chargée : {reason}.',
    hint: 'Elle n’est pas démarrée ; celle qui fonctionne reste. Réessayez une fois. Si cela se répète, le disque est peut-être défaillant : « phyllome doctor ».',
  },
  'os-update-other': {
    message: '{from} contient {found}. Ce PC fait tourner {runs}.',
    hint: 'Rien n’a été installé. Prenez la mise à jour de cette édition, distribution et architecture.',
  },
  'os-update-older': {
    message:
      '{from} contient la version {found}. Ce PC fait tourner la version {runs}, et rien de plus ancien n’est installé.',
    hint: 'Pour revenir à la version d’avant : « phyllome os rollback ».',
  },
  'os-update-none': {
    message: 'La version {version} est la plus récente à {from}, et elle est ici.',
    hint: '{next}',
  },
  'os-update-failed-before': {
    message: 'La version {version} n’est pas réinstallée : {reason}.',
    hint: 'Une version plus récente est installée comme toujours.',
  },
  'os-update-too-large': {
    message: 'La version {version} demande {needs} de {place}, qui a {has}.',
    hint: '{next}',
  },
  'os-stick-none': {
    message: 'Aucune clé USB ne contient de mise à jour : {looked}.',
    hint: 'Copiez SHA256SUMS, SHA256SUMS.gpg et les fichiers de la mise à jour dans un dossier « phyllome-update » d’une clé, et branchez-la.',
  },
  'os-channel-none': {
    message: 'Aucune adresse de mises à jour n’est définie, et le système qui tourne n’en apporte pas.',
    hint: 'Définissez-en une avec « phyllome os channel https://... », ou prenez une clé USB : « phyllome os update --stick ».',
  },
  'os-rollback-none': {
    message: 'Il n’y a pas de version plus ancienne à laquelle revenir : {reason}.',
    hint: 'Rien n’a été modifié. « phyllome os status » montre les deux.',
  },
  'os-guests-unsaved': {
    message: 'Pas enregistrées avant l’arrêt de ce PC : {reasons}',
    hint: 'Arrêtez-les d’abord, ou faites-le faire : « phyllome os restart --stop » (sur la page : « Les arrêter »). Rien n’a été arrêté.',
  },
  'install-not-live': {
    message: 'Ce PC n’a pas démarré Phyllome OS depuis un support, et c’est lui seul qui peut être installé.',
    hint: 'Écrivez l’image sur une clé, démarrez ce PC avec elle, et choisissez l’entrée qui ne touche à aucun disque.',
  },
  'install-disk-unknown': {
    message: 'Ce PC n’a pas de disque {id}.',
    hint: '« phyllome os disks » montre ceux qu’il a, avec leurs identifiants.',
  },
  'install-disk-refused': {
    message: 'Rien n’est installé sur {disk} : {reason}.',
    hint: 'Rien n’a été changé. Choisissez un autre disque, ou occupez-vous de la cause ; « phyllome os disks » regarde de nouveau.',
  },
  'install-disk-changed': {
    message: '{disk} n’est plus ce qui a été choisi : {reason}.',
    hint: 'Rien n’a été changé. Regardez les disques de nouveau, et choisissez encore.',
  },
  'install-not-confirmed': {
    message: 'Ce qui a été tapé n’est pas le nom du disque : {name}.',
    hint: 'Rien n’a été changé. Tapez le nom tel qu’il est affiché, pour dire que tout ce qui s’y trouve peut être effacé.',
  },
  'install-answer-unusable': {
    message: 'La réponse à « {question} » ne peut être utilisée : {reason}.',
    hint: 'Rien n’a été changé. Changez-la, puis réessayez.',
  },
  'install-answers-missing': {
    message: 'Il n’y a pas de réponses pour une installation : {reason}.',
    hint: 'Mettez answers.yaml sur une partition FAT nommée PHYLLOME-ANSWERS ; docs/os-install.md en montre un exemple.',
  },
  'os-install-failed': {
    message: 'L’installation sur {disk} a échoué ({step}) : {reason}.',
    hint: '{disk} ne peut démarrer ce PC maintenant ; rien d’autre n’a été touché. Si les mots ci-dessus parlent d’erreurs d’entrée-sortie, prenez un autre disque. Sinon, réessayez.',
  },
  'network-manager-lost': {
    message: 'NetworkManager ne répond pas : {reason}.',
    hint: 'Réessayez ; si cela se répète, redémarrez ce PC. Les machines reprennent ensuite.',
  },
  'network-device-missing': {
    message: 'Ce PC n’a pas de périphérique réseau {name} ({kind}).',
    hint: '« phyllome network » montre ce qu’il a.',
  },
  'network-failed': {
    message: '{device} n’a pas pu être connecté : {reason}.',
    hint: 'Le réseau est comme avant. {next}',
  },
  'network-pending': {
    message: 'La dernière modification du réseau attend encore d’être confirmée.',
    hint: 'Gardez-la avec « phyllome network confirm », ou annulez-la avec « phyllome network revert ».',
  },
  'network-settled': {
    message:
      'Aucune modification du réseau n’attend d’être confirmée : elle a été annulée, ou déjà confirmée.',
    hint: '« phyllome network » montre où en est le réseau.',
  },
  'network-not-remembered': {
    message: 'Aucun réseau {name} n’est mémorisé.',
    hint: '« phyllome network » montre lesquels le sont.',
  },
  'wifi-refused': {
    message: '{name} n’accepte pas cette phrase secrète.',
    hint: 'Rien n’a été changé. Tapez-la à nouveau ; majuscules et minuscules comptent.',
  },
  'wifi-unsupported': {
    message: '{name} ne peut être rejoint d’ici : sa protection est {security}.',
    hint: 'On peut rejoindre les réseaux ouverts et ceux qui demandent une phrase secrète (WPA2, WPA3).',
  },
  'bridge-refused': {
    message: 'Le pont {name} ne peut être modifié : {reason}.',
    hint: 'Rien n’a été changé. « phyllome network » montre les périphériques et les ponts.',
  },
  'setting-unknown': {
    message: 'Ce système ne connaît pas {value} ({what}).',
    hint: 'Rien n’a été changé. « phyllome os settings --choices » donne ce qu’il connaît.',
  },
  'reset-refused': {
    message: 'Ce PC ne peut être réinitialisé : {reason}.',
    hint: 'Rien n’a été effacé. Réinstallez plutôt Phyllome OS depuis une clé.',
  },
  'reset-not-confirmed': {
    message: 'Ce qui a été tapé n’est pas le nom de ce PC, {name}.',
    hint: 'Rien n’a été effacé. Tapez le nom tel qu’il est affiché, pour dire que tout peut être effacé.',
  },
  'reset-guests-run': {
    message: 'Ces machines sont en marche : {names}.',
    hint: 'Rien n’a été effacé. Éteignez-les, ou dites que leur alimentation peut être coupée.',
  },
  'guest-build-failed': {
    message: 'L’invité {guest} n’a pas pu être assemblé : {reason}',
    hint: '{next}',
  },
  'task-not-found': {
    message: 'Il n’y a pas de tâche {id}.',
    hint: '« phyllome tasks » donne les tâches de ce service.',
  },
  'task-aborted': {
    message: 'La tâche « {what} » a été interrompue.',
    hint: 'Ce qu’elle avait commencé a été annulé. Relancez-la quand vous voulez.',
  },
};

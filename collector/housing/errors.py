"""Why a database was not copied, put back or moved. Each message says what to do about it."""

from collector.errors import AvisError


class HousingError(AvisError):
    code, title = "housing", "L'opération n'a pas été faite"


class BackupExists(HousingError):
    code, title = "backup-exists", "Ce fichier existe déjà"
    detail = "Donnez un autre nom, ou ajoutez --force pour le remplacer."


class BackupDamaged(HousingError):
    code, title = "backup-damaged", "Cette sauvegarde n'est pas intacte"
    detail = "Prenez-en une autre ; « avis backup --check FICHIER » contrôle chacune."


class BackupForeign(HousingError):
    code, title = "backup-foreign", "Cette sauvegarde vient d'un autre moteur de base"


class BackupNewer(HousingError):
    code, title = "backup-newer", "Cette sauvegarde vient d'une version plus récente d'Avis"


class DatabaseDamaged(HousingError):
    code, title = "database-damaged", "La base n'est pas intacte"


class InUse(HousingError):
    code, title = "database-in-use", "Un service utilise encore cette base"
    detail = "Arrêtez « avis serve » et les autres commandes, puis recommencez."


class NotEmpty(HousingError):
    code, title = "database-not-empty", "La base d'arrivée contient déjà des données"


class NoSpace(HousingError):
    code, title = "no-space", "La place manque sur le disque"


class ProgramMissing(HousingError):
    code, title = "program-missing", "Un programme de PostgreSQL manque"


class ProgramFailed(HousingError):
    code, title = "program-failed", "Un programme de PostgreSQL a échoué"


class NotTheSame(HousingError):
    code, title = "not-the-same", "La copie ne contient pas la même chose que l'original"


class Unmovable(HousingError):
    code, title = "unmovable", "Ce déménagement n'est pas possible"

"""Why the copy is not up to date; `exit_code` tells a cron job whether to run again by itself."""

from collector.errors import AvisError


class PullError(AvisError):
    exit_code = 4
    code, title = "pull-failed", "La copie n'est pas à jour"


class LinkRefused(PullError):
    exit_code = 3
    code, title = "link-refused", "Le service refuse ce lien"


class NotVerified(PullError):
    exit_code = 5
    code, title = "page-not-verified", "Une page reçue n'est pas celle qui a été demandée"


class FolderUnusable(PullError):
    exit_code = 6
    code, title = "folder-unusable", "La copie ne peut pas être écrite"


class KeyChanged(PullError):
    exit_code = 7
    code, title = "key-changed", "Le service signe avec une autre clé"

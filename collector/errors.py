"""Everything that can go wrong for a caller, as one small tree.

Each class is one stable `code` (machines read it), one HTTP status and one French title (people read it). They are
turned into `application/problem+json` or into a page once, in `collector.web`, and into what a command says once, in
`collector.commands.mistakes`; never with `str(exc)` of somebody else's exception.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec import Struct, to_builtins


class FieldError(Struct, frozen=True):
    """One bad field: `path` is its JSON path (`$.answers.comprehension`), `message` says in French what to do."""

    path: str
    code: str
    message: str


class AvisError(Exception):
    """The root. `detail` says in French what is wrong here and what to do about it."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Erreur interne"
    detail: ClassVar[str] = "Un incident technique est survenu. Rien n'a été perdu : réessayez dans un instant."
    exit_code: ClassVar[int] = 1
    """What a command ends with."""

    def __init__(
        self, detail: str | None = None, *, errors: Sequence[FieldError] = (), retry_after: int | None = None
    ) -> None:
        super().__init__(detail or self.detail)
        self.message = detail or self.detail
        self.errors = tuple(errors)
        self.retry_after = retry_after


def members(error: AvisError) -> dict[str, Any]:
    """An error for programs: the members of an RFC 9457 problem, without the status that only HTTP has."""
    described: dict[str, Any] = {
        "type": f"urn:avis:problem:{error.code}",
        "title": error.title,
        "detail": error.message,
        "code": error.code,
    }
    if error.errors:
        described["errors"] = [to_builtins(field) for field in error.errors]
    return described


class SettingsError(AvisError):
    """The environment does not describe a service that can run; the message names the variable."""

    code = "settings"
    title = "Réglage incorrect"


# Refusals of the public write path ----------------------------------------------------------------


class MalformedJSON(AvisError):
    status, code, title = 400, "malformed-json", "Le contenu envoyé n'est pas du JSON valide"
    detail = "Envoyez un objet JSON encodé en UTF-8, sans clé en double."


class ForeignOrigin(AvisError):
    status, code, title = 403, "origin-not-allowed", "Ce site n'est pas autorisé à envoyer des avis"
    detail = "Le porteur de la démarche doit ajouter l'origine de ce site dans son espace d'administration."


class UnknownKey(AvisError):
    status, code, title = 404, "unknown-key", "Cette clé de démarche est inconnue"
    detail = "Vérifiez l'adresse ou le code copié : la clé ne correspond à aucun emplacement."


class UnknownScript(AvisError):
    status, code, title = 404, "unknown-script", "Ce script n'a jamais été publié"
    detail = "Vérifiez l'adresse collée dans la page, ou copiez de nouveau l'extrait depuis l'administration."


class TooSlow(AvisError):
    status, code, title = 408, "too-slow", "L'envoi n'est pas arrivé en entier"
    detail = "La connexion est trop lente ou s'est interrompue. Vérifiez-la puis envoyez de nouveau."


class ReviewClosed(AvisError):
    status, code, title = 409, "review-closed", "Cet avis ne peut plus être complété"
    detail = (
        "Un avis se complète pendant 60 minutes. Le premier envoi est bien enregistré ; un nouvel avis est possible."
    )


class PlacementClosed(AvisError):
    status, code, title = 410, "placement-closed", "Cet emplacement ne recueille plus d'avis"
    detail = "La démarche ou son bouton a été fermé par son porteur. Rien n'a été enregistré."


class TrialOver(AvisError):
    status, code, title = 410, "trial-over", "Ce lien d'essai ne fonctionne plus"
    detail = "Il a expiré, ou ce qu'il montrait a été abandonné. Demandez-en un autre au porteur de la démarche."


class TooLarge(AvisError):
    status, code, title = 413, "too-large", "L'envoi est trop volumineux"
    detail = "Un avis tient en 64 Kio. Raccourcissez le commentaire."


class MethodNotAllowed(AvisError):
    status, code, title = 405, "method-not-allowed", "Cette adresse n'accepte pas cette méthode"
    detail = "Envoyez un avis avec la méthode POST."


class InvalidAnswers(AvisError):
    status, code, title = 422, "invalid-answers", "Certaines réponses ne sont pas valides"
    detail = "Corrigez les champs indiqués puis envoyez de nouveau."


class TooMany(AvisError):
    status, code, title = 429, "too-many", "Trop d'avis ont été envoyés depuis cette connexion"
    detail = "Patientez un peu puis envoyez de nouveau : votre texte est conservé dans la page."


class StorageUnavailable(AvisError):
    status, code, title = 503, "storage-unavailable", "L'enregistrement est momentanément impossible"
    detail = "Votre avis n'a pas encore été enregistré. Gardez cette page ouverte et réessayez dans un instant."


class Overcrowded(AvisError):
    status, code, title = 503, "overcrowded", "Le service reçoit trop de connexions en ce moment"
    detail = "Votre avis n'a pas encore été enregistré. Gardez cette page ouverte et réessayez dans un instant."


# Export links -------------------------------------------------------------------------------------


class InvalidLink(AvisError):
    status, code, title = 403, "link-invalid", "Ce lien d'export n'est pas valide"
    detail = "L'adresse est incomplète ou modifiée. Demandez un nouveau lien à son auteur."


class LinkExpired(AvisError):
    status, code, title = 410, "link-expired", "Ce lien d'export a expiré"
    detail = "Demandez un nouveau lien à son auteur."


class LinkRevoked(AvisError):
    status, code, title = 410, "link-revoked", "Ce lien d'export a été révoqué"
    detail = "Demandez un nouveau lien à son auteur."


class LinkElsewhere(AvisError):
    status, code, title = 403, "link-elsewhere", "Ce lien d'export ne s'ouvre pas d'ici"
    detail = "Son auteur l'a réservé à certains réseaux. Ouvrez-le depuis l'un d'eux, ou demandez un autre lien."


class LinkForOneUse(AvisError):
    status, code, title = 403, "link-for-one-use", "Ce lien d'export donne un fichier, une fois"
    detail = "Il ne se lit pas page par page. Téléchargez le fichier, ou demandez un lien qui sert plusieurs fois."


class LinkSpent(AvisError):
    status, code, title = 410, "link-spent", "Ce lien d'export a déjà servi"
    detail = "Il ne donnait son fichier qu'une fois. Demandez un nouveau lien à son auteur."


# API keys -----------------------------------------------------------------------------------------


class KeyRequired(AvisError):
    status, code, title = 401, "key-required", "Une clé d'API est nécessaire"
    detail = (
        "Envoyez l'en-tête « Authorization: Bearer avis_… ». Un administrateur d'Avis, ou le gestionnaire de votre "
        "administration, crée les clés."
    )


class KeyInvalid(AvisError):
    status, code, title = 401, "key-invalid", "Cette clé d'API n'est pas valide"
    detail = "Vérifiez qu'elle est copiée en entier, de « avis_ » à son dernier caractère."


class KeyExpired(AvisError):
    status, code, title = 401, "key-expired", "Cette clé d'API a expiré"
    detail = "Demandez une nouvelle clé à qui gère ce compte de service."


class KeyRevoked(AvisError):
    status, code, title = 401, "key-revoked", "Cette clé d'API a été révoquée"
    detail = "Demandez une nouvelle clé à qui gère ce compte de service."


class KeyReadsOnly(AvisError):
    status, code, title = 403, "key-reads-only", "Cette clé d'API lit cette démarche sans la modifier"
    detail = "Demandez à qui gère ce compte de service de lui donner le rôle de gestionnaire."


class MatchRequired(AvisError):
    status, code, title = 428, "match-required", "Dites d'après quel état vous modifiez"
    detail = "Lisez d'abord l'objet, puis renvoyez son ETag dans l'en-tête If-Match."


class ChangedMeanwhile(AvisError):
    status, code, title = 412, "changed-meanwhile", "L'objet a changé depuis que vous l'avez lu"
    detail = "Relisez-le, puis décidez à nouveau. Rien n'a été modifié."


class InvalidFields(AvisError):
    status, code, title = 422, "invalid-fields", "Certaines valeurs ne conviennent pas"
    detail = "Corrigez les champs indiqués puis envoyez de nouveau. Rien n'a été enregistré."


class TooMuchSent(AvisError):
    status, code, title = 413, "too-large", "L'envoi est trop volumineux"
    detail = "Un envoi tient en 256 Kio : faites-en plusieurs."


class TooManyRequests(TooMany):
    title = "Trop de demandes avec cette clé d'API"
    detail = "Attendez autant de secondes que le dit l'en-tête Retry-After, puis reprenez où vous en étiez."


class TooManyKeys(TooMany):
    title = "Trop d'essais avec une clé d'API qui ne convient pas"
    detail = "Corrigez la clé, puis attendez avant de recommencer."


# Everything else ----------------------------------------------------------------------------------


class NotFound(AvisError):
    status, code, title = 404, "not-found", "Page introuvable"
    detail = "Vérifiez l'adresse."


class Forbidden(AvisError):
    status, code, title = 403, "forbidden", "Accès refusé"
    detail = "Vos droits ne permettent pas cette action."


class CrossSite(AvisError):
    status, code, title = 403, "cross-site", "Demande refusée"
    detail = "Cette action doit partir d'une page de ce site. Ouvrez l'administration et recommencez."


class SignInRequired(AvisError):
    status, code, title = 401, "sign-in-required", "Connexion nécessaire"
    detail = "Connectez-vous pour voir cette page."


class Conflict(AvisError):
    status, code, title = 409, "conflict", "Cette valeur est déjà utilisée"


class BadRequest(AvisError):
    status, code, title = 400, "bad-request", "La demande n'est pas valide"
    detail = "Vérifiez les valeurs envoyées."

"""Whether the service can listen where it was told to. uvicorn would find out at the end of its start, in English."""

import errno
import sys
from socket import (
    AF_INET6,
    AI_PASSIVE,
    IPPROTO_IPV6,
    IPV6_V6ONLY,
    SO_REUSEADDR,
    SOCK_STREAM,
    SOL_SOCKET,
    gaierror,
    getaddrinfo,
    socket,
)

from collector.errors import AvisError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_LAST_PORT = 65535


class CannotListen(AvisError):
    code, title = "cannot-listen", "Le service ne peut pas écouter à cette adresse"


def check_free(host: str, port: int) -> None:
    """Raises CannotListen, with the command to try instead."""
    try:
        _take(host, port)
    except OSError as error:
        raise CannotListen(_remedy(host, port, error)) from error


def _take(host: str, port: int) -> None:
    """For a moment, with the options that the event loop will use, on every address that the name stands for."""
    for family, kind, protocol, _, address in getaddrinfo(host, port, type=SOCK_STREAM, flags=AI_PASSIVE):
        with socket(family, kind, protocol) as taken:
            taken.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            if family == AF_INET6:
                taken.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
            taken.bind(address)


def _remedy(host: str, port: int, error: OSError) -> str:
    if isinstance(error, gaierror):
        return f"« {host} » n'est le nom d'aucune machine connue ici. Essayez : {_serve(DEFAULT_HOST, port)}"
    match error.errno:
        case errno.EADDRINUSE:
            other = _serve(host, _free_after(host, port))
            return f"Un programme, peut-être un autre « avis serve », tient déjà {host}:{port}. Essayez : {other}"
        case errno.EADDRNOTAVAIL:
            other = _serve("0.0.0.0", port)  # noqa: S104 - a word of advice, nothing is bound to it
            return f"{host} n'est pas une adresse de cette machine. Pour écouter sur toutes les siennes : {other}"
        case errno.EACCES:
            other = _serve(host, _free_after(host, DEFAULT_PORT - 1))
            return f"Le port {port} est réservé à l'administrateur de la machine. Essayez : {other}"
        case _:
            return f"Le système refuse {host}:{port} ({error.strerror}). Essayez : {_serve(DEFAULT_HOST, port)}"


def _serve(host: str, port: int) -> str:
    """The command, as it was called."""
    return f"{sys.argv[0]} serve{'' if host == DEFAULT_HOST else f' --host {host}'} --port {port}"


def _free_after(host: str, port: int) -> int:
    return next((each for each in range(port + 1, _LAST_PORT + 1) if _is_free(host, each)), DEFAULT_PORT)


def _is_free(host: str, port: int) -> bool:
    try:
        _take(host, port)
    except OSError:
        return False
    return True

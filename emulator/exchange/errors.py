"""What Exchange says when a cmdlet fails, in English and in German.

The body's shape is the one quoted in Microsoft365DSC #2998, the German of a missing object the one in
Microsoft365DSC #687. Where a text could not be confirmed, its docstring says so.
"""

import hashlib
from http import HTTPStatus

from emulator.store import Document

TASKS = "Microsoft.Exchange.Configuration.Tasks"
MANAGEMENT = "Microsoft.Exchange.Management.Tasks"
DIRECTORY = "Microsoft.Exchange.Data.Directory"
OBJECT_MODEL = "Microsoft.Exchange.Configuration.ObjectModel"
BINDING = "System.Management.Automation.ParameterBindingException"
SERVER = "DB0P000A001DC01.EURP000A001.PROD.OUTLOOK.COM"

_KNOWN_IDS = {f"{TASKS}.ManagementObjectNotFoundException": "Ex6F9304"}


class CmdletError(Exception):
    """A cmdlet's refusal: the exception's full .NET type and its text in two languages."""

    missing = False

    def __init__(
        self, type_: str, english: str, german: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(english)
        self.type = type_
        self.status = status
        self._texts = {True: english, False: german}

    def text(self, *, english: bool) -> str:
        """The text for a person, in the language that the request asked for."""
        return self._texts[english]

    def body(self, status: HTTPStatus, *, english: bool) -> Document:
        """The JSON body; `details[0].message` is `error id|exception type|text`."""
        reason = f"{_error_id(self.type)}|{self.type}|{self.text(english=english)}"
        return {
            "error": {
                "code": status.phrase.title().replace(" ", ""),
                "message": "Error executing cmdlet",
                "details": [{"code": "Context", "target": "", "message": reason}],
                "innererror": {
                    "message": "Error executing cmdlet",
                    "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                    "stacktrace": "",
                    "internalexception": {"message": reason, "type": self.type, "stacktrace": ""},
                },
            }
        }


class NotFoundError(CmdletError):
    """No such object. Some callers report status 404 and others 400, so a tenant chooses."""

    missing = True

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{TASKS}.ManagementObjectNotFoundException",
            f"The operation couldn't be performed because object '{name}' couldn't be found on '{SERVER}'.",
            f"Der Vorgang konnte nicht ausgeführt werden, weil das Objekt '{name}' nicht auf '{SERVER}' "
            "gefunden wurde.",
            HTTPStatus.NOT_FOUND,
        )


class NotModelledError(Exception):
    """Exchange knows this, the emulator doesn't: answered with 501, never with a guess."""


def _error_id(type_: str) -> str:
    known = _KNOWN_IDS.get(type_)
    return known or f"Ex{hashlib.sha256(type_.encode()).hexdigest()[:6].upper()}"


def ambiguous(name: str) -> CmdletError:
    """The identity names several objects."""
    return CmdletError(
        f"{TASKS}.ManagementObjectAmbiguousException",
        f"The operation couldn't be performed because '{name}' matches multiple entries.",
        f"Der Vorgang konnte nicht ausgeführt werden, weil '{name}' mit mehreren Einträgen übereinstimmt.",
    )


def already_exists(name: str) -> CmdletError:
    """An object of that name exists."""
    return CmdletError(
        f"{DIRECTORY}.ADObjectAlreadyExistsException",
        f"Active Directory operation failed on {SERVER}. The object '{name}' already exists.",
        f"Fehler bei Active Directory-Vorgang auf {SERVER}. Das Objekt '{name}' ist bereits vorhanden.",
    )


def address_taken(address: str, holder: str) -> CmdletError:
    """A recipient already has that mail address."""
    return CmdletError(
        f"{OBJECT_MODEL}.ProxyAddressExistsException",
        f'The proxy address "SMTP:{address}" is already being used by the proxy addresses or '
        f'LegacyExchangeDN of "{holder}". Please choose another proxy address.',
        f'Die Proxyadresse "SMTP:{address}" wird bereits von den Proxyadressen oder dem LegacyExchangeDN '
        f'von "{holder}" verwendet. Wählen Sie eine andere Proxyadresse aus.',
    )


def not_accepted_domain(domain: str) -> CmdletError:
    """The address is in a domain that isn't the tenant's. The exact text is not confirmed."""
    return CmdletError(
        f"{MANAGEMENT}.NotAcceptedDomainException",
        f"You can't use the domain \"{domain}\" because it's not an accepted domain for your organization.",
        f'Sie können die Domäne "{domain}" nicht verwenden, da sie keine akzeptierte Domäne Ihrer '
        "Organisation ist.",
    )


def blocked_word(word: str) -> CmdletError:
    """The tenant's group naming policy has the word among its blocked ones. The text is not confirmed."""
    return refused(
        f"The group name contains the word '{word}', which isn't allowed in group names in your "
        "organization. Please rename your group.",
        f"Der Gruppenname enthält das Wort '{word}', das in Gruppennamen Ihrer Organisation nicht zulässig "
        "ist. Benennen Sie die Gruppe um.",
    )


def dehydrated() -> CmdletError:
    """Nobody has made the tenant's configuration its own yet. The namespace of the type is not confirmed."""
    return CmdletError(
        f"{TASKS}.InvalidOperationInDehydratedContextException",
        "The command you tried to run isn't currently allowed in your organization. To run this command, you "
        "first need to run the command: Enable-OrganizationCustomization.",
        "Der Befehl, den Sie ausführen wollten, ist in Ihrer Organisation derzeit nicht zulässig. Führen Sie "
        "zunächst den Befehl Enable-OrganizationCustomization aus.",
    )


def already_member(member: str, group: str) -> CmdletError:
    """The recipient is in the group already."""
    return CmdletError(
        f"{MANAGEMENT}.MemberAlreadyExistsException",
        f'The recipient "{member}" is already a member of the group "{group}".',
        f'Der Empfänger "{member}" ist bereits Mitglied der Gruppe "{group}".',
    )


def not_member(member: str, group: str) -> CmdletError:
    """The recipient isn't in the group."""
    return CmdletError(
        f"{MANAGEMENT}.MemberNotFoundException",
        f'The recipient "{member}" isn\'t a member of the group "{group}".',
        f'Der Empfänger "{member}" ist kein Mitglied der Gruppe "{group}".',
    )


def not_manager() -> CmdletError:
    """The caller doesn't own the group and didn't bypass the check (Microsoft365DSC #6435)."""
    return CmdletError(
        f"{MANAGEMENT}.OperationRequiresGroupManagerException",
        "You don't have sufficient permissions. This operation can only be performed by a manager of the "
        "group.",
        "Sie verfügen nicht über ausreichende Berechtigungen. Dieser Vorgang kann nur von einem Manager der "
        "Gruppe ausgeführt werden.",
    )


def synced(name: str, cmdlet: str) -> CmdletError:
    """The object is mastered on premises. The exception's type is not confirmed."""
    return CmdletError(
        f"{TASKS}.TaskInvalidOperationException",
        f"The operation on \"{name}\" failed because it's out of the current user's write scope. The action "
        f"'{cmdlet}' can't be performed on the object '{name}' because the object is being synchronized from "
        "your on-premises organization. This action should be performed on the object in your on-premises "
        "organization.",
        f'Fehler beim Vorgang für "{name}", da er außerhalb des Schreibbereichs des aktuellen Benutzers '
        f"liegt. Die Aktion '{cmdlet}' kann für das Objekt '{name}' nicht ausgeführt werden, da das Objekt "
        "aus Ihrer lokalen Organisation synchronisiert wird.",
    )


def unsuitable(name: str, details: str, purpose: str) -> CmdletError:
    """The recipient's type can't serve the purpose. The exact text is not confirmed."""
    return CmdletError(
        f"{TASKS}.RecipientTaskException",
        f'The recipient "{name}" of type {details} can\'t be used as {purpose}.',
        f'Der Empfänger "{name}" vom Typ {details} ist hier ungültig: {purpose}.',
    )


def refused(english: str, german: str) -> CmdletError:
    """A value that the cmdlet's own rules refuse; the type is not confirmed."""
    return CmdletError(f"{TASKS}.RecipientTaskException", english, german)


def unknown_parameter(name: str) -> CmdletError:
    """The cmdlet has no such parameter, or the caller's roles don't bring it."""
    return CmdletError(
        BINDING,
        f"A parameter cannot be found that matches parameter name '{name}'.",
        f"Es wurde kein Parameter gefunden, der dem Parameternamen '{name}' entspricht.",
    )


def missing_parameter(names: str) -> CmdletError:
    """A mandatory parameter isn't there."""
    return CmdletError(
        BINDING,
        f"Cannot process command because of one or more missing mandatory parameters: {names}.",
        "Der Befehl kann nicht verarbeitet werden, da mindestens ein erforderlicher Parameter fehlt: "
        f"{names}.",
    )


def no_parameter_set() -> CmdletError:
    """The parameters don't go together."""
    return CmdletError(
        BINDING,
        "Parameter set cannot be resolved using the specified named parameters.",
        "Der Parametersatz kann mit den angegebenen benannten Parametern nicht aufgelöst werden.",
    )


def bad_value(parameter: str, reason: str) -> CmdletError:
    """The value doesn't fit the parameter's type."""
    return CmdletError(
        BINDING,
        f"Cannot process argument transformation on parameter '{parameter}'. {reason}",
        f"Die Argumenttransformation für den Parameter '{parameter}' kann nicht verarbeitet werden. {reason}",
    )


def too_long(parameter: str, limit: int, given: int) -> CmdletError:
    """The text is longer than the property may be."""
    return CmdletError(
        BINDING,
        f"Cannot bind parameter '{parameter}' to the target. The length of the property is too long. The "
        f"maximum length is {limit} and the length of the value provided is {given}.",
        f"Der Parameter '{parameter}' kann nicht an das Ziel gebunden werden. Die Länge der Eigenschaft ist "
        f"zu groß. Die maximale Länge beträgt {limit} und die Länge des angegebenen Werts beträgt {given}.",
    )


def unknown_cmdlet(name: str) -> CmdletError:
    """No such cmdlet. That Exchange answers with status 400 is not confirmed."""
    return CmdletError(
        "System.Management.Automation.CommandNotFoundException",
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
        "program.",
        f"Die Benennung '{name}' wurde nicht als Name eines Cmdlet, einer Funktion, einer Skriptdatei oder "
        "eines ausführbaren Programms erkannt.",
    )


def access_denied(cmdlet: str) -> CmdletError:
    """None of the caller's Exchange roles brings the cmdlet. The text around the type is not confirmed."""
    return CmdletError(
        "Microsoft.Exchange.Configuration.Authorization.CmdletAccessDeniedException",
        f"The cmdlet '{cmdlet}' isn't supported in this scenario: the caller isn't assigned to any "
        "management role that has it.",
        f"Das Cmdlet '{cmdlet}' wird in diesem Szenario nicht unterstützt: der Aufrufer hat keine "
        "Verwaltungsrolle, die es enthält.",
        HTTPStatus.FORBIDDEN,
    )

"""Every error that Footfall raises on purpose.

FootfallError                 one line that says what is wrong and what to do
├── SettingError              a setting has a value that cannot be used
├── PortTakenError            somebody else listens on the port
├── StoreError                ClickHouse did not do what was asked
│   ├── StoreUnavailableError     not reached, or it hung up: worth another try
│   ├── StoreRefusedError         reached, and it said no: another try says no again
│   │   └── RowsRefusedError          it said no to these very rows; others are welcome
│   └── StoreInUseError           another process holds the embedded store's folder
├── MigrationError            the store's tables are not what this version expects
├── ProfileError              a day cannot be published by its site's profile
│   ├── PrivacyBudgetError        it has no privacy budget left for what is asked
│   └── MissingExtraError         it needs an extra which is not installed
├── NoticeError               a stored column that the privacy notice does not explain
├── SaidError                 what somebody asks for cannot be had; pages say why in any language
│   ├── SiteError                 no such site, or a site that cannot be made
│   ├── AccountError              no such account, or an account that cannot be made
│   └── RecipientError            no address that can get reports, or one that gets them already
├── MailError                 an e-mail was not sent
│   ├── MailUnavailableError      the mail server was not reached, or takes no e-mail of ours now
│   ├── MailPostponedError        the server wants to be asked later about this one
│   ├── MailRefusedError          the server does not take this e-mail: another try says no again
│   └── MailUnclearError          the connection was lost when it had gone out: it may have been taken
├── PeriodError               a period that is no range of days
├── CountryDatabaseError      the country database cannot be read
├── KeyStoreError             the day's keys cannot be kept in memory only
├── SpoolError                the spool cannot take events now
│   └── SpoolFullError            it holds as much as it may
├── BeaconError               a beacon that is not taken; carries the errors by field
│   ├── BeaconTooLargeError       a beacon over the size limit
│   ├── BeaconTooSlowError        a beacon whose body did not come in time
│   ├── BeaconCompressedError     a beacon that is compressed
│   └── TooManyBeaconsError       one over the rate limits
└── ImportFileError           a log file that cannot be imported

Errors of libraries are translated where the library is called, so that a caller
needs to know only this tree. Every message is written for the person who meets it.
"""

from collections.abc import Mapping, Sequence


class FootfallError(Exception):
    """One line that says what is wrong and what to do next."""


class SettingError(FootfallError):
    """A setting has a value that cannot be used; the message begins with its name."""


class PortTakenError(FootfallError):
    """Somebody else listens on the port."""


class StoreError(FootfallError):
    """ClickHouse did not do what was asked."""


class StoreUnavailableError(StoreError):
    """The store was not reached or the answer was lost: worth another try."""


class StoreRefusedError(StoreError):
    """The store was reached and refused: the same statement will be refused again."""


class RowsRefusedError(StoreRefusedError):
    """The store refused the rows of an insert for what is in them."""


class StoreInUseError(StoreError):
    """Another process holds the embedded store's folder."""


class MigrationError(FootfallError):
    """The store's tables are not what this version expects."""


class ProfileError(FootfallError):
    """A day cannot be published by its site's profile."""


class NoticeError(FootfallError):
    """A stored column that the privacy notice does not explain: nothing is collected."""


class SaidError(FootfallError):
    """What somebody asks for on a page, or by a command, and cannot have.

    ``template`` is the message with ``%(name)s`` for each of the ``values``: pages say it in any language.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.template, self.values = template, values
        super().__init__(template % values if values else template)


class SiteError(SaidError):
    """No such site, or a site that cannot be made."""


class AccountError(SaidError):
    """No such account, or an account, a role, a key or a link that cannot be made."""


class RecipientError(SaidError):
    """No address that can get reports, or one that gets them already."""


class MailError(FootfallError):
    """An e-mail was not sent. The message names no recipient; ``said`` is what the server answered, which may."""

    def __init__(self, message: str, said: str = "") -> None:
        self.said = said
        super().__init__(message)


class MailUnavailableError(MailError):
    """The mail server was not reached, or takes no e-mail of ours now: worth another try, for all of them."""


class MailPostponedError(MailError):
    """The mail server does not take this e-mail now: worth another try later."""


class MailRefusedError(MailError):
    """The mail server does not take this e-mail: the same one will be refused again."""


class MailUnclearError(MailError):
    """The connection was lost when the e-mail had gone out: it may have been taken, or not."""


class PeriodError(FootfallError):
    """A period that is no range of days."""


class CountryDatabaseError(FootfallError):
    """The country database cannot be read."""


class PrivacyBudgetError(ProfileError):
    """A site's day has no privacy budget left for what is asked."""


class MissingExtraError(ProfileError):
    """Something is asked for that needs an optional dependency which is not installed."""


class KeyStoreError(FootfallError):
    """The day's keys cannot be kept in memory only."""


class SpoolError(FootfallError):
    """The spool cannot take events now; nothing was acknowledged."""


class SpoolFullError(SpoolError):
    """The spool holds as much as ``spool_limit`` lets it; nothing was acknowledged."""


class BeaconError(FootfallError):
    """A beacon that is not taken.

    ``errors`` maps a field of the contract to what is wrong with it, as Plausible's
    Events API answers: ``{"url": ["is required"]}``.
    """

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__("; ".join(f"{field}: {', '.join(texts)}" for field, texts in self.errors.items()))


class BeaconTooLargeError(BeaconError):
    """A beacon over the size limit."""


class BeaconTooSlowError(BeaconError):
    """A beacon whose body did not come in time."""


class BeaconCompressedError(BeaconError):
    """A beacon that is compressed: it could unpack to anything."""


class TooManyBeaconsError(BeaconError):
    """A beacon over the limit of its network or its site."""


class ImportFileError(FootfallError):
    """A log file that cannot be imported."""

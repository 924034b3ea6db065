"""Advisory locks: one registry, so that no two parts wait for each other by mistake."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """Keys of `pg_advisory_lock`. Calls of one exchange are locked by digest, in 64 bits. From
    ACCOUNT_MESSAGE on they are first halves of keys whose second half can be made of an id."""

    MIGRATION = 7_451_107
    FOUNDING = 7_451_108
    EPOCH = 7_451_109
    PARTITIONS = 7_451_110
    ARCHIVE = 7_451_111
    SEQUENCER = 7_451_203
    LEADERSHIP = 7_451_301
    ACCOUNT_MESSAGE = 7_451_401
    ACCOUNT_READING = 7_451_402
    DOCUMENT_SENDING = 7_451_403
    NOTICES = 7_451_404
    CUSTOMER_TURN = 7_451_405
    CHARGES = 7_451_406
    EXPORTS = 7_451_407
    CHOICES = 7_451_408

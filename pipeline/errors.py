"""The kinds of failure that are said in a sentence, not in a traceback."""

import errno

# What goes wrong with machines and networks, as far as a system has it.
_PASSING = {
    getattr(errno, name, None)
    for name in (
        "EAGAIN", "EBUSY", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EDQUOT", "EHOSTUNREACH", "EINTR", "EIO",
        "EMFILE", "ENETDOWN", "ENETUNREACH", "ENFILE", "ENOMEM", "ENOSPC", "EPIPE", "ESTALE", "ETIMEDOUT",
    )
} - {None}  # fmt: skip


class PipelineError(ValueError):
    """Whatever this package raises on purpose; the message is a sentence: what, why, and the next step.

    >>> import pipeline
    >>> try:
    ...     pipeline.clean("")
    ... except pipeline.PipelineError as error:
    ...     print(error)
    the text is empty; give a page or a text with words in it.
    """


class UserError(PipelineError):
    """A mistake in what the program was given (settings, rules, model, folders); it ends the run with 2."""


class DocumentError(PipelineError):
    """A reason to reject one document; the run goes on."""


class RejectedError(DocumentError):
    """The one document that was asked for cannot be used; the message says why."""


def is_transient(error: BaseException) -> bool:
    """Whether the machine or the network failed, and not the document: the next time it may go well."""
    known = isinstance(error, OSError) and error.errno in _PASSING
    return known or isinstance(error, ConnectionError | TimeoutError)


def plain(error: BaseException) -> str:
    """What an error says, for the middle of a sentence."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()

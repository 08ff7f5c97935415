"""The kinds of failure that are said in a sentence, not in a traceback."""


class UserError(ValueError):
    """A mistake in what the program was given (settings, rules, model, folders); it ends the run with 2."""


class DocumentError(ValueError):
    """A reason to reject one document; the run goes on."""


class RejectedError(DocumentError):
    """The one document that was asked for cannot be used; the message says why."""

"""What the models of files that people write have in common. `kit.toml` reads such files."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """Everything in a file is fixed once read, and a word that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def wrong(code: str, at: str = "", **values: object) -> PydanticCustomError:
    """An error by its code; the format's advice has the sentence. `at`: the place meant, when it is a part inside."""
    return PydanticCustomError(code, code, {"at": at, **values})


def once(names: Sequence[str], at: str) -> None:
    """Raises the error `named_twice` when some name stands there more than once."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise wrong("named_twice", at, names=", ".join(twice))

"""`python -m noren` is the `noren` command."""

from noren.cli import main

main()

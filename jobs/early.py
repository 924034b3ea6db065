"""Imported before everything else by what is started: garbage is not looked for while importing.

What is imported stays, and looking through it again and again takes a seventh of the start.
"""

import gc

gc.disable()

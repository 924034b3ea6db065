"""Documents that prove who somebody is: asked for, sealed, looked at, decided, destroyed."""

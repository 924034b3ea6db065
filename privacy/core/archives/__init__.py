"""Archives that somebody else made: unpacked into one folder, or refused whole."""

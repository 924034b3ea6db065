"""Archives of everything an organisation has, in the console."""

"""The pages of registered people: register, confirm, sign in, see, correct, take along, delete."""

"""Reading systems that are asked: test calls, streams, cursors, runs and their history."""

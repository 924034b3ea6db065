"""Subscriptions to changes at Microsoft: kept alive, and listened to."""

"""The page on which a mapping is edited and tried."""

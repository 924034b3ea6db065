"""Who a register speaks of: an address, a number or a visitor, as a token and sealed."""

"""Keys: root, epoch, tenant and day keys; what is sealed under them, and how they end.

    root key         the operator's: a file or the environment (roots)
      epoch key      key port and escrow; a new one each night (ports, escrow, epochs)
        tenant key   versioned; one key for each scope (tenant_keys, rotations, reseals)
        day key      one for each tenant, service, kind of data and UTC day (keys)

A request asks its Keyring (keyring) for a key and seals and opens with it (sealing). The keeper's
process makes days ahead, destroys them, and ends epochs (days_ahead, destructions, epochs).
"""

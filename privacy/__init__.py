"""The ground floor: everything that can leak passes through here. No Flask, no RQ."""

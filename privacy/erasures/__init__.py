"""The journal of erasures: what was erased stays erased, in restored databases too."""

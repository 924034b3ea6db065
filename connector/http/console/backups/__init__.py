"""Archives and drills for the operator; ended days for everybody who may see retention."""

"""Archives off-site, their restoration, and the drills that show that it works."""

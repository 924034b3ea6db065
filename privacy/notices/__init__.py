"""The privacy notice: rendered from a profile, published in versions, announced, and told apart."""

"""Large, slow models that label running text for the small one to learn from; never shipped."""

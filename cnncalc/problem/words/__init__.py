"""Words of PyTorch, Keras, papers and Chinese sheets, read as what they are called here, and what is said of it."""

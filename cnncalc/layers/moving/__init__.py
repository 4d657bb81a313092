"""Layers that move numbers elsewhere: flattening, reshaping, padding, shuffling, upsampling, unpooling."""

"""Windows that move over an image: where they lie, what they see, and a convolution as a product of matrices."""

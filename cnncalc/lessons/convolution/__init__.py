"""A convolution by other means, as courses teach it: windows, im2col, a turned kernel, matrices, drawn part by part."""

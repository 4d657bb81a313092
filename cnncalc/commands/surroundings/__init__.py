"""What commands share with the process around them: streams, files, progress, the way they end."""

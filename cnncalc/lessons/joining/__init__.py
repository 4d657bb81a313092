"""What to say about layers of several inputs."""

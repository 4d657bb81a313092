"""What people get wrong in layers of several inputs."""

"""What people get wrong in layers of several inputs."""

from cnncalc.mistakes.joining import concat, elementwise, meeting

MISTAKES = {**elementwise.MISTAKES, "concat": concat.MISTAKES, "meeting": meeting.MISTAKES}

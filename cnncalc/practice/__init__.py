"""Problem files written for you: templates, blank sheets, exercises with good numbers."""

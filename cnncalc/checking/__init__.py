"""(Trace, answers) -> verdicts, what follows from earlier answers, likely mistakes."""

"""One file is one URL is the question a manager has: question, ask, show."""

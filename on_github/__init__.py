"""What the workflows write to GitHub: a pull request's comment, status and findings, a commit's status.

Runs with the right to write, beside reports that the code of a pull request wrote: they are data. Standard
library only, so that nothing is installed where that right is.
"""

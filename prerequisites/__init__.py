"""What the tenant must have before anything is made: looked up first, and told all at once.

Only what is new since the last run is looked up, so that a run without changes asks the tenant nothing.
"""

from prerequisites.asker import Asker
from prerequisites.check import Question, questions, unmet
from prerequisites.groups import own_groups
from prerequisites.new_names import NewNames
from prerequisites.secrets import secret_problems

__all__ = ["Asker", "NewNames", "Question", "own_groups", "questions", "secret_problems", "unmet"]

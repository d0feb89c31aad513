"""What `on_github` may not import from the product, and says for itself."""

from on_github import own_report
from roomctl import git_base


def test_a_report_and_its_label_agree_on_what_is_no_code() -> None:
    assert own_report._TOUCHES_NO_CODE.pattern == git_base._NO_CODE.pattern

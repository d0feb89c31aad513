import threading

import pytest

from wire import in_parallel


def test_results_come_in_the_order_of_the_items():
    second_done = threading.Event()

    def work(item):
        if item == 1:
            assert second_done.wait(10)
        if item == 2:
            second_done.set()
        return item * 10

    assert in_parallel(work, [1, 2, 3]) == [10, 20, 30]


def test_never_more_than_allowed_at_once():
    running, most, lock = 0, 0, threading.Lock()
    pair = threading.Barrier(2)

    def work(_item):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        pair.wait(10)
        with lock:
            running -= 1

    in_parallel(work, range(8), at_once=2)
    assert most == 2


def test_the_first_failure_is_raised_and_the_rest_is_dropped():
    done = []

    def work(item):
        if item == 0:
            raise KeyError(item)
        done.append(item)

    with pytest.raises(KeyError):
        in_parallel(work, range(1000), at_once=1)
    assert len(done) < 999

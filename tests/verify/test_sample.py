from verify.sample import chosen

ROOMS = [f"room-{number}@contoso.example" for number in range(100)]


def test_the_same_rooms_each_time_in_any_order():
    assert chosen(ROOMS, 5) == chosen(reversed(ROOMS), 5)
    assert len(chosen(ROOMS, 5)) == 5
    assert set(chosen(ROOMS, 500)) == set(ROOMS)


def test_another_room_changes_one_at_most():
    assert len(set(chosen(ROOMS, 5)) - set(chosen([*ROOMS, "new@contoso.example"], 5))) <= 1


def test_they_are_not_the_first_of_the_list():
    assert set(chosen(ROOMS, 5)) != set(ROOMS[:5])

import pytest

from emulator.store import Document, Store


def names(documents: list[Document]) -> list[str]:
    return [document["name"] for document in documents]


def test_what_is_made_of_documents_is_kept_until_one_of_their_kind_is_written():
    store = Store()
    store.put("user", "1", {"name": "Ada"})
    made = store.made_of("user", names)
    store.put("group", "1", {"name": "Rooms"})
    assert store.made_of("user", names) is made
    store.put("user", "2", {"name": "Bela"})
    assert store.made_of("user", names) == ["Ada", "Bela"]
    store.delete("user", "1")
    assert store.made_of("user", names) == ["Bela"]


def test_what_is_made_of_documents_forgets_what_was_rolled_back():
    store = Store()

    def fail() -> None:
        with store.transaction():
            store.put("user", "1", {"name": "Ada"})
            assert store.made_of("user", names) == ["Ada"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.made_of("user", names) == []


def test_what_another_process_wrote_is_seen(tmp_path):
    here, there = Store(tmp_path / "state.sqlite"), Store(tmp_path / "state.sqlite")
    assert here.all("user") == []
    there.put("user", "ada", {"mail": "ada@contoso.example"})
    assert here.all("user") == [{"mail": "ada@contoso.example"}]
    here.close()
    there.close()


def test_a_document_that_is_changed_stays_as_it_was_written():
    store = Store()
    store.put("user", "ada", {"mail": "ada@contoso.example"})
    store.all("user")[0]["mail"] = "other"
    assert store.all("user") == [{"mail": "ada@contoso.example"}]
    store.close()

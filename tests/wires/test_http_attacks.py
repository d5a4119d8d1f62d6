"""Requests that a receiver must refuse, each by its name, and none of them with a body read."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.wires import http_auth, http_words
from fieldkit_sync.wires.http_auth import LASTS, Asked, Words
from fieldkit_sync.wires.http_limits import Limits

from .contract import code_of
from .desk import PATH, POST, RAW, WANTED, Desk
from .receiver import PLACE, authorized, tus


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Identity, Identity]:
    """A device that is enrolled, and a stranger."""
    folder = tmp_path_factory.mktemp("keys")
    return Identity.create(folder / "a", "甲"), Identity.create(folder / "b", "乙")


@pytest.fixture
def office(tmp_path: Path, both: tuple[Identity, Identity]) -> Desk:
    """An empty one."""
    return Desk(tmp_path / "spool", both[0])


def test_the_good_request_is_taken(office: Desk) -> None:
    """What all the others differ from by one thing."""
    answer = office.post()
    assert (answer.status, answer.headers["upload-offset"]) == (201, str(WANTED.size))
    assert answer.headers["location"] == PATH
    assert (office.spool.root / WANTED.name).read_bytes() == RAW
    assert office.hand.read > 0


class TestWhoAsks:
    """What is wrong with the signature is told before anything of the body is asked for."""

    def test_unsigned(self, office: Desk) -> None:
        for headers in (POST, POST | {"authorization": "Basic YWRtaW46YWRtaW4="}):
            office.refused_unread(office.hand.ask("POST", PATH, headers, [RAW]), "not-signed")

    def test_replayed(self, office: Desk) -> None:
        word = office.words.make()
        assert office.hand.signed("HEAD", PATH, nonce=word).status == 404
        for method in ("HEAD", "POST"):
            headers = POST if method == "POST" else {}
            body = [RAW] if method == "POST" else []
            answer = office.hand.signed(method, PATH, headers, body, nonce=word)
            office.refused_unread(answer, "replayed")

    def test_expired(self, office: Desk) -> None:
        word = office.words.make()
        office.now += LASTS + 1
        office.refused_unread(office.post(nonce=word), "expired")

    def test_from_the_future(self, office: Desk) -> None:
        """The clock was put back; a word that is not yet made is not waited for."""
        word = office.words.make()
        office.now -= 10
        office.refused_unread(office.post(nonce=word), "expired")

    def test_foreign_word(self, office: Desk) -> None:
        """Given out by another receiver, or by this one before it was started anew."""
        office.refused_unread(office.post(nonce=Words(lambda: office.now).make()), "foreign")

    def test_foreign_key(self, office: Desk, both: tuple[Identity, Identity]) -> None:
        """A stranger signs in the name of an enrolled device."""
        me, stranger = both
        path_asked = Asked(PLACE, "POST", PATH, len(RAW), -1)
        header = http_auth.authorization(path_asked, me.device, office.words.make(), stranger.sign)
        headers = POST | {"content-length": str(len(RAW)), "authorization": header}
        office.refused_unread(office.hand.ask("POST", PATH, headers, [RAW]), "signature")

    def test_not_enrolled(self, office: Desk, both: tuple[Identity, Identity]) -> None:
        office.refused_unread(office.post(me=both[1]), "refused")

    def test_no_longer_enrolled(self, office: Desk) -> None:
        office.keys.clear()
        office.refused_unread(office.post(), "refused")

    @pytest.mark.parametrize(
        "other",
        [
            {"office": "1e" * 16},
            {"method": "PATCH"},
            {"path": f"{http_words.UPLOADS}/{'0' * 64}-420.fkb.zip.age"},
            {"length": 1},
            {"offset": 0},
        ],
    )
    def test_signed_for_something_else(self, office: Desk, other: dict[str, object]) -> None:
        """Another office, method, address, length or place in the volume."""
        office.refused_unread(office.post(other=other), "signature")

    @pytest.mark.parametrize("broken", ["", ".", "x.y.z", "ä", "a" * 5000])
    def test_malformed(self, office: Desk, broken: str) -> None:
        headers = POST | {"authorization": f"{http_auth.SCHEME} {broken}"}
        office.refused_unread(office.hand.ask("POST", PATH, headers, [RAW]), "not-signed")

    def test_malformed_piece_by_piece(self, office: Desk) -> None:
        """Each part of a good header spoilt alone."""
        asked = Asked(PLACE, "HEAD", PATH, 0, -1)
        good = authorized(office.me, asked, office.words.make())["authorization"]
        scheme, _, rest = good.partition(" ")
        device, nonce, blob = rest.split(".")
        for bad in (
            f"Bearer {rest}", f"{scheme} {device.upper()}.{nonce}.{blob}",
            f"{scheme} {device}.{nonce[:-1]}.{blob}", f"{scheme} {device}.{nonce}.{blob[:-3]}",
            f"{scheme} {rest}.{blob}", f"{scheme} {device}.{nonce}.****",
        ):  # fmt: skip
            answer = office.hand.ask("HEAD", PATH, {"authorization": bad})
            assert answer.code == "not-signed", bad
        other = base64.b64encode(b"-----BEGIN SSH SIGNATURE-----\n").decode()
        answer = office.hand.ask(
            "HEAD", PATH, {"authorization": f"{scheme} {device}.{nonce}.{other}"}
        )
        assert answer.code == "signature"
        assert office.hand.ask("HEAD", PATH, {"authorization": good}).code == "not-there"

    @given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=300))
    @settings(max_examples=200, deadline=None)
    def test_any_header(self, text: str) -> None:
        """Whatever it is, it is refused by that one word."""
        for header in (text, f"{http_auth.SCHEME} {text}"):
            with suppress(Refusal):
                told = http_auth.claim(header)
                raise AssertionError(told)

    def test_a_spent_word_is_kept_for_as_long_as_it_lasts(self, office: Desk) -> None:
        """What is forgotten has run out; memory does not grow with the years."""
        first = office.words.make()
        office.words.spend(first)
        for _second in range(LASTS):
            office.now += 1
            office.words.spend(office.words.make())
        assert code_of(lambda: office.words.spend(first)) == "replayed"
        office.now += 1
        assert code_of(lambda: office.words.spend(first)) == "expired"
        for _second in range(LASTS):
            office.now += 1
            office.words.spend(office.words.make())
        assert len(office.words._spent) <= LASTS + 1

    def test_too_many_words(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where more are used than can be kept none is accepted, rather than one twice."""
        monkeypatch.setattr(http_auth, "_MOST_SPENT", 2)
        for code in ("not-there", "not-there", "busy"):
            assert office.hand.signed("HEAD", PATH).code == code
        office.now += LASTS + 1
        assert office.hand.signed("HEAD", PATH).code == "not-there"


class TestWhatIsAsked:
    """Requests of an enrolled device that ask for what may not be."""

    def test_oversized_volume(self, office: Desk) -> None:
        size = Limits().most + 1
        path = f"{http_words.UPLOADS}/{WANTED.sha256}-{size}.fkb.zip.age"
        for method, headers in (
            ("HEAD", {}),
            ("POST", tus({"upload-length": str(size), "content-length": "9"})),
            ("PATCH", tus({"upload-offset": "0", "content-length": "9"})),
        ):
            office.refused_unread(office.hand.signed(method, path, headers), "too-large")

    def test_oversized_body(self, office: Desk) -> None:
        headers = POST | {"content-length": str(Limits().body + 1)}
        office.refused_unread(office.hand.signed("POST", PATH, headers), "too-large")

    def test_more_than_the_volume_has(self, office: Desk) -> None:
        office.begun(10)
        office.refused_unread(office.patch(10, RAW), "too-large")
        assert office.spool.held(office.me.device, WANTED) == 10

    def test_a_body_without_a_length(self, office: Desk) -> None:
        headers = POST | {"transfer-encoding": "chunked"}
        office.refused_unread(office.hand.signed("POST", PATH, headers), "malformed")

    @pytest.mark.parametrize("text", ["-1", "1e3", "\u00b2", "9" * 13, "", "0x10"])
    def test_a_length_that_is_none(self, office: Desk, text: str) -> None:
        headers = tus({"upload-length": text})
        office.refused_unread(office.hand.signed("POST", PATH, headers), "malformed")

    def test_another_length_than_the_address_says(self, office: Desk) -> None:
        headers = tus({"upload-length": str(WANTED.size + 1)})
        office.refused_unread(office.hand.signed("POST", PATH, headers), "malformed")

    def test_another_protocol(self, office: Desk) -> None:
        for version in ("0.2.2", ""):
            headers = POST | {"tus-resumable": version}
            office.refused_unread(office.hand.signed("POST", PATH, headers), "version")

    def test_another_kind_of_body(self, office: Desk) -> None:
        headers = tus({"upload-offset": "0"}) | {"content-type": "text/plain"}
        office.refused_unread(office.hand.signed("PATCH", PATH, headers), "malformed")

    @pytest.mark.parametrize("offset", [0, 9, 11, WANTED.size])
    def test_bad_offset(self, office: Desk, offset: int) -> None:
        """A part is gone on with where it ends; its end is where it was."""
        office.begun(10)
        part = RAW[offset : offset + 5]
        office.refused_unread(office.patch(offset, part), "offset")
        assert office.spool.held(office.me.device, WANTED) == 10

    def test_a_part_nobody_began(self, office: Desk) -> None:
        office.refused_unread(office.patch(0, RAW), "not-there")

    def test_wrong_checksum(self, office: Desk) -> None:
        """The part that came is taken off again; with the right sum it stays."""
        office.begun(10)
        part = RAW[10:60]
        wrong, right = (
            "sha256 " + base64.b64encode(hashlib.sha256(it).digest()).decode()
            for it in (part + b"x", part)
        )
        answer = office.patch(10, part, upload_checksum=wrong)
        assert (answer.code, answer.status) == ("checksum", 460)
        assert office.spool.held(office.me.device, WANTED) == 10
        assert office.patch(10, part, upload_checksum=right).status == 204
        assert office.spool.held(office.me.device, WANTED) == 60

    @pytest.mark.parametrize("text", ["md5 AAAA", "sha256", "sha256 ****", "sha256 AAAA", "sha1 x"])
    def test_malformed_checksum(self, office: Desk, text: str) -> None:
        office.begun(10)
        office.refused_unread(office.patch(10, RAW[10:], upload_checksum=text), "malformed")

    def test_other_bytes_than_the_address_says(self, office: Desk) -> None:
        """In one request or in parts: nothing of it is left, under no name."""
        evil = b"!" + RAW[1:]
        assert office.hand.signed("POST", PATH, POST, [evil]).code == "other-bytes"
        office.spool.keep(office.me.device, WANTED, evil[:10])
        assert office.patch(10, evil[10:]).code == "other-bytes"
        assert [it for it in office.spool.root.rglob("*") if it.is_file()] == []
        assert office.post().status == 201

    @pytest.mark.parametrize(
        "address",
        ["x", "../../etc/passwd", f"{'0' * 64}-0.age", f"{'0' * 64}-5", f"{'0' * 64}-05.age",
         f"{'A' * 64}-5.age", f"{'0' * 64}-5.age.part", f"{'0' * 64}-5.fkb.zip.age\n"],
    )  # fmt: skip
    def test_addresses_that_are_none(self, office: Desk, address: str) -> None:
        answer = office.hand.signed("POST", f"{http_words.UPLOADS}/{address}", POST, [RAW])
        assert answer.status == 404
        assert office.hand.read == 0
        assert not any(office.spool.root.glob("*.age"))

    def test_another_device_s_part(
        self, tmp_path: Path, office: Desk, both: tuple[Identity, Identity]
    ) -> None:
        """Two devices that bring one volume do not write into each other's part."""
        other = both[1]
        office.keys[other.device] = other.public_key
        office.begun(50)
        assert office.hand.signed("HEAD", PATH, me=other).code == "not-there"
        evil = b"?" * 50
        headers = tus({"upload-length": str(WANTED.size)})
        assert office.hand.signed("POST", PATH, headers, [evil], me=other).status == 201
        assert office.patch(50, RAW[50:]).status == 204
        assert (office.spool.root / WANTED.name).read_bytes() == RAW

    def test_another_device_s_letters(self, office: Desk, both: tuple[Identity, Identity]) -> None:
        """A device sees its own box alone, and no way leads out of it."""
        name = f"{'0' * 16}.age"
        box = office.spool.root / "letters" / both[1].device
        box.mkdir(parents=True)
        (box / name).write_bytes(b"a letter")
        (office.spool.root / "letters" / office.me.device).mkdir()
        assert office.hand.signed("GET", http_words.LETTERS).body == b"[]"
        for path in (name, f"..%2F{both[1].device}%2F{name}", f"../{both[1].device}/{name}"):
            answer = office.hand.signed("GET", f"{http_words.LETTERS}/{path}")
            assert answer.status == 404, path
            assert b"a letter" not in answer.body

    def test_too_many_requests(self, tmp_path: Path, both: tuple[Identity, Identity]) -> None:
        """One device that asks without end does not keep the others out."""
        office = Desk(tmp_path / "few", both[0], Limits(rate=0.5))
        office.keys[both[1].device] = both[1].public_key
        codes = [office.hand.signed("HEAD", PATH).code for _time in range(7)]
        assert codes == ["not-there"] * 5 + ["busy"] * 2
        assert office.hand.signed("HEAD", PATH).headers["retry-after"] == "1"
        assert office.hand.signed("HEAD", PATH, me=both[1]).code == "not-there"


class TestOpenToAll:
    """What is answered without a signature tells nothing of what was received."""

    def test_health_and_greeting(self, office: Desk) -> None:
        office.post()
        health = office.hand.ask("GET", http_words.HEALTH)
        assert health.body == b'{"ok":true}'
        greeting = office.hand.ask("GET", http_words.ROOT)
        assert WANTED.name.encode() not in greeting.body
        assert office.hand.ask("OPTIONS", http_words.UPLOADS).headers["tus-version"] == "1.0.0"

    def test_metrics_are_for_this_machine(self, office: Desk) -> None:
        office.post()
        here = office.hand.ask("GET", http_words.METRICS)
        assert b"fieldkit_volumes_total 1\n" in here.body
        assert b'fieldkit_answers_total{code="ok"} 1\n' in here.body
        assert office.hand.ask("GET", http_words.METRICS, client="10.0.0.7").status == 403

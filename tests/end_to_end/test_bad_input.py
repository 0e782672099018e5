"""Bad input and a bad day: one clear sentence, a way on, an entry in the audit log, and nothing lost.

Each through touches on the real window, over the real cupsd, pcscd and TLS. Sentences are those of the screen's own
catalogue; that nothing is lost is what Dinas and printers say, not the kiosk.
"""

from __future__ import annotations

import json
import time
import uuid

import pytest
from scene import KIA, KK, KTP, Scene

from hardware_sim import visits
from hardware_sim.around import Applicant, Phone
from hardware_sim.dinas.testing import KioskClient, Prepared
from kiosk.screen.words import t

pytestmark = [pytest.mark.devices, pytest.mark.window, pytest.mark.timeout(240)]


def wrong(pin: str) -> str:
    """Another PIN."""
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)


def other_kiosk(scene: Scene) -> KioskClient:
    """Another machine of the same Dinas, with a certificate of its own."""
    world = json.loads((scene.stage.world.folder / "dinas" / "dinas.json").read_text(encoding="utf-8"))
    return KioskClient(world, next(kiosk_id for kiosk_id in world["kiosks"] if kiosk_id != world["kiosk"]))


def prepared(applicant: Applicant) -> Prepared:
    return Prepared(applicant.nik, applicant.pin, applicant.handle, applicant.permit_ids)


# -- who are you?


def test_what_can_be_no_nik_is_told_and_can_be_corrected(scene: Scene) -> None:
    """Too short, a date that does not exist, a region that is none; another regency than this one is only told."""
    person = scene.person
    person.tap(t("home.nik"))
    for digits, fault in (("35231", "length"), ("3523163113790021", "date"), ("0023165708790021", "region")):
        person.see(visits.NIK)
        person.type(digits)
        person.tap(t("nik.next"))
        scene.wait_for_audit("nik-refused", actor="applicant", fault=fault)
        scene.read(visits.NIK, f"nik.fault.{fault}")
        person.tap(t("keypad.clear"))

    person.type("3171014101850001")
    person.read(visits.NIK, "Luar Kabupaten Tuban")
    person.tap(t("nik.next"))
    person.see(visits.PIN)
    assert not [entry for entry in scene.audit() if entry["event"].startswith("log")]


def test_a_wrong_pin_is_told_with_the_tries_left_until_it_is_locked_and_the_kiosk_pauses(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.scan(applicant)
    for left in (4, 3, 2, 1):
        visits.type_pin(scene.person, wrong(applicant.pin))
        key = "pin.wrong.last" if left == 1 else "pin.wrong.left"
        scene.read(visits.PIN, key, count=left)
    visits.type_pin(scene.person, wrong(applicant.pin))
    scene.notice("locked")
    scene.wait_for_audit("login-refused", way="qr", problem="credentials")
    scene.act("help")
    scene.person.read("help", "loket 1")
    scene.go_home()

    # Five in a row: the next person waits as well, and is told so before the Dinas is asked.
    scene.dinas.do("unlock", nik=applicant.nik)
    scene.scan(applicant)
    visits.type_pin(scene.person, applicant.pin)
    scene.notice("wait")
    paused = scene.wait_for_audit("login-paused", failures=5)
    assert 0 < paused["seconds"] <= 15
    time.sleep(paused["seconds"])
    scene.act("retry")
    visits.type_pin(scene.person, applicant.pin)
    scene.person.see(visits.DOCUMENTS)
    assert scene.permit(applicant)["state"] == "ready"


def test_a_pin_that_another_kiosk_saw_locked_is_told_with_the_time(scene: Scene) -> None:
    applicant = scene.prepare()
    other = other_kiosk(scene)
    for _ in range(5):
        other.ask("POST /v1/sessions", body={"nik": applicant.nik, "pin": wrong(applicant.pin)})
    scene.scan(applicant)
    visits.type_pin(scene.person, applicant.pin)
    scene.notice("locked")
    scene.person.read(visits.NOTICE, t("notice.seconds", time="").rstrip(" ."))
    scene.wait_for_audit("login-refused", problem="locked")
    scene.act("finish")
    scene.person.see(visits.HOME)


def test_an_expired_pin_is_sent_again_and_the_new_one_opens(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.dinas.do("expire_pin", nik=applicant.nik)
    visits.type_nik(scene.person, applicant.nik)
    visits.type_pin(scene.person, applicant.pin)
    scene.notice("pin_expired")
    scene.wait_for_audit("login-refused", way="nik", problem="pin-expired")

    scene.act("resend_pin")
    scene.notice("pin_sent")
    scene.wait_for_audit("pin-requested")
    new = Phone(scene.stage.world.where["dinas"]["pages"], applicant.phone).pin()
    assert new != applicant.pin
    scene.act("retry")
    visits.type_pin(scene.person, new)
    scene.person.see(visits.DOCUMENTS)
    assert scene.wait_for_audit("logged-in", way="nik")["documents"] == 1


def test_foreign_codes_and_noise_are_told_and_the_messages_code_opens(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.scanner.do("scan", text="https://example.org/bayar")
    scene.read("scan", "scan.fault.foreign")
    scene.wait_for_audit("code-refused", fault="foreign")
    scene.scanner.do("garbage")
    scene.read("scan", "scan.fault.unreadable")
    scene.wait_for_audit("code-refused", fault="unreadable")

    scene.log_in(applicant)
    scene.wait_for_audit("logged-in", way="qr")
    assert "bayar" not in json.dumps(scene.audit())


# -- permits and documents


def test_what_another_kiosk_printed_meanwhile_is_not_printed_again(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.log_in(applicant)
    other, attempt_id = other_kiosk(scene), str(uuid.uuid4())
    token = other.log_in(prepared(applicant))
    assert other.claim(token, applicant.permit_ids[0], attempt_id).ok
    assert other.tell(attempt_id, "printed").ok

    scene.choose(KK)
    scene.notice("permit_spent")
    scene.wait_for_audit("attempt-advanced", phase="failed", reason="spent")
    scene.go_on_to_thanks("not_printed")

    scene.log_in(applicant)
    tree = scene.read(visits.DOCUMENTS, "documents.state.printed")
    assert not [i for i in tree["items"] if i["role"] == "checkbox" and i["enabled"]]
    assert scene.sheets() == 0
    assert scene.permit(applicant)["state"] == "printed"


def test_what_was_superseded_meanwhile_is_not_printed(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.log_in(applicant)
    scene.dinas.do("supersede", permit_id=applicant.permit_ids[0])

    scene.choose(KK)
    scene.notice("permit_superseded")
    scene.wait_for_audit("attempt-advanced", phase="failed", reason="superseded")
    scene.go_on_to_thanks("not_printed")
    assert scene.sheets() == 0
    assert scene.permit(applicant)["state"] == "superseded"


def test_a_session_that_is_over_ends_the_visit(scene: Scene) -> None:
    applicant = scene.prepare(count=2)
    scene.log_in(applicant)
    scene.dinas.do("end_sessions")

    scene.choose_all(KK, 2)
    scene.notice("session_expired")
    scene.wait_for_audit("attempt-advanced", phase="failed", reason="session-expired")
    scene.act("finish")
    scene.read(visits.THANKS, "thanks.ended.not_printed")
    visits.leave(scene.person)
    assert len([e for e in scene.audit() if e.get("phase") == "reserved"]) == 1
    assert {scene.dinas.state()["permits"][i]["state"] for i in applicant.permit_ids} == {"ready"}


def test_only_the_genuine_and_whole_of_four_family_cards_is_printed(scene: Scene) -> None:
    """Another digest than the permit says, a broken signature, one under a foreign root; the fourth is as it should."""
    applicant = scene.prepare(count=4)
    ways = dict(zip(("digest", "bit-flip", "foreign-signer"), applicant.permit_ids, strict=False))
    for way, permit_id in ways.items():
        scene.dinas.do("spoil", permit_id=permit_id, way=way)

    scene.log_in(applicant)
    scene.choose_all(KK, 4)
    notices = scene.follow_to_thanks()
    visits.leave(scene.person)

    assert sorted(notices) == ["damaged", "not_genuine", "not_genuine"]
    assert scene.sheets() == 1
    failed = {e["permit"]: e["reason"] for e in scene.audit() if e.get("phase") == "failed"}
    assert set(failed) == set(ways.values())
    assert failed[ways["digest"]] == "bundle-damaged"
    good = Applicant(applicant.nik, applicant.pin, applicant.handle, applicant.phone, [applicant.permit_ids[3]])
    scene.wait_for_permit(good, "printed")
    for permit_id in ways.values():
        spoiled = Applicant(applicant.nik, applicant.pin, applicant.handle, applicant.phone, [permit_id])
        scene.wait_for_permit(spoiled, "ready")


def test_a_card_with_a_broken_or_foreign_signature_uses_no_blank(scene: Scene) -> None:
    applicant = scene.prepare("ktp-el", count=2)
    for permit_id, way in zip(applicant.permit_ids, ("bit-flip", "foreign-signer"), strict=True):
        scene.dinas.do("spoil", permit_id=permit_id, way=way)

    scene.log_in(applicant)
    scene.choose_all(KTP, 2)
    assert scene.follow_to_thanks() == ["not_genuine", "not_genuine"]
    visits.leave(scene.person)
    assert scene.sheets("card") == 0
    assert len([e for e in scene.audit() if e.get("phase") == "failed"]) == 2
    scene.wait_for_permit(applicant, "ready")


def test_a_signer_that_was_revoked_is_believed_no_longer(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.dinas.do("revoke", signer="document")
    scene.restart_engine()  # the lists are fetched at each start, and every quarter of an hour
    try:
        scene.log_in(applicant)
        scene.choose(KK)
        scene.notice("not_genuine")
        scene.wait_for_audit("attempt-advanced", phase="failed")
        scene.go_on_to_thanks("not_printed")
    finally:
        scene.dinas.do("unrevoke", signer="document")
        scene.restart_engine()
    assert scene.sheets() == 0
    scene.wait_for_permit(applicant, "ready")


# -- the line


def test_a_dinas_that_is_away_is_told_at_the_pin_at_the_claim_and_before_anyone_types(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.scan(applicant)
    scene.person.see(visits.PIN)
    scene.dinas.do("away", mode="refuse")
    visits.type_pin(scene.person, applicant.pin)
    scene.notice("dinas_away")
    scene.wait_for_audit("login-refused", problem="dinas-away")
    scene.wait_for_audit("dinas-away")

    scene.dinas.do("back")
    scene.act("retry")
    visits.type_pin(scene.person, applicant.pin)
    scene.person.see(visits.DOCUMENTS)

    scene.dinas.do("away", mode="refuse")
    scene.choose(KK)
    scene.notice("dinas_away")
    scene.wait_for_audit("attempt-advanced", phase="failed", reason="dinas-away")
    scene.act("continue")
    scene.read(visits.THANKS, "thanks.ended.not_printed")
    scene.person.tap(t("thanks.done"))

    scene.read(visits.OUT, "out.title.dinas_away")
    scene.read(visits.OUT, "out.what.dinas_away")
    scene.dinas.do("back")
    scene.person.see(visits.HOME, within=45)
    scene.wait_for_audit("dinas-back")
    assert scene.sheets() == 0
    scene.wait_for_permit(applicant, "ready")


# -- the machine


def test_an_engine_that_is_killed_is_told_at_once_and_starts_without_its_paper_printer(scene: Scene) -> None:
    kiosk, paper = scene.stage.kiosk, scene.paper
    assert kiosk.engine is not None
    paper.do("power_off")
    kiosk.engine.kill()
    scene.read("lost", "out.lost_title", within=5)

    scene.start_engine()
    scene.read(visits.HOME, "home.not_now.a4")
    scene.read(visits.HOME, "trouble.a4.away")
    scene.read(visits.HOME, "home.still.card")
    scene.wait_for_audit("device-missing", device="paper-printer")

    applicant = scene.prepare("kia")
    scene.log_in(applicant)
    scene.choose(KIA)
    visits.take_card(scene.person, scene.card, "kia")
    visits.leave(scene.person)
    scene.wait_for_permit(applicant, "printed")

    paper.do("power_on")
    scene.person.see(visits.HOME, 30, lambda tree: all(t("home.not_now.a4") not in i["label"] for i in tree["items"]))
    scene.wait_for_audit("device-back", device="paper-printer")


def test_missing_blanks_are_told_before_anyone_types_and_on_the_list(scene: Scene) -> None:
    applicant = scene.prepare("kia")
    scene.card.do("condition", name="media_empty", on=True)
    scene.read(visits.HOME, "home.not_now.card")
    scene.read(visits.HOME, "trouble.card.media_empty")
    scene.log_in(applicant)
    tree = scene.read(visits.DOCUMENTS, "documents.state.trouble", trouble=t("trouble.card.media_empty"))
    assert not [i for i in tree["items"] if i["role"] == "checkbox" and i["enabled"]]

    scene.card.do("refill", n=10)
    scene.choose(KIA)
    visits.take_card(scene.person, scene.card, "kia")
    visits.leave(scene.person)
    scene.wait_for_permit(applicant, "printed")


def test_paper_that_runs_out_while_printing_is_waited_for(scene: Scene) -> None:
    applicant = scene.prepare()
    scene.log_in(applicant)
    scene.dinas.do("fault", kind="slow", path="/attempts/", seconds=1.5)  # the paper goes after the last look at it
    scene.choose(KK)
    scene.person.see(visits.PRINTING)
    scene.paper.do("condition", name="media_empty", on=True)
    scene.read(visits.PRINTING, "printing.waits", trouble=t("trouble.a4.media_empty"))
    assert scene.sheets() == 0

    scene.paper.do("refill", n=100)
    visits.take_paper(scene.person, "kk")
    visits.leave(scene.person)
    assert scene.sheets() == 1
    scene.wait_for_permit(applicant, "printed")
    scene.wait_for_audit("attempt-advanced", phase="taken", outcome="printed")


def test_a_card_that_nobody_takes_is_kept_back_and_the_right_stands(scene: Scene) -> None:
    applicant = scene.prepare("kia")
    scene.log_in(applicant)
    scene.choose(KIA)
    scene.person.see(visits.TAKE, visits.MADE_WITHIN_S)
    scene.notice("not_taken")
    scene.go_on_to_thanks("kept")

    assert scene.card.state()["reject_bin"] == 1
    scene.wait_for_audit("attempt-advanced", phase="retracted", outcome="spoiled")
    scene.wait_until(
        lambda: [a["outcome"] for a in scene.permit(applicant)["attempts"]] == ["spoiled"],
        lambda: str(scene.permit(applicant)),
    )
    assert scene.permit(applicant)["state"] != "printed"
    scene.dinas.do("account", permit_id=applicant.permit_ids[0])
    assert scene.permit(applicant)["state"] == "ready"


def test_a_screen_that_is_killed_while_printing_comes_back_to_the_document(scene: Scene) -> None:
    kiosk = scene.stage.kiosk
    assert kiosk.screen is not None
    applicant = scene.prepare()
    scene.paper.do("page_time", seconds=2)
    scene.log_in(applicant)
    scene.choose(KK)
    scene.person.see(visits.PRINTING)
    kiosk.screen.kill()
    kiosk.start_screen()

    visits.take_paper(scene.person, "kk")
    visits.leave(scene.person)
    assert scene.sheets() == 1
    scene.wait_for_permit(applicant, "printed")
    scene.wait_for_audit("attempt-advanced", phase="taken")

"""What stands in the margin to the left of the text."""

from tests.mapping.paragraph import read

BESIDE = """
§ 5                                          Dnr SN 2024/5

Motion om bänkar

Beslut          Nämnden beslutar

                - att avslå motionen

Bakgrund        Anna Ek (S) och Bo Alm (M) föreslår i en motion fler
                bänkar vid torget.

Besluts-        Tjänsteskrivelse 2024-05-02
underlag        Motion 2024-01-09

Yrkanden        Cia Dal (V) yrkar bifall till motionen.

Reservation     Cia Dal (V) reserverar sig mot beslutet.

Beslut till     Motionärerna

§ 6                                          Dnr SN 2024/6

Taxa

Beslut          Nämnden bordlägger ärendet.
"""

RECIPIENTS = """
                  § 5                            Dnr SN 2024/5

                  BÄNKAR

                  NÄMNDEN BESLUTAR

Utdrag:           att köpa bänkar,
Ekonomienheten
Ks                att ställa dem vid torget.

                  § 6                            Dnr SN 2024/6

                  BORD

                  NÄMNDEN BESLUTAR

Utdrag:           att avslå begäran.
Teknik- och serviceenheten

                  Ärendet har beretts av kontoret, som inte
                  har något att tillägga utöver vad som sagts.
"""


def test_headings_in_the_margin_head_the_text_beside_them() -> None:
    motion, taxa = read(BESIDE).items
    assert motion.decision and [p.text for p in motion.decision.points] == ["att avslå motionen"]
    assert [d.printed for d in motion.documents] == ["Tjänsteskrivelse 2024-05-02", "Motion 2024-01-09"]
    assert [p.by[0].name for p in motion.proposals] == ["Cia Dal"]
    assert [r.by[0].name for r in motion.reservations] == ["Cia Dal"]
    assert [a.name for a in motion.matters[0].authors] == ["Anna Ek", "Bo Alm"]
    assert taxa.decision and taxa.decision.outcome == "postponed"


def test_recipients_in_the_margin_are_no_part_of_the_decision() -> None:
    items = read(RECIPIENTS).items
    assert [[p.text for p in i.decision.points] if i.decision else None for i in items] == [
        ["att köpa bänkar,", "att ställa dem vid torget."],
        ["att avslå begäran."],
    ]

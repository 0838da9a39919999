"""The API under thousands of odd requests by two people: no fault of ours, nothing undocumented, nothing foreign.

`make fuzz` sends 10,000; here it is a few hundred.
"""

import os

from tests.journeys.fuzzing import Person, fuzz
from tests.journeys.site import Site

CASES = int(os.environ.get("CASES", "200"))


def test_odd_requests_by_two_people_meet_no_fault_and_nothing_foreign(site: Site) -> None:
    ada, omar = Person(site, "Ada"), Person(site, "Omar")

    findings = {
        ada: fuzz(site, ada, others=[omar], cases=CASES // 2),
        omar: fuzz(site, omar, others=[ada], cases=CASES // 2),
    }

    foreign = {ada.name: findings[ada].told & omar.own_ids(), omar.name: findings[omar].told & ada.own_ids()}
    for person, found in findings.items():
        print(f"\n{person.name}: {found.cases} cases by status: {dict(sorted(found.statuses.items()))}")
        print(f"5xx: {found.server_errors}, foreign objects: {len(foreign[person.name])}")
        print(f"against the document: {len(found.faults)}", *found.faults.items(), sep="\n")
        assert found.told & person.own_ids()
        assert found.server_errors == 0
    assert [found.faults for found in findings.values()] == [{}, {}]
    assert foreign == {ada.name: set(), omar.name: set()}

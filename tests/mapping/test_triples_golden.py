"""What must be said of every kind of thing in a page of minutes, subject by subject, without the evidence."""

import pytest

from tests.mapping.triples_story import SHA, P, graph, told

GOLDEN = {
    "document/0123456789abcdef": f"""
dcterms:title "Protokoll 4/2024"@sv
dcterms:type kgc:document-type/minutes
kg:canonicalText text/0123456789abcdef
kg:documents meeting/almvik/socialnamnden/2024-05-21
kg:pageCount "2"
kg:sha256 "{SHA}"
rdf:type foaf:Document
rdf:type kg:Document
rdf:type kg:Minutes""",
    "run/0123456789abcdef/0.1.0": """
kg:programVersion "0.1.0"
prov:used document/0123456789abcdef
rdf:type kg:MappingRun
rdf:type prov:Activity""",
    "municipality/almvik": """
rdf:type kg:LocalAuthority
rdf:type org:FormalOrganization
rdfs:label "Almviks kommun"@sv""",
    "body/almvik/socialnamnden": """
kg:bodyType kgc:body-type/committee
kg:partOfAuthority municipality/almvik
rdf:type kg:Body
rdf:type org:OrganizationalUnit
rdfs:label "Socialnämnden"@sv""",
    "meeting/almvik/socialnamnden/2024-05-21": """
kg:adjustedBy person/almvik/ulla-ek-l
kg:adjustedOn "2024-05-28"
kg:chair person/almvik/mirja-stalbrand-s
kg:date "2024-05-21"
kg:dateVerbatim "den 21 maj 2024"
kg:hasAttendance attendance/almvik/socialnamnden/2024-05-21/leyla-tamrin-l
kg:hasAttendance attendance/almvik/socialnamnden/2024-05-21/mirja-stalbrand-s
kg:hasAttendance attendance/almvik/socialnamnden/2024-05-21/nils-ask
kg:heldBy body/almvik/socialnamnden
kg:minutesNumber "4/2024"
rdf:type kg:Meeting
rdf:type prov:Activity""",
    "attendance/almvik/socialnamnden/2024-05-21/leyla-tamrin-l": """
kg:attendanceRole kgc:role/serving-substitute
kg:attendee person/almvik/leyla-tamrin-l
kg:partyVerbatim "fp"
kg:presentForParagraph "63"
kg:presentForParagraph "64"
kg:representsParty party/L
kg:substitutesFor person/almvik/ulla-ek-l
rdf:type kg:Attendance
rdf:type prov:Entity""",
    P: """
dcterms:references document/se/prop-2024-25-89
dcterms:title "Remiss av motion om \\"kvällsöppet\\""@sv
kg:basedOnDocument document/almvik/SN-2024-31-2
kg:basedOnDocument §/document/2
kg:concernsCase case/almvik/SN-2024-31
kg:concernsMatter matter/almvik/KS-2024-112/motion
kg:hasProposal §/proposal/1
kg:hasProposal §/proposal/2
kg:hasProposal §/proposal/3
kg:hasProposal §/proposal/4
kg:hasRecusal §/recusal/1
kg:hasReservation §/reservation/1
kg:hasStatement §/statement/1
kg:hasStatement §/statement/2
kg:hasVote §/vote/1
kg:itemType kgc:item-type/motion
kg:paragraphNumber "63"
kg:paragraphSuffix "20"
kg:relatedCase case/almvik/KS-2024-112
kg:resultedIn §/decision
kg:treatedAt meeting/almvik/socialnamnden/2024-05-21
rdf:type kg:ItemTreatment
rdf:type prov:Activity""",
    "case/almvik/SN-2024-31": """
dcterms:identifier "SN 2024/31"
kg:hasRegistryNumber registry-number/almvik/SN-2024-31
kg:respondsTo case/almvik/KS-2024-112
rdf:type kg:Case
rdf:type prov:Entity""",
    "registry-number/almvik/SN-2024-31": """
kg:notationVerbatim "SN 2024/31"
kg:notationVerbatim "SN 2024/31-2"
kg:registryAuthority "SN"
kg:registrySequence "31"
kg:registryYear "2024"^^xsd:gYear
rdf:type adms:Identifier
rdf:type kg:RegistryNumber
skos:notation "SN 2024/31\"""",
    "document/almvik/SN-2024-31-2": """
dcterms:identifier "SN 2024/31-2"
dcterms:title "Tjänsteutlåtande om svaret"@sv
dcterms:type kgc:document-type/official-report
kg:partOfCase case/almvik/SN-2024-31
rdf:type foaf:Document
rdf:type kg:Document
rdf:type kg:OfficialReport""",
    "matter/almvik/KS-2024-112/motion": """
dcterms:title "kvällsöppet"@sv
kg:onBehalfOf party/L
kg:partOfCase case/almvik/KS-2024-112
kg:question matter/almvik/KS-2024-112/motion/question/1
kg:referredBy body/almvik/kommunstyrelsen
kg:signatory matter/almvik/KS-2024-112/motion/signatory/1
kg:submittedBy person/almvik/ulla-ek-l
rdf:type kg:Matter
rdf:type kg:Motion
rdf:type prov:Entity""",
    f"{P}/proposal/1": """
kg:hasPoint §/proposal/1/1
kg:position "1"
kg:proposedBy administration/almvik/socialnamnden-forvaltningen
rdf:type kg:Proposal
rdf:type prov:Entity""",
    f"{P}/proposal/2": """
kg:onBehalfOf party/S
kg:position "2"
kg:proposedBy person/almvik/mirja-stalbrand-s
kg:requestedOutcome kgc:outcome/approved
kg:signatory §/proposal/2/signatory/1
kg:supports §/proposal/1
kg:withOthers "true"
rdf:type kg:Proposal
rdf:type prov:Entity""",
    f"{P}/proposal/3/signatory/1": """
kg:partyVerbatim "fp"
kg:person person/almvik/leyla-tamrin-l
kg:position "1"
kg:representsParty party/L
rdf:type kg:Signatory
rdf:type prov:Entity""",
    f"{P}/proposal/4": """
kg:onBehalfOf party/almvik/BYA
kg:position "4"
kg:proposedBy party/almvik/BYA
kg:rejects §/proposal/1
kg:requestedOutcome kgc:outcome/rejected
kg:signatory §/proposal/4/signatory/1
rdf:type kg:Proposal
rdf:type prov:Entity""",
    "party/almvik/BYA": """
rdf:type kg:Party
rdf:type org:Organization
rdfs:label "BYA"@sv
skos:notation "BYA\"""",
    f"{P}/decision": """
kg:adopts §/proposal/1
kg:date "2024-05-21"
kg:decidedBy body/almvik/socialnamnden
kg:decisionOutcome kgc:outcome/approved
kg:followsAdministration "true"
kg:hasPoint §/decision/1
kg:hasPoint §/decision/2
kg:outcomeVerbatim "beslutar"
kg:recommendsTo body/almvik/kommunfullmaktige
rdf:type kg:Decision
rdf:type prov:Entity""",
    f"{P}/decision/1": """
kg:pointNumber "1"
kg:position "1"
kg:text "Svaret godkänns."@sv
rdf:type kg:DecisionPoint
rdf:type prov:Entity""",
    f"{P}/vote/1": """
kg:hasBallot §/vote/1/ballot/1
kg:hasBallot §/vote/1/ballot/2
kg:noCount "1"
kg:noMeans "motionen bifalls"@sv
kg:yesCount "1"
kg:yesMeans §/proposal/1
rdf:type kg:VoteEvent
rdf:type prov:Activity""",
    f"{P}/vote/1/ballot/2": """
kg:ballotValue kgc:ballot/no
kg:castBy person/almvik/leyla-tamrin-l
kg:partyVerbatim "fp"
kg:representsParty party/L
rdf:type kg:Ballot
rdf:type prov:Entity""",
    f"{P}/reservation/1": """
kg:against §/decision
kg:inFavourOf §/proposal/3
kg:onBehalfOf party/L
kg:position "1"
kg:reservedBy person/almvik/leyla-tamrin-l
kg:signatory §/reservation/1/signatory/1
kg:text "Folkpartiet beklagar ••••••-••••."@sv
rdf:type kg:Reservation
rdf:type prov:Entity""",
    f"{P}/statement/2": """
kg:endorses §/statement/1
kg:onBehalfOf party/L
kg:position "2"
kg:signatory §/statement/2/signatory/1
kg:statedBy person/almvik/ulla-ek-l
rdf:type kg:Statement
rdf:type kg:SubstituteStatement
rdf:type prov:Entity""",
    f"{P}/recusal/1": """
kg:person person/almvik/ulla-ek-l
kg:representsParty party/L
kg:signatory §/recusal/1/signatory/1
kg:text "Ulla Ek (L) anmälde jäv."@sv
rdf:type kg:Recusal
rdf:type prov:Entity""",
    "membership/almvik/nils-ask/socialnamnden-forvaltningen/presenter": """
kg:role kgc:role/presenter
org:member person/almvik/nils-ask
org:organization administration/almvik/socialnamnden-forvaltningen
rdf:type kg:Membership
rdf:type org:Membership""",
}


@pytest.mark.parametrize("subject", GOLDEN)
def test_what_minutes_say(subject: str) -> None:
    assert told(graph(), subject) == GOLDEN[subject].strip()

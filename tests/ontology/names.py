"""The names that the model fixes, written by hand: queries and integrators rely on each of them."""


def _words(text: str) -> list[str]:
    return text.split()


CLASSES = _words(
    """
    LocalAuthority Municipality Region JointAuthority Body Administration Meeting AgendaItem ItemTreatment
    Case RegistryNumber Person Party Membership Attendance Recusal NonParticipation Matter Motion MemberLetter
    Interpellation SimpleQuestion CitizenProposal Referral Report Proposal Decision DecisionPoint VoteEvent
    Ballot Reservation Statement SpecialStatement SubstituteStatement MinutesNote Document Minutes
    MinutesExtract Agenda OfficialReport MotionDocument AnnualReport Appendix Goal GoalActivity
    IndicatorObservation BudgetLine SourceSpan MappingRun Question Signatory IdentityNote ImportRun
    ImportedDataset Correction
    """
)

PROPERTIES = _words(
    """
    municipalityCode partOfAuthority partOfMunicipality bodyType parentBody heldBy date minutesNumber chair
    secretary adjustedBy adjustedOn adjustmentAnnounced location hasAttendance attendee attendanceRole representsParty
    substitutesFor presentForParagraph person text onAgendaOf itemNumber position treatedAt paragraphNumber
    subtitle treats itemType concernsCase relatedCase concernsMatter summary hasProposal basedOnDocument
    resultedIn hasReservation hasStatement hasVote hasRecusal hasNonParticipation immediatelyAdjusted
    procedure administrationReportDate hasRegistryNumber respondsTo registryAuthority registryYear
    registrySequence classificationCode submittedBy onBehalfOf withOthers question partOfCase referredBy
    proposedBy hasPoint supports rejects decidedBy decisionOutcome outcomeVerbatim adopts recommendsTo
    pointNumber yesMeans noMeans yesCount noCount abstainCount absentCount hasBallot castingVote castBy
    ballotValue reservedBy against inFavourOf statedBy endorses isOfficial possiblySameAs role observedFrom
    observedUntil canonicalText sha256 pageCount documents reportsOn year hasGoal hasActivity hasIndicator hasBudgetLine
    budgeted budgetedVerbatim budgetDeviation budgetDeviationVerbatim partOfTotal
    goalLevel goalNumber fulfilment parentGoal startDate endDate deviation underGoal analysis outcome
    outcomeMen outcomeWomen previousOutcome target councilTarget outcomeMenVerbatim outcomeWomenVerbatim
    previousOutcomeVerbatim targetVerbatim councilTargetVerbatim unit period evidence page signatory
    requestedOutcome partyVerbatim dateVerbatim roleVerbatim notationVerbatim preamble followsAdministration
    joinsProposalOf supportsPoint rejectsPoint programVersion concernsPerson spelling identityStatus reason
    processingStatus refusalReason linesClaimed linesIgnored linesUnread fileName hasReport confidence paragraphSuffix
    importFormat corrects correctedProperty formerValue newValue decisionMaker ground withdrawalGround
    """
)

CONCEPTS = {
    "outcome": "approved partly-approved rejected answered referred-back postponed withdrawn noted forwarded"
    " commissioned elected delegated other",
    "role": "chair first-vice-chair vice-chair member serving-substitute substitute adjuster secretary official"
    " presenter author insight other",
    "ballot": "yes no abstained absent recused not-participating",
    "item-type": "formality information motion referral member-letter interpellation citizen-proposal report budget"
    " plan application appointment delegation notification other",
    "body-type": "council executive committee district-committee subcommittee board",
    "document-type": "minutes minutes-extract agenda official-report motion annual-report appendix decision letter"
    " referral report other",
    "goal-level": "council-direction council-area body",
    "fulfilment": "full partial none",
    "access-ground": "open secrecy",
    "identity-status": "same different open",
    "processing-status": "accepted quarantined refused removed",
    "confidence": "stated inferred",
    "import-format": "kommungraf lblod oparl",
    "party": "S M SD C V KD MP L Fi FP VPK KDS",
}

STANDARD = {
    "LocalAuthority": "org:FormalOrganization",
    "Municipality": "org:FormalOrganization",
    "Body": "org:OrganizationalUnit",
    "Administration": "org:OrganizationalUnit",
    "Meeting": "prov:Activity",
    "AgendaItem": "prov:Entity",
    "ItemTreatment": "prov:Activity",
    "Case": "prov:Entity",
    "RegistryNumber": "adms:Identifier",
    "Person": "foaf:Person",
    "Party": "org:Organization",
    "Membership": "org:Membership",
    "Attendance": "prov:Entity",
    "Recusal": "prov:Entity",
    "NonParticipation": "prov:Entity",
    "Matter": "prov:Entity",
    "Motion": "prov:Entity",
    "Proposal": "prov:Entity",
    "Decision": "prov:Entity",
    "DecisionPoint": "prov:Entity",
    "VoteEvent": "prov:Activity",
    "Ballot": "prov:Entity",
    "Reservation": "prov:Entity",
    "Statement": "prov:Entity",
    "MinutesNote": "prov:Entity",
    "Document": "foaf:Document",
    "Minutes": "foaf:Document",
    "Goal": "prov:Entity",
    "GoalActivity": "prov:Entity",
    "IndicatorObservation": "qb:Observation",
    "BudgetLine": "qb:Observation",
    "SourceSpan": "oa:SpecificResource",
    "MappingRun": "prov:Activity",
    "Correction": "prov:Activity",
}

ALIGNED = {
    "LocalAuthority": "~besluit:Bestuurseenheid <cv:PublicOrganisation ~oparl:Body <schema:GovernmentOrganization <org:FormalOrganization",
    "Body": "~besluit:Bestuursorgaan <cv:PublicOrganisation ~oparl:Organization <org:OrganizationalUnit",
    "Meeting": "~besluit:Zitting <eli-dl:Activity ~oparl:Meeting <schema:Event",
    "AgendaItem": "~besluit:Agendapunt ~oparl:AgendaItem",
    "ItemTreatment": "~besluit:BehandelingVanAgendapunt ~eli-dl:Decision",
    "Case": "~eli-dl:Process",
    "Person": "~oparl:Person <person:Person <schema:Person",
    "Party": "~mandaat:Fractie <oparl:Organization <org:Organization",
    "Membership": "~mandaat:Mandataris ~oparl:Membership <schema:OrganizationRole <org:Membership",
    "Attendance": "~eli-dl:Participation",
    "Matter": "~oparl:Paper",
    "Proposal": "~opengov:Motion",
    "Decision": "~besluit:Besluit ~eli:LegalExpression",
    "DecisionPoint": "~besluit:Artikel <eli:LegalResourceSubdivision",
    "VoteEvent": "~besluit:Stemming ~eli-dl:Vote ~opengov:VoteEvent",
    "Ballot": "~opengov:Vote ~schema:VoteAction",
    "Document": "~eli:Manifestation ~oparl:File <schema:CreativeWork",
}
"""Classes with the classes elsewhere that come near them (~) or are broader (<), in order of file."""

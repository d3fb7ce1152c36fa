# Warwickshire, Strengthening Families, as a practice: the note of 2018 that announced the service. It gives one time
# limit and a few numbers, and names few roles. S3:23 is line 23 of it. A comment [I] marks what we inferred: the line
# given is then the one it rests on. What the note does not speak of (a second check, written consent, transfer panels,
# closure checklists) is not here.
@0xc9b0065694a9d74c;
using Cxx = import "/capnp/c++.capnp";
using P = import "../practice.capnp";
$Cxx.namespace("schema::packs");

const warManagers :List(Text) = ["team-manager", "service-manager"];
# Who keeps, forgets and discloses records is law and not practice; the documents do not speak of it.
const warRecordKeepers :List(Text) = ["data-governor", "team-manager", "service-manager"];
const warGovernor :List(Text) = ["data-governor"];
const warWorkers :List(Text) = ["family-support-worker", "strengthening-families-social-worker"];
const warSocialWorker :List(Text) = ["strengthening-families-social-worker"];
const warEverybodyOnCases :List(Text) = ["lead-professional", "family-support-worker",
  "strengthening-families-social-worker", "team-manager", "service-manager"];

const war2018 :P.Practice = (
  id = "WAR-2018",
  authority = "Warwickshire County Council",
  title = "New Strengthening Families Service, 2018",
  standing = standard,  # the service's own word on how it works, though it is a note and not a procedure
  from = 17652,   # 2018-05-01, the first stage commenced, S3:31
  until = 17804,  # 2018-09-30, the end of the month in which it is reviewed, S3:31
  source = "S3:5,31",
  calendar = "england-and-wales",

  roles = [
    (code = "family-support-worker", title = "Family support worker", reads = ownCases, source = "S3:17,23,45"),
    (code = "strengthening-families-social-worker", title = "Strengthening Families Social Worker", reads = team,
     source = "S3:13,23,41-43"),  # [I] the pod, to which they offer support and consultation
    (code = "lead-professional", title = "Lead professional in the early help network", reads = ownCases,
     source = "S3:17"),
    (code = "team-manager", title = "Team manager", reads = team, source = "S3:33"),                             # [I]
    (code = "service-manager", title = "Service manager", reads = service, source = "S3:65"),
    (code = "quality-assurance-auditor", title = "Quality assurance auditor", reads = service, source = "S3:31"),  # [I]
    (code = "inspector", title = "Inspector", reads = service, source = "S3:31"),                                # [I]
    (code = "data-governor", title = "Data governor", reads = nothing, governs = true, source = "S3:63")         # [I]
  ],

  acts = [
    # The directory, the practice and the service: not spoken of; the heads named at the end answer for them.
    (event = "ledgerOpened", roles = .warGovernor, source = "S3:63"),      # [I]
    (event = "personRegistered", roles = .warGovernor, source = "S3:63"),  # [I]
    (event = "keyEnrolled", roles = .warGovernor, source = "S3:63"),       # [I]
    (event = "keyRevoked", roles = .warGovernor, source = "S3:63"),        # [I]
    (event = "teamFormed", roles = .warGovernor, source = "S3:33,39"),     # [I]
    (event = "roleGranted", roles = .warGovernor, source = "S3:63"),       # [I]
    (event = "roleEnded", roles = .warGovernor, source = "S3:63"),         # [I]
    (event = "fteSet", roles = .warGovernor, source = "S3:63"),            # [I]
    (event = "calendarIssued", roles = .warGovernor, source = "S3:63"),    # [I]
    (event = "practiceAdopted", roles = .warGovernor, source = "S3:31"),   # [I]
    (event = "practiceExtended", roles = .warGovernor, source = "S3:31"),  # [I]
    (event = "readingAdopted", roles = .warGovernor, source = "S3:63"),    # [I]
    (event = "supervisionHeld", roles = .warManagers, source = "S3:33"),   # [I]

    # Entry
    (event = "contactReceived", roles = .warEverybodyOnCases, source = "S3:17,21"),  # [I]
    (event = "outcomeShared", roles = .warEverybodyOnCases, source = "S3:17"),       # [I]
    (event = "referralAccepted", roles = .warManagers, source = "S3:17,21,27"),      # [I]
    (event = "episodeOpened", roles = .warManagers, source = "S3:17,21"),            # [I]

    # Consent
    (event = "consentRecorded", roles = .warEverybodyOnCases, source = "S3:52"),
    (event = "consentRecorded", kind = "early-help-assessment",
     roles = ["lead-professional", "family-support-worker"], source = "S3:17"),
    (event = "consentRecorded", kind = "statutory-assessment", roles = .warSocialWorker, source = "S3:21"),
    (event = "consentConfirmed", roles = .warWorkers, source = "S3:52"),             # [I]
    (event = "consentRefused", roles = .warEverybodyOnCases, source = "S3:17,52"),   # [I]
    (event = "consentWithdrawn", roles = .warEverybodyOnCases, source = "S3:52"),    # [I]
    (event = "withdrawalConsidered", roles = .warManagers, source = "S3:52"),        # [I]

    # Allocation
    (event = "allocated", roles = .warManagers, source = "S3:17,23"),                # [I] who allocates
    (event = "reallocated", roles = .warManagers, source = "S3:54"),                 # [I]
    (event = "capacityOverrideApproved", roles = .warManagers, source = "S3:41,45"), # [I]
    (event = "levelSet", kind = "targeted",
     roles = ["lead-professional", "strengthening-families-social-worker", "team-manager", "service-manager"],
     source = "S3:17"),  # [I] who sets it
    (event = "levelSet", kind = "child-in-need",
     roles = ["strengthening-families-social-worker", "team-manager", "service-manager"],
     source = "S3:21"),  # [I] who sets it
    (event = "leadAppointed", roles = .warManagers, source = "S3:17,43"),            # [I] who appoints

    # Engagement and assessment
    (event = "familyContacted", roles = .warWorkers, source = "S3:43"),              # [I]
    (event = "introductoryVisitHeld", roles = .warWorkers, source = "S3:43"),        # [I]
    (event = "agencyContacted", roles = .warWorkers, source = "S3:17,43"),
    (event = "assessmentStarted", kind = "early-help-single",
     roles = ["lead-professional", "family-support-worker"], source = "S3:17"),
    (event = "assessmentStarted", kind = "statutory-single", roles = .warSocialWorker, source = "S3:21"),
    (event = "assessmentSubmitted",
     roles = ["lead-professional", "family-support-worker", "strengthening-families-social-worker"],
     source = "S3:17,21"),
    (event = "assessmentReturned", roles = .warManagers, source = "S3:33"),          # [I]
    (event = "assessmentAuthorised", roles = .warManagers, source = "S3:33"),        # [I]
    (event = "assessmentShared", roles = ["lead-professional", "family-support-worker",
     "strengthening-families-social-worker"], source = "S3:17,21"),                  # [I]
    (event = "familyNetworkRecorded", roles = .warWorkers, source = "S3:43"),        # [I]

    # Plan, visits, reviews
    (event = "planningMeetingHeld", roles = .warWorkers, source = "S3:47"),          # [I]
    (event = "minutesDistributed", roles = .warWorkers, source = "S3:47"),           # [I]
    (event = "planAgreed", kind = "child-in-need-plan", roles = .warSocialWorker, source = "S3:23,43"),  # [I]
    (event = "planAgreed", kind = "targeted-plan", roles = .warWorkers, source = "S3:17,25"),            # [I]
    (event = "planUpdated", roles = .warWorkers, source = "S3:25,43"),
    (event = "visitHeld", roles = .warWorkers, source = "S3:43"),
    (event = "visitNotHeld", roles = .warWorkers, source = "S3:43"),                 # [I]
    (event = "visitRecorded", roles = .warWorkers, source = "S3:43"),                # [I]
    (event = "directWorkRecorded", roles = .warWorkers, source = "S3:23,43"),
    (event = "caseNoteAdded", roles = .warEverybodyOnCases, source = "S3:43"),       # [I]
    (event = "reviewMeetingHeld", kind = "child-in-need", roles = .warSocialWorker, source = "S3:23"),
    (event = "reviewMeetingHeld", kind = "targeted", roles = ["family-support-worker"], source = "S3:25"),
    (event = "managerReviewHeld", roles = .warManagers, source = "S3:33"),           # [I]

    # Oversight and escalation
    (event = "oversightRecorded",
     roles = ["strengthening-families-social-worker", "team-manager", "service-manager"], source = "S3:23,43"),
    (event = "managerAlerted", roles = .warWorkers, source = "S3:47"),               # [I]
    (event = "escalationDecided", roles = .warManagers, source = "S3:41,47"),        # [I]
    (event = "familyInformed", roles = .warEverybodyOnCases, source = "S3:52"),      # [I]
    (event = "safeguardingReferralMade", roles = ["family-support-worker", "strengthening-families-social-worker",
     "team-manager", "service-manager"], source = "S3:47"),                          # [I]

    # Ending
    (event = "closureProposed", roles = .warWorkers, source = "S3:45"),              # [I]
    (event = "endingMeetingHeld", roles = .warWorkers, source = "S3:45"),            # [I]
    (event = "feedbackReceived", roles = .warWorkers, source = "S3:31"),             # [I]
    (event = "closureSummaryRecorded", roles = .warWorkers, source = "S3:43"),       # [I]
    (event = "caseClosed", roles = .warManagers, source = "S3:33"),                  # [I]

    # The record about itself
    (event = "correctionRecorded", roles = .warEverybodyOnCases, source = "S3:43"),  # [I]
    (event = "significanceMarked", roles = .warEverybodyOnCases, source = "S3:47"),  # [I]

    # Keeping, forgetting, disclosing [I]
    (event = "checkpointKeyRotated", roles = .warGovernor, source = "S3:63"),
    (event = "retentionScheduleIssued", roles = .warGovernor, source = "S3:63"),
    (event = "retentionClassSet", roles = .warRecordKeepers, source = "S3:63"),
    (event = "legalHoldPlaced", roles = .warRecordKeepers, source = "S3:63"),
    (event = "legalHoldReleased", roles = .warRecordKeepers, source = "S3:63"),
    (event = "erasureRequested", roles = .warEverybodyOnCases, source = "S3:63"),
    (event = "erasureRefused", roles = .warRecordKeepers, source = "S3:63"),
    (event = "subjectErased", roles = .warRecordKeepers, source = "S3:63"),
    (event = "recordDisclosed", roles = .warRecordKeepers, source = "S3:63")
  ],

  guards = [
    (guard = notExcluded, source = "S3:27"),
    (guard = consentForScope, code = "assessmentStarted", kind = "early-help-single",
     detail = "early-help-assessment", source = "S3:17"),
    (guard = consentForScope, code = "assessmentStarted", kind = "statutory-single",
     detail = "statutory-assessment", source = "S3:21"),
    # The social worker's first: they lead as soon as one of the children is in need.
    (guard = leadForLevel, code = "child-in-need", detail = "strengthening-families-social-worker", source = "S3:43"),
    (guard = leadForLevel, code = "targeted", detail = "family-support-worker", source = "S3:17"),
    (guard = correctedByAuthor, code = "oversightRecorded", source = "S3:43", inferred = true)
  ],

  # Of the lists below the note gives levels, exclusions, assessments, plans and reviews; the rest is [I].
  codeLists = [
    (name = "channel", source = "S3:17", codes = [
      (code = "self", title = "The family itself"),
      (code = "professional-form", title = "Referral form from a professional"),
      (code = "telephone", title = "Telephone")]),
    (name = "referrer", source = "S3:17,35", codes = [
      (code = "parent", title = "Parent or carer"),
      (code = "young-person", title = "Child or young person"),
      (code = "lead-professional", title = "Lead professional in the early help network", source = "S3:17"),
      (code = "school", title = "School or college", source = "S3:33"),
      (code = "early-years-provider", title = "Early years provider", source = "S3:33"),
      (code = "health-visitor", title = "Health visitor"),
      (code = "youth-service", title = "Youth service", source = "S3:35"),
      (code = "police", title = "Police"),
      (code = "social-care", title = "Children's social care", source = "S3:21"),
      (code = "other", title = "Somebody else")]),
    (name = "level", source = "S3:9-11", codes = [
      (code = "targeted", title = "Targeted support", source = "S3:15-17"),
      (code = "child-in-need", title = "Child in need", source = "S3:19-23")]),
    (name = "exclusion", source = "S3:27", codes = [
      (code = "send-service", title = "Supported by the SEND service", source = "S3:27"),
      (code = "edge-of-care", title = "Edge of care", source = "S3:27"),
      (code = "edge-of-child-protection", title = "Edge of child protection", source = "S3:27")]),
    (name = "consent-scope", source = "S3:17,21,52", codes = [
      (code = "early-help-assessment", title = "Early help single assessment", source = "S3:17"),
      (code = "statutory-assessment", title = "Statutory level single assessment", source = "S3:21"),
      (code = "intervention", title = "The support itself and its level", source = "S3:52"),
      (code = "agencies", title = "Contacting other agencies")]),
    (name = "contact-mode", source = "S3:43", codes = [
      (code = "telephone", title = "Telephone"), (code = "face-to-face", title = "Face to face"),
      (code = "letter", title = "Letter"), (code = "text-message", title = "Text message"),
      (code = "email", title = "Email")]),
    (name = "visit-mode", source = "S3:43", codes = [
      (code = "face-to-face", title = "Face to face"), (code = "telephone", title = "Telephone"),
      (code = "video", title = "Video call")]),
    (name = "agency", source = "S3:33-35", codes = [
      (code = "school", title = "School", source = "S3:33"),
      (code = "early-years-provider", title = "Early years provider", source = "S3:33"),
      (code = "youth-service", title = "Youth service", source = "S3:35"),
      (code = "health", title = "Health service", source = "S3:35"),
      (code = "police", title = "Police"),
      (code = "other", title = "Another agency", source = "S3:35")]),
    (name = "assessment", source = "S3:17,21", codes = [
      (code = "early-help-single", title = "Early help single assessment", source = "S3:17"),
      (code = "statutory-single", title = "Statutory level single assessment (section 17)", source = "S3:21")]),
    (name = "plan", source = "S3:23", codes = [
      (code = "child-in-need-plan", title = "Child in need plan", source = "S3:23"),
      (code = "targeted-plan", title = "Plan for targeted support", source = "S3:17")]),
    (name = "place", source = "S3:33", codes = [
      (code = "home", title = "Family home", source = "S3:33"),
      (code = "school", title = "School", source = "S3:33"),
      (code = "family-centre", title = "Children and family centre", source = "S3:35"),
      (code = "early-years-setting", title = "Early years setting", source = "S3:33"),
      (code = "public-space", title = "Public space"),
      (code = "remote", title = "No place: by telephone or video"),
      (code = "other", title = "Another private place")]),
    (name = "no-visit-reason", source = "S3:43", codes = [
      (code = "no-access", title = "Nobody at home or no access"),
      (code = "cancelled-by-family", title = "Cancelled by the family"),
      (code = "cancelled-by-service", title = "Cancelled by the service"),
      (code = "other", title = "Another reason")]),
    (name = "note", source = "S3:43", codes = [
      (code = "action", title = "Action taken"), (code = "observation", title = "Observation"),
      (code = "analysis", title = "Analysis"), (code = "decision", title = "Decision")]),
    (name = "review", source = "S3:23-25", codes = [
      (code = "child-in-need", title = "Review of a child in need plan", source = "S3:23"),
      (code = "targeted", title = "Review of a plan for targeted support", source = "S3:25")]),
    (name = "oversight-point", source = "S3:43", codes = [
      (code = "allocation", title = "Allocation"),
      (code = "assessment", title = "Completion of the assessment"),
      (code = "plan", title = "The plan", source = "S3:43"),
      (code = "closure", title = "Closure")]),
    (name = "discussed-with", source = "S3:47", codes = [
      (code = "strengthening-families-social-worker", title = "Strengthening Families Social Worker",
       source = "S3:41"),
      (code = "social-care-duty-manager", title = "Duty manager in children's social care"),
      (code = "not-discussed", title = "Not discussed")]),
    (name = "closure-reason", source = "S3:45", codes = [
      (code = "goals-met", title = "Goals reached"),
      (code = "not-wanted", title = "Service no longer wanted or needed"),
      (code = "disengaged", title = "Family disengaged"),
      (code = "refused", title = "Family refused"),
      (code = "escalated", title = "Taken over by social care")]),
    (name = "outcome", source = "S3:39", codes = [
      (code = "goals-met", title = "All goals met"),
      (code = "goals-partly-met", title = "Some goals met"),
      (code = "goals-not-met", title = "No goal met"),
      (code = "not-known", title = "Not known")]),
    (name = "rating", source = "S3:31", codes = [
      (code = "excellent", title = "Excellent"), (code = "good", title = "Good"),
      (code = "fair", title = "Fair"), (code = "poor", title = "Poor")])
  ],

  rules = [
    (id = "T70", title = "Review of a child in need plan", source = "S3:23",
     quote = "The social worker will be responsible for reviewing the plan every 4-6 weeks",
     stops = ["caseClosed"], stopsByKind = [(events = ["levelSet"], kinds = ["targeted"])],
     readings = [
      (id = "window", title = "Between 4 and 6 weeks from the plan or the last review", source = "S3:23",
       inferred = true,  # that a review may come too early
       start = (events = ["planAgreed"], kinds = ["child-in-need-plan"]),
       end = (events = ["reviewMeetingHeld"], kinds = ["child-in-need"]), repeats = true, opens = 28, limit = 42,
       unit = days, note = "From when the weeks run is not said."),
      (id = "max-42d", title = "6 weeks at most from the plan or the last review", source = "S3:23",
       start = (events = ["planAgreed"], kinds = ["child-in-need-plan"]),
       end = (events = ["reviewMeetingHeld"], kinds = ["child-in-need"]), repeats = true, limit = 42,
       unit = days, note = "From when the weeks run is not said.")]),

    (id = "T71", title = "Review set by the family support worker", severity = monitor, source = "S3:25",
     quote = "Family support workers will robustly manage the plan and set review timescales",
     stops = ["caseClosed"],
     readings = [
      (id = "as-set", title = "By the day set in the plan", source = "S3:25",
       start = (events = ["planAgreed"]), end = (events = ["reviewMeetingHeld"]), repeats = true, unit = none,
       replacedBy = "reviewBy", replacedIn = "planAgreed planUpdated",
       note = "Each case has its own; the note gives no number.")])
  ],

  caps = [
    (id = "P7", title = "Children per family support worker", measure = childrenPerWorker, limit = 20,
     role = "family-support-worker", mode = overridable, source = "S3:45",
     note = "\"up to 20 children at any one time\"; nothing is said of part-time workers."),
    (id = "P6", title = "Children per pod", measure = childrenPerTeam, limit = 100, teamKind = "pod",
     mode = overridable, source = "S3:41"),
    (id = "P6-cin", title = "Children in need per pod", measure = childrenPerTeamAtLevel, limit = 50,
     level = "child-in-need", teamKind = "pod", mode = advisory, source = "S3:41",
     note = "\"a 50/50 split\": whether a limit or a planning ratio is not said."),
    (id = "P6-targeted", title = "Children with targeted support per pod", measure = childrenPerTeamAtLevel,
     limit = 50, level = "targeted", teamKind = "pod", mode = advisory, source = "S3:41",
     note = "\"a 50/50 split\": whether a limit or a planning ratio is not said."),
    (id = "P6-sfsw", title = "Children per Strengthening Families Social Worker", measure = childrenPerWorker,
     limit = 50, role = "strengthening-families-social-worker", mode = advisory, source = "S3:41",
     note = "\"50 children will be allocated\": whether at most 50 is not said.")
  ],

  gaps = [
    (text = "The service is reviewed in September 2018; what was decided then is not in evidence.", source = "S3:31",
     endsEvidence = true),
    (text = "The family support worker leads targeted support (S3:17), the social worker leads for children in need (S3:43).",
     source = "S3:17,43"),
    (rule = "T70", text = "The social worker reviews the plan (S3:23) and family support workers set review timescales (S3:25): two series of reviews.",
     source = "S3:23-25"),
    (rule = "T70", text = "From when the 4 to 6 weeks run is not said.", source = "S3:23"),
    (rule = "T72", text = "The note promises \"regular visits, timely and enhanced reviews\" and gives no number.", source = "S3:56"),
    (text = "Whether the 50/50 split of a pod is a limit or a planning ratio is not said.", source = "S3:41"),
    (text = "Who authorises assessments, allocates, accepts and closes is not said; a team manager does so here.",
     source = "S3:33"),
    (text = "How long a record is kept, who may erase what, and who may be given a copy is not said: an authority issues a retention schedule of its own, and without one nothing is erased because time has passed.",
     source = "S3:52"),
    (text = "The form of consent, and who may give it, is not said.", source = "S3:17,21,52")
  ]
);

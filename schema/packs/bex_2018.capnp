# Bexley, Family Wellbeing Procedures and Practice Guidance, May 2018, as a practice.
# S1:205 is line 205 of the procedures, S0:125 line 125 of the strategy of 2022. A comment [I] marks what we inferred:
# the line given is then the one it rests on.
@0x8136444f43ea997b;
using Cxx = import "/capnp/c++.capnp";
using P = import "../practice.capnp";
$Cxx.namespace("schema::packs");

# The service manager and the team managers (S1:118), one of them on duty each working day (S1:205).
const bexManagers :List(Text) = ["duty-manager", "team-manager", "service-manager"];
const bexLineManagers :List(Text) = ["team-manager", "service-manager"];
# Who keeps, forgets and discloses records is law and not practice; the documents do not speak of it.
const bexRecordKeepers :List(Text) = ["data-governor", "service-manager", "head-of-service"];
const bexGovernor :List(Text) = ["data-governor"];
const bexKeyWorker :List(Text) = ["family-key-worker"];
const bexKeyWorkerAndManagers :List(Text) = ["family-key-worker", "duty-manager", "team-manager", "service-manager"];
const bexFrontDoor :List(Text) = ["mash-practitioner", "mash-manager"];
const bexWorkers :List(Text) = ["family-key-worker", "social-worker"];  # old and new worker of a transfer
const bexEverybodyOnCases :List(Text) = ["mash-practitioner", "mash-manager", "mash-representative", "duty-manager",
  "team-manager", "service-manager", "family-key-worker", "social-worker"];
const bexEnd :List(Text) = ["caseClosed", "releasingRecordClosed"];
# A contact that the front door or the second check does not accept never reaches the service.
const bexNotAccepted :List(P.Selector) = [
  (events = ["mashDecided"], kinds = ["signpost", "redirect"]),
  (events = ["secondCheckRecorded"], kinds = ["signpost", "redirect"])];
# Contact that was made, or the introductory visit itself; an attempt that reached nobody is neither.
const bexFamilyContacted :P.Selector = (events = ["familyContacted", "introductoryVisitHeld"], where = "made");

const bex2018 :P.Practice = (
  id = "BEX-2018",
  authority = "London Borough of Bexley",
  title = "Family Wellbeing Procedures and Practice Guidance, May 2018 v3",
  standing = standard,
  from = 17673,   # 2018-05-22, its publication, S1:5
  until = 18037,  # 2019-05-21, the day before it is due for review, S1:7
  source = "S1:5,7,41",
  calendar = "england-and-wales",

  roles = [
    (code = "mash-practitioner", title = "MASH practitioner", reads = frontDoor, source = "S1:197"),
    (code = "mash-manager", title = "MASH manager", reads = frontDoor, source = "S1:985"),
    (code = "mash-representative", title = "Family Wellbeing representative in the MASH", reads = frontDoor,
     source = "S1:983-985"),
    (code = "duty-manager", title = "Family Wellbeing duty manager", reads = service, source = "S1:205,233"),
    # [I] that a team manager reads other teams' cases, or how far a transfer's managers read, is not said
    (code = "team-manager", title = "Team manager", reads = team, source = "S1:118"),
    (code = "service-manager", title = "Service manager", reads = service, source = "S1:118"),
    (code = "head-of-service", title = "Head of service", reads = service, source = "S1:118,128,382"),
    (code = "family-key-worker", title = "Family key worker", reads = ownCases, source = "S1:118,245"),
    (code = "social-worker", title = "Children's Social Care social worker", reads = ownCases, source = "S1:211,227"),
    (code = "receiving-manager", title = "Receiving manager of a transfer", reads = team, source = "S1:227"),
    (code = "releasing-manager", title = "Releasing manager of a transfer", reads = team, source = "S1:229"),
    (code = "panel-co-chair", title = "Co-chair of the transfer panel", reads = service, source = "S1:223"),
    (code = "quality-assurance-auditor", title = "Quality assurance auditor", reads = service, source = "S1:372-382"),
    (code = "inspector", title = "Inspector", reads = service, source = "S1:380"),  # [I]
    (code = "business-support", title = "Business support officer", reads = nothing, source = "S1:813"),  # [I] reach
    (code = "data-governor", title = "Data governor", reads = nothing, governs = true, source = "S1:9")  # [I]
  ],

  acts = [
    # The directory, the practice and the service: who governs them is not said; the document's owner answers for it.
    (event = "ledgerOpened", roles = .bexGovernor, source = "S1:9"),       # [I]
    (event = "personRegistered", roles = .bexGovernor, source = "S1:9"),   # [I]
    (event = "keyEnrolled", roles = .bexGovernor, source = "S1:9"),        # [I]
    (event = "keyRevoked", roles = .bexGovernor, source = "S1:9"),         # [I]
    (event = "teamFormed", roles = .bexGovernor, source = "S1:149"),       # [I]
    (event = "roleGranted", roles = .bexGovernor, source = "S1:118"),      # [I]
    (event = "roleEnded", roles = .bexGovernor, source = "S1:118"),        # [I]
    (event = "fteSet", roles = .bexGovernor, source = "S1:128"),           # [I]
    (event = "calendarIssued", roles = .bexGovernor, source = "S1:205"),   # [I]
    (event = "practiceAdopted", roles = .bexGovernor, source = "S1:5-9"),  # [I]
    (event = "practiceExtended", roles = .bexGovernor, source = "S1:7-9"), # [I]
    (event = "readingAdopted", roles = .bexGovernor, source = "S1:9"),     # [I]
    (event = "supervisionHeld", kind = "individual", roles = .bexLineManagers, source = "S1:331"),
    (event = "supervisionHeld", kind = "group", roles = .bexManagers, source = "S1:331,881"),

    # Front door
    (event = "contactReceived", roles = .bexFrontDoor, source = "S1:157,197"),
    (event = "recommendationRecorded", roles = ["mash-representative"], source = "S1:985"),
    (event = "mashDecided", roles = .bexFrontDoor, source = "S1:197,985"),
    (event = "contactRouted", roles = .bexFrontDoor, source = "S1:201"),
    (event = "outcomeShared", roles = ["mash-practitioner", "mash-manager", "duty-manager"], source = "S1:199-203"),
    (event = "secondCheckRecorded", roles = ["duty-manager"], source = "S1:201-205"),
    (event = "referralAccepted", roles = ["duty-manager"], source = "S1:203-205"),
    (event = "episodeOpened", roles = ["duty-manager"], source = "S1:205"),

    # Consent
    (event = "consentRecorded", roles = .bexKeyWorkerAndManagers, source = "S1:243,261,618,963"),
    (event = "consentRecorded", kind = "referral",
     roles = ["mash-practitioner", "mash-manager", "duty-manager", "team-manager", "family-key-worker"],
     source = "S1:157,195"),
    (event = "consentRecorded", kind = "transfer",
     roles = ["social-worker", "family-key-worker", "duty-manager", "team-manager", "service-manager"],
     source = "S1:211"),
    (event = "consentConfirmed", roles = .bexKeyWorker, source = "S1:614"),
    (event = "consentRefused", roles = ["mash-practitioner", "mash-manager", "duty-manager", "team-manager",
     "service-manager", "family-key-worker", "social-worker"], source = "S1:98,296"),  # [I]
    (event = "consentWithdrawn", roles = .bexKeyWorkerAndManagers, source = "S1:296"),
    (event = "withdrawalConsidered", roles = .bexManagers, source = "S1:296"),

    # Allocation
    (event = "allocated", roles = ["duty-manager", "team-manager"], source = "S1:205,233"),
    (event = "capacityOverrideApproved", roles = ["team-manager", "service-manager", "head-of-service"],
     source = "S1:128"),  # [I] who is not said; not the duty manager, who allocates
    (event = "reallocated", roles = .bexManagers, source = "S1:233"),                                  # [I]
    (event = "levelSet", roles = .bexManagers, source = "S1:181,191"),                                 # [I]
    (event = "leadAppointed", roles = ["duty-manager", "team-manager"], source = "S1:233,607"),        # [I]
    (event = "allocationLetterIssued", roles = ["family-key-worker", "business-support"], source = "S1:396-432"),

    # Engagement and assessment
    (event = "familyContacted", roles = .bexKeyWorker, source = "S1:241"),
    (event = "introductoryVisitHeld", roles = .bexKeyWorker, source = "S1:241,605"),
    (event = "agencyContacted", roles = .bexKeyWorker, source = "S1:243-245"),
    (event = "assessmentStarted", roles = .bexKeyWorker, source = "S1:161,245"),
    (event = "assessmentSubmitted", roles = .bexKeyWorker, source = "S1:257"),
    (event = "assessmentReturned", roles = .bexManagers, source = "S1:257"),  # [I] who authorises may ask for more
    (event = "assessmentAuthorised", roles = .bexManagers, source = "S1:257"),
    (event = "assessmentShared", roles = .bexKeyWorker, source = "S1:163,257"),
    (event = "familyNetworkRecorded", roles = .bexKeyWorker, source = "S1:305"),

    # Plan, visits, reviews
    (event = "planningMeetingHeld", roles = .bexKeyWorker, source = "S1:265,704"),
    (event = "minutesDistributed", roles = .bexKeyWorker, source = "S1:741"),
    (event = "planAgreed", roles = .bexKeyWorker, source = "S1:265,691"),
    (event = "planUpdated", roles = .bexKeyWorker, source = "S1:307,737"),
    (event = "visitHeld", roles = .bexKeyWorker, source = "S1:278"),
    (event = "visitNotHeld", roles = .bexKeyWorker, source = "S1:278"),  # [I]
    (event = "visitRecorded", roles = .bexKeyWorker, source = "S1:302"),
    (event = "directWorkRecorded", roles = .bexKeyWorker, source = "S1:796"),
    (event = "caseNoteAdded", roles = .bexKeyWorkerAndManagers, source = "S1:302"),
    (event = "reviewMeetingHeld", roles = .bexKeyWorker, source = "S1:284"),
    (event = "managerReviewHeld", roles = .bexManagers, source = "S1:286"),

    # Oversight and escalation
    (event = "oversightRecorded", roles = .bexManagers, source = "S1:323"),
    (event = "managerAlerted", roles = .bexKeyWorker, source = "S1:167,215"),
    (event = "escalationDecided", roles = .bexManagers, source = "S1:215"),
    (event = "familyInformed", roles = .bexKeyWorkerAndManagers, source = "S1:167,221"),  # [I] managers
    (event = "notInformingJudged", roles = .bexManagers, source = "S1:221"),
    (event = "familyNotInformed", roles = .bexKeyWorker, source = "S1:221"),
    (event = "safeguardingReferralMade", roles = .bexKeyWorkerAndManagers, source = "S1:219"),  # [I] who sends it

    # Transfer
    (event = "transferProposed", kind = "stepUp", roles = .bexKeyWorkerAndManagers, source = "S1:217,225"),
    (event = "transferProposed", kind = "stepDown", roles = ["social-worker"], source = "S1:211"),
    (event = "transferSummaryPrepared", roles = .bexWorkers, source = "S1:211,225"),  # [I] the social worker's
    (event = "panelDecided", roles = ["panel-co-chair"], source = "S1:223"),
    (event = "handoverHeld", roles = .bexWorkers, source = "S1:227"),
    (event = "receivingRecordOpened", roles = ["receiving-manager", "team-manager"], source = "S1:227"),
    (event = "endingLetterIssued", roles = .bexWorkers, source = "S1:227"),
    (event = "releasingRecordClosed", roles = ["releasing-manager", "team-manager"], source = "S1:229"),

    # Ending
    (event = "closureProposed", roles = .bexKeyWorkerAndManagers, source = "S1:292,296"),  # [I] managers
    (event = "endingMeetingHeld", roles = .bexKeyWorker, source = "S1:292"),
    (event = "closureLetterIssued", roles = .bexKeyWorker, source = "S1:294"),
    (event = "feedbackFormProvided", roles = .bexKeyWorker, source = "S1:319"),
    (event = "feedbackReceived", roles = ["family-key-worker", "duty-manager", "team-manager", "service-manager",
     "business-support"], source = "S1:319"),  # [I] business support
    (event = "closureSummaryRecorded", roles = .bexKeyWorker, source = "S1:314"),
    (event = "recordQualityConfirmed", roles = .bexManagers, source = "S1:298"),
    (event = "caseClosed", roles = .bexManagers, source = "S1:298"),

    # The record about itself
    (event = "correctionRecorded", roles = .bexEverybodyOnCases, source = "S1:302,949"),   # [I]
    (event = "significanceMarked", roles = .bexKeyWorkerAndManagers, source = "S1:302,308"),  # [I] managers

    # Keeping, forgetting, disclosing [I]
    (event = "checkpointKeyRotated", roles = .bexGovernor, source = "S1:9"),
    (event = "retentionScheduleIssued", roles = .bexGovernor, source = "S1:9"),
    (event = "retentionClassSet", roles = .bexRecordKeepers, source = "S1:9"),
    (event = "legalHoldPlaced", roles = .bexRecordKeepers, source = "S1:9"),
    (event = "legalHoldReleased", roles = .bexRecordKeepers, source = "S1:9"),
    (event = "erasureRequested", roles = .bexEverybodyOnCases, source = "S1:9"),
    (event = "erasureRefused", roles = .bexRecordKeepers, source = "S1:9"),
    (event = "subjectErased", roles = .bexRecordKeepers, source = "S1:9"),
    (event = "recordDisclosed", roles = .bexRecordKeepers, source = "S1:9")
  ],

  guards = [
    (guard = secondCheck, source = "S1:201-205"),
    (guard = anotherDecider, source = "S1:201"),
    (guard = consentInWriting, code = "referral", source = "S1:195"),
    (guard = consentForScope, code = "agencyContacted", detail = "agencies", source = "S1:243-245"),
    (guard = safetyBeforeConsent, code = "agencyContacted", source = "S1:167,221,945", inferred = true),
    # The service is the family's choice (S1:98): whoever turned away from it is not assessed.
    (guard = consentForScope, code = "assessmentStarted", detail = "referral", source = "S1:98,195", inferred = true),
    (guard = consentForScope, code = "assessmentStarted", detail = "transfer", source = "S1:211", inferred = true),
    (guard = consentForScope, code = "familyContacted", kind = "text-message", detail = "messaging",
     source = "S1:963"),
    (guard = consentForScope, code = "familyContacted", kind = "email", detail = "messaging", source = "S1:963"),
    (guard = consentForScope, code = "transferProposed", kind = "stepDown", detail = "transfer", source = "S1:211"),
    (guard = factorPresent, source = "S1:181"),
    (guard = notInNeed, source = "S1:191"),
    (guard = notExcluded, source = "S1:191"),
    (guard = mashWithoutRecommendation, code = "mash-manager", source = "S1:985"),
    (guard = authorNotAuthoriser, source = "S1:257"),
    (guard = oversightBy, source = "S1:323"),
    (guard = oversightBefore, code = "caseClosed", detail = "closure", source = "S1:323,329"),
    (guard = introductionBeforeAssessment, source = "S1:161,241", inferred = true),
    # authorisedBeforePlanning is left out: the planning meeting is also there "to complete the assessment" (S1:265).
    (guard = meetingBeforePlan, source = "S1:265-272"),
    (guard = judgementBeforeNotInforming, source = "S1:221"),
    (guard = panelOfTwo, code = "panel-co-chair", source = "S1:223"),
    (guard = chairDoesNotPresent, source = "S1:223-225", inferred = true),
    (guard = presentedByWorkerAndManager, code = "oversightRecorded", source = "S1:225"),
    (guard = panelFinal, source = "S1:223"),
    (guard = summaryBeforePanel, source = "S1:225"),
    (guard = handoverBeforeRecords, source = "S1:227-229"),
    (guard = handoverToNewWorker, source = "S1:227"),
    (guard = releasingNotReceiving, source = "S1:227-229", inferred = true),
    (guard = closerNotWorker, source = "S1:298"),
    (guard = checklistBeforeClosure, code = "case-record", source = "S1:298,304-315"),
    (guard = planForEveryChild, source = "S1:691"),
    (guard = finalPlanWithLetter, source = "S1:294"),
    (guard = feedbackFormBeforeClosure, source = "S1:319"),
    (guard = withdrawalConsidered, code = "referral", source = "S1:296"),
    (guard = noConfidencesInPublic, code = "public-space", source = "S1:278"),
    (guard = inNeedThroughPanel, source = "S1:217"),
    (guard = writtenCopyToFamily, source = "S1:163"),
    (guard = supervisorNotSupervised, source = "S1:331"),
    (guard = correctedByAuthor, code = "oversightRecorded", source = "S1:302,949", inferred = true)
  ],

  codeLists = [
    (name = "channel", source = "S1:195,207", codes = [
      (code = "self", title = "The family itself", source = "S1:195"),
      (code = "professional-form", title = "Referral form from a professional", source = "S1:195"),
      (code = "telephone", title = "Telephone", source = "S1:465"),
      (code = "answerphone", title = "Answerphone message", source = "S1:207")]),
    (name = "referrer", source = "S1:132-143,195", codes = [
      (code = "parent", title = "Parent or carer", source = "S1:195"),
      (code = "young-person", title = "Child or young person"),  # [I]
      (code = "school", title = "School or college", source = "S1:138"),
      (code = "early-years-provider", title = "Early years provider", source = "S1:135"),
      (code = "childrens-centre", title = "Children's centre", source = "S1:134"),
      (code = "midwife", title = "Midwife", source = "S1:136"),
      (code = "health-visitor", title = "Health visitor", source = "S1:136"),
      (code = "general-practitioner", title = "General practitioner"),  # [I]
      (code = "education-inclusion", title = "Education inclusion or SEN service", source = "S1:137"),
      (code = "youth-service", title = "Targeted youth service", source = "S1:139"),
      (code = "youth-offending", title = "Youth offending service", source = "S1:139"),
      (code = "young-carers", title = "Young carers service", source = "S1:140"),
      (code = "befriending", title = "Befriending service", source = "S1:141"),
      (code = "camhs", title = "CAMHS", source = "S1:142"),
      (code = "police", title = "Police", source = "S1:143"),
      (code = "social-care", title = "Children's Social Care", source = "S1:211"),
      (code = "other", title = "Somebody else")]),  # [I]
    # "one or more of the following four factors" (S1:181), and then seven: all seven are here.
    (name = "factor", source = "S1:102-108,183-189", codes = [
      (code = "domestic-abuse", title = "Parental or carer domestic abuse", source = "S1:183"),
      (code = "parental-mental-health", title = "Parental or carer mental ill-health", source = "S1:184"),
      (code = "parental-learning-needs", title = "Parental or carer learning needs or disability", source = "S1:185"),
      (code = "parental-substance-misuse", title = "Parental or carer drug or alcohol misuse", source = "S1:186"),
      (code = "school-exclusion-or-attendance", title = "Exclusion from school, risk of it, or attendance",
       source = "S1:187"),
      (code = "early-neglect", title = "Early signs of low level neglect of a child", source = "S1:188"),
      (code = "physical-chastisement", title = "Physical chastisement of a child", source = "S1:189")]),
    (name = "level", source = "S1:98", codes = [
      (code = "targeted", title = "Targeted early help (tier three in Bexley)", source = "S1:98,181")]),
    (name = "exclusion", source = "S1:191", codes = [
      (code = "in-need", title = "Assessed to be in need", source = "S1:191"),
      (code = "at-risk-of-harm", title = "Assessed to be at risk of harm", source = "S1:191")]),
    (name = "locality", source = "S1:149", codes = [
      (code = "central", title = "Central"), (code = "north", title = "North"), (code = "south", title = "South")]),
    (name = "consent-scope", source = "S1:195,211,245,261,963", codes = [
      (code = "referral", title = "Referral to the Family Wellbeing Service", source = "S1:195"),
      (code = "agencies", title = "Contacting other agencies", source = "S1:243-245,618"),
      (code = "signpost", title = "Referral on to another service", source = "S1:261"),
      (code = "handover", title = "What is shared at a handover", source = "S1:261"),
      (code = "messaging", title = "Text messages, WhatsApp and email", source = "S1:963"),
      (code = "transfer", title = "Transfer between services", source = "S1:211")]),
    (name = "contact-mode", source = "S1:241,963", codes = [
      (code = "telephone", title = "Telephone"), (code = "face-to-face", title = "Face to face"),
      (code = "letter", title = "Letter", source = "S1:426"),
      (code = "text-message", title = "Text message or WhatsApp", source = "S1:963"),
      (code = "email", title = "Email", source = "S1:963")]),
    # Whether a visit by telephone or video counts is not said; the mode is shown.
    (name = "visit-mode", source = "S1:278", codes = [
      (code = "face-to-face", title = "Face to face"), (code = "telephone", title = "Telephone"),
      (code = "video", title = "Video call")]),
    (name = "agency", source = "S1:134-143", codes = [
      (code = "childrens-centre", title = "Children's centre", source = "S1:134"),
      (code = "early-years-provider", title = "Early years provider", source = "S1:135"),
      (code = "midwifery", title = "Midwifery", source = "S1:136"),
      (code = "health-visiting", title = "Health visiting", source = "S1:136"),
      (code = "education-inclusion", title = "Education inclusion", source = "S1:137"),
      (code = "sen-service", title = "Special educational needs service", source = "S1:137"),
      (code = "school", title = "School", source = "S1:138,245"),
      (code = "college", title = "College", source = "S1:138"),
      (code = "targeted-youth-service", title = "Targeted youth service", source = "S1:139"),
      (code = "youth-offending", title = "Youth offending service", source = "S1:139"),
      (code = "young-carers", title = "Young carers service (IMAGO)", source = "S1:140"),
      (code = "befriending", title = "Befriending service (Bexley Moorings)", source = "S1:141"),
      (code = "camhs", title = "CAMHS", source = "S1:142"),
      (code = "police", title = "Community police", source = "S1:143"),
      (code = "general-practitioner", title = "General practitioner"),  # [I]
      (code = "other", title = "Another agency", source = "S1:132")]),
    (name = "assessment", source = "S1:245", codes = [
      (code = "wellbeing", title = "Wellbeing assessment", source = "S1:245")]),
    (name = "plan", source = "S1:265", codes = [
      (code = "wellbeing-plan", title = "Wellbeing plan", source = "S1:265,691")]),
    (name = "place", source = "S1:278", codes = [
      (code = "home", title = "Family home", source = "S1:278"),
      (code = "school", title = "School", source = "S1:278"),
      (code = "family-centre", title = "Family or children's centre", source = "S1:151"),
      (code = "agency", title = "At a partner agency"),  # [I]
      (code = "public-space", title = "Public space", source = "S1:278"),
      (code = "remote", title = "No place: by telephone or video"),  # [I]
      (code = "other", title = "Another private place")]),  # [I]
    (name = "no-visit-reason", source = "S1:278", codes = [  # [I]
      (code = "no-access", title = "Nobody at home or no access"),
      (code = "cancelled-by-family", title = "Cancelled by the family"),
      (code = "cancelled-by-service", title = "Cancelled by the service"),
      (code = "other", title = "Another reason")]),
    (name = "note", source = "S1:302", codes = [
      (code = "action", title = "Action taken", source = "S1:302,309"),
      (code = "observation", title = "Observation", source = "S1:302"),
      (code = "analysis", title = "Analysis", source = "S1:302"),
      (code = "decision", title = "Decision", source = "S1:302"),
      (code = "supervision", title = "Discussed in supervision", source = "S1:315,873")]),
    (name = "review", source = "S1:284", codes = [
      (code = "formal", title = "Formal review meeting", source = "S1:284")]),
    (name = "oversight-point", source = "S1:323-329", codes = [
      (code = "allocation", title = "Allocation", source = "S1:325"),
      (code = "assessment", title = "Completion of the wellbeing assessment", source = "S1:326"),
      (code = "first-plan", title = "Initial planning meeting and first plan", source = "S1:327"),
      (code = "transfer", title = "Transfer", source = "S1:328"),
      (code = "closure", title = "Closure", source = "S1:329")]),
    (name = "discussed-with", source = "S1:215", codes = [
      (code = "mash", title = "Front door (MASH)", source = "S1:215"),
      (code = "social-care-duty-manager", title = "Duty manager in Children's Social Care", source = "S1:215"),
      (code = "not-discussed", title = "Not discussed with either")]),  # [I] "should" is not "must"
    (name = "system", source = "S1:227", codes = [
      (code = "lcs", title = "L.C.S., Children's Social Care", source = "S1:197,227"),
      (code = "ehm", title = "E.H.M., Family Wellbeing", source = "S1:205,227")]),
    (name = "closure-reason", source = "S1:292-296", codes = [
      (code = "goals-met", title = "Goals reached", source = "S1:292"),
      (code = "not-wanted", title = "Service no longer wanted or needed", source = "S1:292"),
      (code = "disengaged", title = "Family disengaged", source = "S1:296"),
      (code = "refused", title = "Family refused", source = "S1:296"),
      (code = "signposted", title = "Signposted to another service", source = "S1:261"),
      (code = "transferred", title = "Transferred", source = "S1:229"),
      (code = "time-limit", title = "Length of service reached", source = "S1:100")]),
    (name = "outcome", source = "S1:292", codes = [  # [I] the document asks what improved, and gives no scale
      (code = "goals-met", title = "All goals met"),
      (code = "goals-partly-met", title = "Some goals met"),
      (code = "goals-not-met", title = "No goal met"),
      (code = "not-known", title = "Not known")]),
    (name = "rating", source = "S1:319", codes = [  # [I] the form itself is not in evidence
      (code = "excellent", title = "Excellent"), (code = "good", title = "Good"),
      (code = "fair", title = "Fair"), (code = "poor", title = "Poor")]),
    (name = "not-applicable-reason", source = "S1:302", codes = [  # [I]
      (code = "none-took-place", title = "There was none to record"),
      (code = "not-reached", title = "The case ended before it was due"),
      (code = "family-declined", title = "The family declined"),
      (code = "not-transferred", title = "The case was not transferred")])
  ],

  rules = [
    (id = "T01", title = "Front door decision", source = "S1:197",
     quote = "will then make an initial decision from the options below, within 24 hours of receiving the information.",
     readings = [
      (id = "A-24h", title = "24 hours from receipt", source = "S1:197",
       start = (events = ["contactReceived"]), end = (events = ["mashDecided"]), limit = 24, unit = hours,
       note = "Elapsed hours, across nights and weekends: the document speaks of no working days here.")]),

    (id = "T02", title = "Inbox reviewed by the duty manager", severity = monitor, source = "S1:205,233",
     quote = "responsible for monitoring the incoming referral inbox on L.C.S on a daily basis.",
     stopsByKind = .bexNotAccepted,
     readings = [
      (id = "A-elapsed", title = "Time from inbox to second check", source = "S1:233",
       start = (events = ["contactRouted"]), end = (events = ["secondCheckRecorded"]), unit = none,
       note = "Daily (S1:233) or every working day (S1:205); no limit is given for one referral."),
      (id = "B-next-wd", title = "By the next working day", source = "S1:205", inferred = true,
       start = (events = ["contactRouted"]), end = (events = ["secondCheckRecorded"]), limit = 1,
       unit = workingDays)]),

    (id = "T03", title = "Answerphone message answered", source = "S1:207",
     quote = "messages will be responded to on the next working day."),

    (id = "T04", title = "Allocation to a family key worker", source = "S1:205,233-235",
     quote = "All new referrals will be allocated to a Key Worker within 72 hours (3 working days) of receipt.",
     stops = .bexEnd, stopsByKind = .bexNotAccepted,
     readings = [
      (id = "A-72h", title = "72 hours from the episode's creation", source = "S1:205",
       start = (events = ["episodeOpened"]), end = (events = ["allocated"]), limit = 72, unit = hours,
       note = "\"within 72 hours of creating the Family Wellbeing Service episode\""),
      (id = "A-3wd", title = "3 working days from the episode's creation", source = "S1:205", inferred = true,
       start = (events = ["episodeOpened"]), end = (events = ["allocated"]), limit = 3, unit = workingDays,
       note = "The gloss in working days stands at S1:233 only."),
      (id = "B-72h", title = "72 hours from receipt in the inbox", source = "S1:233-235",
       start = (events = ["contactRouted"]), end = (events = ["allocated"]), limit = 72, unit = hours),
      (id = "B-3wd", title = "3 working days from receipt in the inbox", source = "S1:233-235",
       start = (events = ["contactRouted"]), end = (events = ["allocated"]), limit = 3, unit = workingDays),
      (id = "C-72h", title = "72 hours from the record of a family that steps down", source = "S1:205,227",
       inferred = true,
       start = (events = ["receivingRecordOpened"], kinds = ["ehm"]), end = (events = ["allocated"]), limit = 72,
       unit = hours,
       note = "Such a family's episode is created when the receiving manager opens its record (S1:227)."),
      (id = "C-3wd", title = "3 working days from the record of a family that steps down", source = "S1:205,227",
       inferred = true,
       start = (events = ["receivingRecordOpened"], kinds = ["ehm"]), end = (events = ["allocated"]), limit = 3,
       unit = workingDays)]),

    (id = "T05", title = "First contact with the family", source = "S1:426",
     quote = "will contact you within 3 days to arrange to meet with your family",
     stops = .bexEnd,
     readings = [
      (id = "A-3d", title = "3 days from the allocation letter", source = "S1:426",
       start = (events = ["allocationLetterIssued"]), end = .bexFamilyContacted, limit = 3, unit = days,
       mayComeBefore = true,
       note = "\"as soon as possible\" (S1:241) has no number, and may be before the letter. An attempt is not yet contact."),
      (id = "A-3wd", title = "3 working days from the allocation letter", source = "S1:426", inferred = true,
       start = (events = ["allocationLetterIssued"]), end = .bexFamilyContacted, limit = 3, unit = workingDays,
       mayComeBefore = true),
      (id = "B-3d", title = "3 days from allocation", source = "S1:241,426", inferred = true,
       start = (events = ["allocated"]), end = .bexFamilyContacted, limit = 3, unit = days, mayComeBefore = true),
      (id = "B-3wd", title = "3 working days from allocation", source = "S1:241,426", inferred = true,
       start = (events = ["allocated"]), end = .bexFamilyContacted, limit = 3, unit = workingDays,
       mayComeBefore = true)]),

    (id = "T06", title = "Introductory visit", source = "S1:241,605",
     quote = "to arrange an introductory visit within 5 days (or as directed by the manager) of being allocated the family.",
     stops = .bexEnd,
     readings = [
      (id = "A-5d", title = "5 days from allocation", source = "S1:241",
       start = (events = ["allocated"]), end = (events = ["introductoryVisitHeld"]), limit = 5, unit = days,
       replacedBy = "visitBy", replacedIn = "allocated"),
      (id = "A-5wd", title = "5 working days from allocation", source = "S1:241", inferred = true,
       start = (events = ["allocated"]), end = (events = ["introductoryVisitHeld"]), limit = 5, unit = workingDays,
       replacedBy = "visitBy", replacedIn = "allocated"),
      (id = "B-5wd", title = "5 working days from the referral", source = "S1:605",
       start = (events = ["referralAccepted"]), end = (events = ["introductoryVisitHeld"]), limit = 5,
       unit = workingDays,
       note = "\"within 5 working days of the referral date\"; no direction by a manager is mentioned here.")]),

    (id = "T07", title = "Assessment written and authorised", source = "S1:257",
     quote = "should write up the assessment and have had it authorised by a manager, within 20 working days of the referral.",
     stops = .bexEnd, stopsByKind = .bexNotAccepted,
     readings = [
      (id = "A-20wd", title = "20 working days from the accepted referral", source = "S1:257",
       start = (events = ["referralAccepted"]), end = (events = ["assessmentAuthorised"]), limit = 20,
       unit = workingDays, note = "A contact becomes a referral when the duty manager converts it (S1:205)."),
      (id = "B-20wd", title = "20 working days from the contact", source = "S1:257", inferred = true,
       start = (events = ["contactReceived"]), end = (events = ["assessmentAuthorised"]), limit = 20,
       unit = workingDays, note = "Elsewhere the request as it arrives is called a referral (S1:157,197).")]),

    (id = "T08", title = "Handover to the service signposted to", source = "S1:261",
     quote = "arrange a hand over meeting with the identified service within 5 working days of the decision to close."),

    (id = "T09", title = "Key worker visits", source = "S1:278,616",
     quote = "After the initial wellbeing planning meeting, Key Worker visits should not be less than every 4 weeks (20 working days).",
     stops = .bexEnd,
     readings = [
      (id = "A-4w", title = "4 weeks from the planning meeting or the last visit", source = "S1:278",
       start = (events = ["planningMeetingHeld"]), end = (events = ["visitHeld"]), repeats = true, limit = 4,
       unit = weeks),
      (id = "A-20wd", title = "20 working days from the planning meeting or the last visit", source = "S1:278",
       start = (events = ["planningMeetingHeld"]), end = (events = ["visitHeld"]), repeats = true, limit = 20,
       unit = workingDays),
      (id = "B-20wd", title = "20 working days from the introductory visit or the last visit", source = "S1:616",
       start = (events = ["introductoryVisitHeld"]), end = (events = ["visitHeld"]), repeats = true, limit = 20,
       unit = workingDays,
       note = "Before the planning meeting the number of visits follows the complexity of the situation (S1:278).")]),

    (id = "T10", title = "Visit recorded", source = "S1:302,776",
     quote = "The recordings of visits are to be completed within 72 hours (3 working days) of the visit being completed.",
     readings = [
      (id = "A-72h", title = "72 hours from the visit", source = "S1:302,776",
       start = (events = ["visitHeld", "introductoryVisitHeld"]), end = (events = ["visitRecorded"], time = recorded),
       pairing = reference, limit = 72, unit = hours),
      (id = "A-3wd", title = "3 working days from the visit", source = "S1:302,776",
       start = (events = ["visitHeld", "introductoryVisitHeld"]), end = (events = ["visitRecorded"], time = recorded),
       pairing = reference, limit = 3, unit = workingDays)]),

    (id = "T11", title = "Direct work recorded", source = "S1:796",
     quote = "Record completed direct work within 72 hours (3 working days) of the activity.",
     readings = [
      (id = "A-72h", title = "72 hours from the activity", source = "S1:796",
       start = (events = ["directWorkRecorded"]), end = (events = ["directWorkRecorded"], time = recorded),
       pairing = itself, limit = 72, unit = hours),
      (id = "A-3wd", title = "3 working days from the activity", source = "S1:796",
       start = (events = ["directWorkRecorded"]), end = (events = ["directWorkRecorded"], time = recorded),
       pairing = itself, limit = 3, unit = workingDays)]),

    (id = "T12", title = "Formal review meeting", source = "S1:284,700",
     quote = "Formal review meetings should be held every 6 weeks.",
     stops = .bexEnd,
     readings = [
      (id = "A-6w", title = "6 weeks from the planning meeting or the last review", source = "S1:284", inferred = true,
       start = (events = ["planningMeetingHeld"]), end = (events = ["reviewMeetingHeld"], kinds = ["formal"]),
       repeats = true, limit = 6, unit = weeks, note = "The document does not say from when."),
      (id = "A-6w-fixed", title = "Every 6 weeks from the planning meeting, whatever was held", source = "S1:284",
       inferred = true,
       start = (events = ["planningMeetingHeld"]), end = (events = ["reviewMeetingHeld"], kinds = ["formal"]),
       repeats = true, limit = 6, unit = weeks, grid = fixed),
      (id = "B-6w", title = "6 weeks from the plan or the last review", source = "S1:700", inferred = true,
       start = (events = ["planAgreed"]), end = (events = ["reviewMeetingHeld"], kinds = ["formal"]),
       repeats = true, limit = 6, unit = weeks, note = "The plan is \"Reviewed 6 weekly\"."),
      (id = "B-6w-fixed", title = "Every 6 weeks from the first plan, whatever was held", source = "S1:700",
       inferred = true,
       start = (events = ["planAgreed"]), end = (events = ["reviewMeetingHeld"], kinds = ["formal"]),
       repeats = true, limit = 6, unit = weeks, grid = fixed)]),

    (id = "T13", title = "Plan reviewed at every visit", severity = monitor, source = "S1:284",
     quote = "should be routinely reviewed with the family at every visit.",
     readings = [
      (id = "A-each", title = "Each visit, to a record that says the plan was reviewed", source = "S1:284",
       start = (events = ["visitHeld"]), end = (events = ["visitRecorded"], where = "planReviewed"),
       pairing = reference, unit = none,
       note = "Not a time limit: done where the visit's record says that the plan was reviewed, else not.")]),

    (id = "T14", title = "Case review with a manager", source = "S1:237,286",
     quote = "at a minimum of every 3 months formally review the case and family plan with a Family Wellbeing manager.",
     stops = .bexEnd,
     readings = [
      (id = "A-3mo", title = "3 months from allocation or the last review", source = "S1:237,286", inferred = true,
       start = (events = ["allocated"]), end = (events = ["managerReviewHeld"]), repeats = true, limit = 3,
       unit = months, note = "The allocation note sets the first one (S1:237); the document does not say from when.")]),

    (id = "T15", title = "Length of service", source = "S1:100",
     quote = "provides targeted early help to families for a period of up to 6 months",
     stops = ["releasingRecordClosed"],
     readings = [
      (id = "A-6mo", title = "6 months from the accepted referral", source = "S1:100", inferred = true,
       start = (events = ["referralAccepted"]), end = (events = ["caseClosed"]), limit = 6, unit = months,
       note = "The document does not say from when, nor how it may be extended."),
      (id = "B-6mo", title = "6 months from allocation", source = "S1:100", inferred = true,
       start = (events = ["allocated"]), end = (events = ["caseClosed"]), limit = 6, unit = months),
      (id = "C-6mo", title = "6 months from the introductory visit", source = "S1:100", inferred = true,
       start = (events = ["introductoryVisitHeld"]), end = (events = ["caseClosed"]), limit = 6, unit = months)]),

    (id = "T16", title = "Minutes distributed", source = "S1:741",
     quote = "Record minutes and distribute these to attendees within 5 working days.",
     readings = [
      (id = "A-5wd", title = "5 working days from the meeting", source = "S1:741",
       start = (events = ["planningMeetingHeld", "reviewMeetingHeld"]), end = (events = ["minutesDistributed"]),
       pairing = reference, limit = 5, unit = workingDays)]),

    (id = "T17", title = "Individual supervision", source = "S1:331,851,864",
     quote = "individual supervision to Key Workers no less than every four weeks (20 working days)",
     readings = [
      (id = "A-4w", title = "4 weeks from the last", source = "S1:331,864",
       start = (events = ["supervisionHeld"], kinds = ["individual"]),
       end = (events = ["supervisionHeld"], kinds = ["individual"]), pairing = worker, repeats = true, limit = 4,
       unit = weeks),
      (id = "B-20wd", title = "20 working days from the last", source = "S1:331",
       start = (events = ["supervisionHeld"], kinds = ["individual"]),
       end = (events = ["supervisionHeld"], kinds = ["individual"]), pairing = worker, repeats = true, limit = 20,
       unit = workingDays),
      (id = "C-1mo", title = "1 month from the last", source = "S1:851",
       start = (events = ["supervisionHeld"], kinds = ["individual"]),
       end = (events = ["supervisionHeld"], kinds = ["individual"]), pairing = worker, repeats = true, limit = 1,
       unit = months)]),

    (id = "T18", title = "Group supervision", source = "S1:331,853,881,907",
     quote = "Group supervision will be held 2 weekly and co-facilitated by a Key Worker and manager.",
     readings = [
      (id = "A-2w", title = "2 weeks from the last", source = "S1:331",
       start = (events = ["supervisionHeld"], kinds = ["group"]),
       end = (events = ["supervisionHeld"], kinds = ["group"]), pairing = worker, repeats = true, limit = 2,
       unit = weeks, note = "Said once, in the body of the procedures."),
      (id = "B-6w", title = "6 weeks from the last", source = "S1:853,881,907",
       start = (events = ["supervisionHeld"], kinds = ["group"]),
       end = (events = ["supervisionHeld"], kinds = ["group"]), pairing = worker, repeats = true, limit = 6,
       unit = weeks, note = "Said three times, in the guidance for managers.")]),

    (id = "T19", title = "Length of supervision", severity = soft, source = "S1:866",
     quote = "Supervision should usually last between 1 hour 30 minutes and 2 hours"),

    (id = "T20", title = "Transfer panel", severity = monitor, source = "S1:217,223",
     quote = "by the family Key Worker presenting the case at the next weekly transfer panel.",
     stops = .bexEnd,
     readings = [
      (id = "A-elapsed", title = "Time from the decision to the panel", source = "S1:217",
       start = (events = ["escalationDecided"], kinds = ["childInNeed"]), end = (events = ["panelDecided"]),
       unit = none, note = "The day of the weekly panel is not said."),
      (id = "B-1w", title = "1 week from the decision", source = "S1:217,223", inferred = true,
       start = (events = ["escalationDecided"], kinds = ["childInNeed"]), end = (events = ["panelDecided"]),
       limit = 1, unit = weeks, note = "A weekly panel meets within a week."),
      (id = "C-1w", title = "1 week from the proposal of the transfer", source = "S1:211,223", inferred = true,
       start = (events = ["transferProposed"]), end = (events = ["panelDecided"]), pairing = reference,
       limit = 1, unit = weeks)]),

    (id = "T21", title = "Immediate steps", severity = monitor, source = "S1:215,219,296",
     quote = "the family Key Worker must alert a Family Wellbeing manager immediately.",
     readings = [
      (id = "A-alert", title = "From the alert to the manager's decision", source = "S1:215",
       start = (events = ["managerAlerted"]), end = (events = ["escalationDecided"]), pairing = reference,
       unit = none, note = "\"immediately\" is no number: both times are shown."),
      (id = "B-harm", title = "From the decision to the referral, for significant harm", source = "S1:219",
       start = (events = ["escalationDecided"], kinds = ["significantHarm"]),
       end = (events = ["safeguardingReferralMade"]), pairing = reference, unit = none),
      (id = "C-withdrawal", title = "From withdrawal or refusal of consent to a manager's consideration", source = "S1:296",
       start = (events = ["consentWithdrawn", "consentRefused"]), end = (events = ["withdrawalConsidered"]), pairing = reference,
       unit = none, note = "In supervision, or immediately if this appears urgent."),
      (id = "D-disengaged", title = "From refusal or disengagement to a manager's consideration", source = "S1:296",
       start = (events = ["closureProposed"], kinds = ["disengaged", "refused"]),
       end = (events = ["withdrawalConsidered"]), pairing = reference, unit = none)])
  ],

  caps = [
    (id = "P1", title = "Children per full-time key worker", measure = childrenPerWorker, limit = 25, perFte = true,
     role = "family-key-worker", mode = overridable, source = "S1:128",
     note = "\"should not\", and \"This will alter according to the complexity of the family situation, plus the skills and experience of the staff member\"."),
    (id = "P3", title = "Families in the service", measure = familiesPerService, limit = 400, mode = reported,
     source = "S1:128",
     note = "Families here, children at P3c: the document does not reconcile the two limits of 400."),
    (id = "P3c", title = "Children in the service (16 key workers with 25 each)", measure = childrenPerService,
     limit = 400, mode = reported, source = "S1:118,128",
     note = "Worked out from the cap per worker; the document's own 400 are families (P3). The two are not reconciled.")
  ],

  checklists = [
    (code = "case-record", title = "All cases must contain the following records", source = "S1:302-315", items = [
      (number = 1, title = "Referral with written consent, and allocation note", source = "S1:304", evidence = [
        (anyOf = ["contactReceived", "transferProposed"]), (anyOf = ["consentRecorded"]), (anyOf = ["allocated"])]),
      (number = 2, title = "Genogram and ecomap (or equivalent) of the family network", source = "S1:305", evidence = [
        (anyOf = ["familyNetworkRecorded"])]),
      (number = 3, title = "Wellbeing assessment", source = "S1:306", evidence = [(anyOf = ["assessmentAuthorised"])]),
      (number = 4, title = "Wellbeing plan and its updates", source = "S1:307", evidence = [(anyOf = ["planAgreed"])]),
      (number = 5, title = "Chronology of significant events", source = "S1:308", evidence = [
        (anyOf = ["significanceMarked"])]),
      (number = 6, title = "Case notes of visits and actions taken", source = "S1:309", evidence = [
        (anyOf = ["visitRecorded", "caseNoteAdded"])]),
      (number = 7, title = "Minutes of planning meetings", source = "S1:310", evidence = [
        (anyOf = ["minutesDistributed"])]),
      (number = 8, title = "Letters to the family", source = "S1:311", evidence = [
        (anyOf = ["allocationLetterIssued", "closureLetterIssued"])]),
      (number = 9, title = "Direct work with the child, young person and family", source = "S1:312", evidence = [
        (anyOf = ["directWorkRecorded"])]),
      (number = 10, title = "Feedback forms", source = "S1:313", evidence = [
        (anyOf = ["feedbackFormProvided", "feedbackReceived"])]),
      (number = 11, title = "Case, transfer and closure summaries", source = "S1:314", evidence = [
        (anyOf = ["closureSummaryRecorded"]),
        (anyOf = ["transferSummaryPrepared"], when = "transferProposed")]),
      (number = 12, title = "Supervision notes and management oversight", source = "S1:315", evidence = [
        (anyOf = ["oversightRecorded"])])])
  ],

  gaps = [
    (text = "The timescales were slightly altered in 2019 and the altered ones are not in evidence. This edition was due for review on 2019-05-22: after 2019-05-21 no time limit is in evidence until a signed extension or another edition says so.",
     source = "S0:125 S1:7", endsEvidence = true),
    (rule = "T01", text = "A practitioner makes the initial decision (S1:197), the MASH manager the final one on contacts with a recommendation (S1:985).",
     source = "S1:197,985"),
    (rule = "T02", text = "The inbox is reviewed daily (S1:233) or every working day (S1:205); no limit is given for one referral.",
     source = "S1:205,233"),
    (rule = "T03", text = "Answerphone messages are answered on the next working day. Messages are not events of this ledger, so the limit is not followed.",
     source = "S1:207"),
    (rule = "T04", text = "72 hours (3 working days) are two limits whenever a weekend or a bank holiday intervenes; one of the two sentences has the hours alone.",
     source = "S1:205,233"),
    (rule = "T04", text = "The 72 hours start when the episode is created (S1:205) or on receipt of the referral (S1:233).",
     source = "S1:205,233"),
    (rule = "T05", text = "3 days from what (the letter, the allocation) and of which kind is not said.", source = "S1:426"),
    (rule = "T06", text = "5 days from allocation (S1:241) against 5 working days from the referral date (S1:605).",
     source = "S1:241,605"),
    (rule = "T07", text = "\"The referral\" may be the contact as received or the referral as accepted.", source = "S1:257"),
    (rule = "T08", text = "After signposting, a handover meeting is due within 5 working days of the decision to close. Signposting after an assessment and its handover meeting have no event types yet, so the limit is not followed.",
     source = "S1:261"),
    (rule = "T09", text = "Visits that \"should not be less than every 4 weeks\": this is read as the longest time between two visits. Whether a visit by telephone or video counts is not said.",
     source = "S1:278"),
    (rule = "T12", text = "From when the 6 weeks run, and whether a late review moves the next one, is not said.",
     source = "S1:284,700"),
    (rule = "T14", text = "From when the 3 months run is not said.", source = "S1:237,286"),
    (rule = "T15", text = "From when the 6 months run, and whether they may be extended, is not said.", source = "S1:100"),
    (rule = "T17", text = "\"every four weeks (20 working days)\", \"4 weekly\" and \"monthly\" are three different limits.",
     source = "S1:331,851,864"),
    (rule = "T18", text = "Group supervision is 2 weekly (S1:331) or 6 weekly (S1:853,881,907).",
     source = "S1:331,853,881,907"),
    (rule = "T19", text = "Supervision should usually last between 90 minutes and 2 hours. Its length is recorded and shown; \"usually\" sets no limit.",
     source = "S1:866"),
    (rule = "T20", text = "The transfer panel is weekly; the dates of the panels are not in evidence.", source = "S1:211,217,223"),
    (rule = "T23", text = "Emotional health counselling: \"receiving a time, date and venue\" does not say when the 7 working days start. Counselling has no event types yet.",
     source = "S1:509"),
    (rule = "T27", text = "Emotional health counselling: completion of the assessment or of the plan is not said. Counselling has no event types yet.",
     source = "S1:517"),
    (rule = "T32", text = "IAPT: referrers are told in writing within \"72 days\", printed twice; 72 hours may be meant. IAPT has no event types yet, and a sentence about updates breaks off (S1:576).",
     source = "S1:566,570,576"),
    (text = "After \"the following four factors\" there are seven; all seven are codes and no rule counts them.",
     source = "S1:181-189"),
    (text = "Acute or chronic factors sit in \"tier three or four\" (S1:114) or in \"tier four\" (S1:191), and the service itself in tier three (S1:98). Acceptance asks whether a child is in need or at risk, not for a tier.",
     source = "S1:98,114,191"),
    (text = "16 key workers with 25 children each make 400 children; the document says 400 families.", source = "S1:118,128"),
    (text = "Whether the 3 practice observations are among the 6 monthly audits or beside them is not clear; both depend on the number of managers.",
     source = "S1:333,895"),
    (text = "Case file auditing \"for each social worker\" is social care's text, used again here.", source = "S1:378"),
    (text = "E.H.M. is in use here in 2018; the strategy dates its adoption to 2019.", source = "S1:205 S0:125"),
    (text = "Return home interviews are called independent and done by key workers; no time limit is given, and there are no event types for them yet.",
     source = "S1:343,478"),
    (text = "A family that steps down comes without a referral: of the limits counted from the referral (T06, T07, T15) no start is evidenced for it, and those counted from allocation are followed.",
     source = "S1:211,227,257,605"),
    (text = "A family steps down with its agreement, recorded as consent with the scope \"transfer\"; in which form it is given is not said.",
     source = "S1:211"),
    (text = "How long consent lasts, and who may give it where parents disagree or a young person could, is not said.",
     source = "S1:195"),
    (text = "How long a record is kept, who may erase what, and who may be given a copy is not said: an authority issues a retention schedule of its own, and without one nothing is erased because time has passed.",
     source = "S1:302"),
    (text = "The diagrams of structure and case pathway, the referral form, the templates of assessment and plan, and the transfer procedures are not in the text in evidence.",
     source = "S1:211,346-354,384-394")
  ]
);

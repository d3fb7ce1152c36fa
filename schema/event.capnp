# The words of the ledger: every event a person can sign. docs/ADDING_AN_EVENT.md shows how to add one.
# A field is never removed or renumbered. Facts are typed; whatever is said about people goes into words.
@0xd1f5a4e3b2c19701;
using Cxx = import "/capnp/c++.capnp";
using M = import "marks.capnp";
using Practice = import "practice.capnp".Practice;
using Calendar = import "practice.capnp".Calendar;
using RetentionSchedule = import "practice.capnp".RetentionSchedule;
$Cxx.namespace("schema");

struct Event {
  ledger @0 :Text $M.prose;              # the checkpoint origin; an event signed for one ledger is refused by every other
  id @1 :Data;                           # 16 random bytes chosen by the writer
  stream @2 :Data;                       # 16 bytes: a family's case, or one of the reserved streams
  seen @3 :Seen;
  actor @4 :Data;                        # the person, 16 bytes
  key @5 :Data $M.bytes(32);             # SHA-256 of the actor's public key
  role @6 :Text;                         # the role in which the actor acts; the directory must say they hold it
  team @7 :Text $M.optional;             # the team in which they hold it
  occurred @8 :Occurred;
  source @9 :Source;
  basis @10 :List(UInt64) $M.optional;   # positions of the entries this event relies on
  words @11 :Data $M.bytes(32) $M.optional;  # root of the words tree; empty where nothing was written
  joint @12 :List(Signer) $M.optional;   # others who sign the same bytes (a panel's second chair, a second approver)
  fact @13 :Fact;
}

struct Seen {
  # How much of the record the actor had been shown.
  revision @0 :UInt64;                       # of this stream; 0: nothing yet
  entry @1 :Data $M.bytes(32) $M.optional;   # leaf hash of this stream's entry with that revision
  size @2 :UInt64;                           # of the last checkpoint their client checked; 0: none
  root @3 :Data $M.bytes(32) $M.optional;
}

struct Signer {
  person @0 :Data $M.person;
  key @1 :Data $M.bytes(32);
  role @2 :Text;
  team @3 :Text $M.optional;
}

struct Occurred {
  at @0 :Int64 $M.moment;
  precision @1 :Precision;
  until @2 :Int64 $M.moment $M.optional;     # the end, for a range
}
enum Precision { exact @0; day @1; approximate @2; range @3; }

struct Source {
  role @0 :Text $M.optional;                 # who says so: mother, school, health-visitor, ...
  organisation @1 :Text $M.optional;
  reliability @2 :Reliability;
}
enum Reliability { fact @0; opinion @1; hearsay @2; }

struct Fact {
  union {
    # the directory stream
    ledgerOpened @0 :LedgerOpened;
    personRegistered @1 :PersonRegistered;
    keyEnrolled @2 :KeyEnrolled;
    keyRevoked @3 :KeyRevoked;
    teamFormed @4 :TeamFormed;
    roleGranted @5 :RoleGranted;
    roleEnded @6 :RoleEnded;
    fteSet @7 :FteSet;
    # the practice stream
    calendarIssued @8 :Calendar;
    practiceAdopted @9 :Practice;
    practiceExtended @10 :PracticeExtended;
    readingAdopted @11 :ReadingAdopted;
    # the service stream
    supervisionHeld @12 :SupervisionHeld;
    # a family's case: front door
    contactReceived @13 :ContactReceived;
    recommendationRecorded @14 :RecommendationRecorded;
    mashDecided @15 :MashDecided;
    contactRouted @16 :ContactRouted;
    outcomeShared @17 :OutcomeShared;
    secondCheckRecorded @18 :SecondCheckRecorded;
    referralAccepted @19 :ReferralAccepted;
    episodeOpened @20 :EpisodeOpened;
    # consent
    consentRecorded @21 :ConsentRecorded;
    consentConfirmed @22 :ConsentConfirmed;
    consentRefused @23 :ConsentRefused;
    consentWithdrawn @24 :ConsentWithdrawn;
    withdrawalConsidered @25 :WithdrawalConsidered;
    # allocation
    allocated @26 :Allocated;
    capacityOverrideApproved @27 :CapacityOverrideApproved;
    reallocated @28 :Reallocated;
    levelSet @29 :LevelSet;
    leadAppointed @30 :LeadAppointed;
    allocationLetterIssued @31 :AllocationLetterIssued;
    # engagement and assessment
    familyContacted @32 :FamilyContacted;
    introductoryVisitHeld @33 :IntroductoryVisitHeld;
    agencyContacted @34 :AgencyContacted;
    assessmentStarted @35 :AssessmentStarted;
    assessmentSubmitted @36 :AssessmentSubmitted;
    assessmentReturned @37 :AssessmentReturned;
    assessmentAuthorised @38 :AssessmentAuthorised;
    assessmentShared @39 :AssessmentShared;
    familyNetworkRecorded @40 :FamilyNetworkRecorded;
    # plan, visits, reviews
    planningMeetingHeld @41 :PlanningMeetingHeld;
    minutesDistributed @42 :MinutesDistributed;
    planAgreed @43 :PlanAgreed;
    planUpdated @44 :PlanUpdated;
    visitHeld @45 :VisitHeld;
    visitNotHeld @46 :VisitNotHeld;
    visitRecorded @47 :VisitRecorded;
    directWorkRecorded @48 :DirectWorkRecorded;
    caseNoteAdded @49 :CaseNoteAdded;
    reviewMeetingHeld @50 :ReviewMeetingHeld;
    managerReviewHeld @51 :ManagerReviewHeld;
    # oversight and escalation
    oversightRecorded @52 :OversightRecorded;
    managerAlerted @53 :ManagerAlerted;
    escalationDecided @54 :EscalationDecided;
    familyInformed @55 :FamilyInformed;
    notInformingJudged @56 :NotInformingJudged;
    familyNotInformed @57 :FamilyNotInformed;
    safeguardingReferralMade @58 :SafeguardingReferralMade;
    # transfer
    transferProposed @59 :TransferProposed;
    transferSummaryPrepared @60 :TransferSummaryPrepared;
    panelDecided @61 :PanelDecided;
    handoverHeld @62 :HandoverHeld;
    receivingRecordOpened @63 :ReceivingRecordOpened;
    endingLetterIssued @64 :EndingLetterIssued;
    releasingRecordClosed @65 :ReleasingRecordClosed;
    # ending
    closureProposed @66 :ClosureProposed;
    endingMeetingHeld @67 :EndingMeetingHeld;
    closureLetterIssued @68 :ClosureLetterIssued;
    feedbackFormProvided @69 :FeedbackFormProvided;
    feedbackReceived @70 :FeedbackReceived;
    closureSummaryRecorded @71 :ClosureSummaryRecorded;
    recordQualityConfirmed @72 :RecordQualityConfirmed;
    caseClosed @73 :CaseClosed;
    # the record about itself
    correctionRecorded @74 :CorrectionRecorded;
    significanceMarked @75 :SignificanceMarked;
    # the directory stream: keys in real life
    keyRotated @76 :KeyRotated;
    entriesReattested @77 :EntriesReattested;
    checkpointKeyRotated @78 :CheckpointKeyRotated;
    # the practice stream: how long what is kept
    retentionScheduleIssued @79 :RetentionSchedule;
    # a family's case: keeping, forgetting, disclosing
    retentionClassSet @80 :RetentionClassSet;
    legalHoldPlaced @81 :LegalHoldPlaced;
    legalHoldReleased @82 :LegalHoldReleased;
    erasureRequested @83 :ErasureRequested;
    erasureRefused @84 :ErasureRefused;
    subjectErased @85 :SubjectErased;
    recordDisclosed @86 :RecordDisclosed;
  }
}

# ---- the directory stream ----

struct LedgerOpened $M.title("Ledger opened") {
  authority @0 :Text $M.prose;             # the council, as it is printed
  playedClock @1 :Bool $M.title("played clock");  # true: a demonstration or test ledger whose times were played, for ever
  checkpointKey @2 :Data $M.bytes(32);     # public key that signs checkpoints
  governor @3 :Data;                       # the first person, who signs this event
  publicKey @4 :Data $M.bytes(32);         # theirs
  proofOfPossession @5 :Data $M.bytes(64); # as in KeyEnrolled
}
struct PersonRegistered $M.title("Member of staff registered") {
  person @0 :Data;                         # new id; the name is a word with heading "name"
}
enum Custody { software @0; device @1; service @2; }
struct KeyEnrolled $M.title("Key enrolled") {
  person @0 :Data $M.person;
  publicKey @1 :Data $M.bytes(32);
  proofOfPossession @2 :Data $M.bytes(64); # Ed25519 by that key over "caseledger/key/v1\n" || origin || "\n" || person
  custody @3 :Custody;
}
enum RevocationReason { left @0; lost @1; compromised @2; replaced @3; }
struct KeyRevoked $M.title("Key revoked") {
  key @0 :Data $M.bytes(32);
  reason @1 :RevocationReason $M.kind;
  suspectFrom @2 :Int64 $M.moment $M.optional;
}
enum TeamKind { team @0; pod @1; service @2; }
struct KeyRotated $M.title("Own key replaced by a new one") {
  # Signed with the old key, which signs nothing after this; the new one shows by its proof that its owner holds it.
  publicKey @0 :Data $M.bytes(32);
  proofOfPossession @1 :Data $M.bytes(64); # as in KeyEnrolled, for the actor
  custody @2 :Custody;
}
struct EntriesReattested $M.title("Disputed entries attested again") {
  # What a key signed from the moment it became suspect is disputed, until its owner (or, for someone who left, a
  # governor) has looked at it and signs for it with a key that is not suspect.
  key @0 :Data $M.bytes(32);               # the SHA-256 of the suspect key
  entries @1 :List(UInt64);  # positions
}
struct CheckpointKeyRotated $M.title("Checkpoint key replaced") {
  # Checkpoints from the one over this entry on carry the new key's signature.
  publicKey @0 :Data $M.bytes(32);
  proofOfPossession @1 :Data $M.bytes(64); # Ed25519 by that key over "caseledger/checkpoint key/v1\n" || origin
}
struct TeamFormed $M.title("Team formed") {
  team @0 :Text;
  kind @1 :TeamKind $M.kind;
  name @2 :Text $M.prose;
  within @3 :Text $M.optional;             # the team it is part of
}
struct RoleGranted $M.title("Role granted") {
  person @0 :Data $M.person;
  role @1 :Text;
  team @2 :Text $M.optional;               # empty: in the whole service
  from @3 :Int32 $M.date;
}
struct RoleEnded $M.title("Role ended") {
  person @0 :Data $M.person;
  role @1 :Text;
  team @2 :Text $M.optional;
  on @3 :Int32 $M.date;                    # the first day without it
}
struct FteSet $M.title("Working time set") {
  person @0 :Data $M.person;
  hundredths @1 :UInt16 $M.upTo(100);      # 60: three days a week
  from @2 :Int32 $M.date;
}

# ---- the practice stream ----

struct PracticeExtended $M.title("Practice extended") {
  practice @0 :Text $M.prose;              # id of an adopted edition, e.g. BEX-2018
  until @1 :Int32 $M.date;                 # the last day it is in force
}
struct ReadingAdopted $M.title("Reading of a rule adopted") {
  practice @0 :Text $M.prose;
  rule @1 :Text $M.prose;
  reading @2 :Text $M.prose;
  from @3 :Int32 $M.date;
}

# ---- the service stream ----

enum SupervisionKind { individual @0; group @1; }
struct SupervisionHeld $M.title("Supervision held") {
  worker @0 :Data $M.person;
  kind @1 :SupervisionKind $M.kind;
  minutes @2 :UInt16 $M.upTo(600);
}

# ---- front door ----

enum Option { signpost @0; redirect @1; accept @2; }   # a, b, c of the front door
enum ConsentForm { none @0; verbal @1; written @2; electronic @3; }
struct ContactReceived $M.title("Contact received") $M.words("request") {
  channel @0 :Text $M.codes("channel");
  referrer @1 :Text $M.codes("referrer");
  children @2 :List(Data) $M.subject("introduces child");
  adults @3 :List(Data) $M.subject("introduces adult") $M.optional;
  factors @4 :List(Text) $M.codes("factor") $M.optional;  # as claimed by the referrer
  consent @5 :ConsentForm;                 # as claimed; evidence of it is a consentRecorded event
  outOfHours @6 :Bool;
  priorEpisode @7 :Data $M.refers("episodeOpened receivingRecordOpened") $M.optional;  # a re-referral
}
struct RecommendationRecorded $M.title("Representative's recommendation recorded") $M.words("rationale") {
  contact @0 :Data $M.refers("contactReceived");
  option @1 :Option $M.kind;
}
struct MashDecided $M.title("Front door decision") $M.words("rationale") {
  contact @0 :Data $M.refers("contactReceived");
  option @1 :Option $M.kind;
}
struct ContactRouted $M.title("Contact routed to the service's inbox") {
  contact @0 :Data $M.refers("contactReceived");
}
enum Party { referrer @0; family @1; }
struct OutcomeShared $M.title("Outcome shared") {
  contact @0 :Data $M.refers("contactReceived");
  party @1 :Party $M.kind;
}
struct SecondCheckRecorded $M.title("Second check by the duty manager") $M.words("rationale") {
  contact @0 :Data $M.refers("contactReceived");
  option @1 :Option $M.kind;
  consentSeen @2 :Bool $M.title("consent seen");
}
struct ReferralAccepted $M.title("Referral accepted") {
  contact @0 :Data $M.refers("contactReceived");
  factors @1 :List(Text) $M.codes("factor") $M.optional;
  level @2 :Text $M.codes("level");
  inNeedOrAtRisk @3 :Bool;                 # judged 'in need' or 'at risk of harm'
  exclusions @4 :List(Text) $M.codes("exclusion") $M.optional;
}
struct EpisodeOpened $M.title("Episode opened") {
  contact @0 :Data $M.refers("contactReceived");
  team @1 :Text;
  locality @2 :Text $M.codes("locality") $M.optional;
}

# ---- consent ----

struct ConsentRecorded $M.title("Consent recorded") {
  scope @0 :Text $M.codes("consent-scope") $M.kind;
  form @1 :ConsentForm;
  givenBy @2 :Data $M.subject("adult") $M.optional;
  children @3 :List(Data) $M.subject("child") $M.optional;  # empty: all of them
}
struct ConsentConfirmed $M.title("Consent confirmed with the family") {
  consent @0 :Data $M.refers("consentRecorded");
}
struct ConsentRefused $M.title("Consent refused") {
  scope @0 :Text $M.codes("consent-scope") $M.kind;
}
struct ConsentWithdrawn $M.title("Consent withdrawn") {
  scope @0 :Text $M.codes("consent-scope") $M.kind;
}
enum WithdrawalDecision { reengage @0; close @1; referToSocialCare @2; }
struct WithdrawalConsidered $M.title("Withdrawal considered by a manager") $M.words("rationale") {
  withdrawal @0 :Data $M.refers("consentWithdrawn consentRefused closureProposed");
  worriesContinue @1 :Bool $M.title("worries continue");
  decision @2 :WithdrawalDecision $M.kind;
}

# ---- allocation ----

struct Allocated $M.title("Allocated to a worker") $M.words("needs") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  worker @1 :Data $M.person;
  scaling @2 :UInt8 $M.upTo(10);           # Signs of Wellbeing, 0 to 10
  visitBy @3 :Int32 $M.date $M.optional;   # the allocation note's timescales (a) to (d)
  assessmentBy @4 :Int32 $M.date $M.optional;
  meetingBy @5 :Int32 $M.date $M.optional;
  managerReviewBy @6 :Int32 $M.date $M.optional;
  capacityOverride @7 :Data $M.refers("capacityOverrideApproved") $M.optional;
}
struct CapacityOverrideApproved $M.title("Going over a cap approved") $M.words("reason") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  worker @1 :Data $M.person;
  cap @2 :UInt16;                          # as shown to the approver
  projected @3 :UInt16;
}
struct Reallocated $M.title("Reallocated to another worker") $M.words("reason") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  worker @1 :Data $M.person;
  capacityOverride @2 :Data $M.refers("capacityOverrideApproved") $M.optional;
}
struct LevelSet $M.title("Level of need set") $M.words("rationale") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  children @1 :List(Data) $M.subject("child");
  level @2 :Text $M.codes("level") $M.kind;
}
struct LeadAppointed $M.title("Lead professional appointed") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  lead @1 :Data $M.person;
  capacityOverride @2 :Data $M.refers("capacityOverrideApproved") $M.optional;
}
struct AllocationLetterIssued $M.title("Allocation letter issued") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
}

# ---- engagement and assessment ----

struct FamilyContacted $M.title("Contact with the family") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  made @1 :Bool;                           # false: attempted
  mode @2 :Text $M.codes("contact-mode") $M.kind;
}
struct IntroductoryVisitHeld $M.title("Introductory visit held") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  mode @1 :Text $M.codes("visit-mode");
  childrenPresent @2 :List(Data) $M.subject("child") $M.optional;
}
struct AgencyContacted $M.title("Agency contacted") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  agency @1 :Text $M.codes("agency");
}
struct AssessmentStarted $M.title("Assessment started") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  assessment @1 :Text $M.codes("assessment") $M.kind;
}
struct AssessmentSubmitted $M.title("Assessment submitted") $M.words("analysis") {
  assessment @0 :Data $M.refers("assessmentStarted");
  childrenMet @1 :List(Data) $M.subject("child") $M.optional;
}
struct AssessmentReturned $M.title("Assessment returned for more work") $M.words("reason") {
  submission @0 :Data $M.refers("assessmentSubmitted");
}
struct AssessmentAuthorised $M.title("Assessment authorised") $M.words("rationale") {
  submission @0 :Data $M.refers("assessmentSubmitted");
}
struct AssessmentShared $M.title("Assessment shared with the family") {
  assessment @0 :Data $M.refers("assessmentStarted");
  children @1 :List(Data) $M.subject("child") $M.optional;  # those old enough to be given it
  writtenCopy @2 :Bool;
}
enum NetworkRecord { genogram @0; ecomap @1; equivalent @2; }
struct FamilyNetworkRecorded $M.title("Family network recorded") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  form @1 :NetworkRecord $M.kind;
}

# ---- plan, visits, reviews ----

struct PlanningMeetingHeld $M.title("Initial planning meeting held") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  attendees @1 :UInt8;
  minutes @2 :UInt16 $M.upTo(600);
  nextReview @3 :Int32 $M.date $M.optional;
}
struct MinutesDistributed $M.title("Minutes distributed") {
  meeting @0 :Data $M.refers("planningMeetingHeld reviewMeetingHeld");
  recipients @1 :UInt8;
}
struct PlanAgreed $M.title("Plan agreed") $M.words("plan") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  child @1 :Data $M.subject("child");
  plan @2 :Text $M.codes("plan") $M.kind;
  reviewBy @3 :Int32 $M.date $M.optional;
  visitEveryDays @4 :UInt8;
}
struct PlanUpdated $M.title("Plan updated") $M.words("plan") {
  plan @0 :Data $M.refers("planAgreed");
  reviewBy @1 :Int32 $M.date $M.optional;
}
struct VisitHeld $M.title("Visit held") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  mode @1 :Text $M.codes("visit-mode") $M.kind;
  childrenPresent @2 :List(Data) $M.subject("child") $M.optional;
  confidential @3 :Bool;                   # confidential matters were discussed
  place @4 :Text $M.codes("place");
}
struct VisitNotHeld $M.title("Visit not held") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  reason @1 :Text $M.codes("no-visit-reason") $M.kind;
}
struct VisitRecorded $M.title("Visit recorded") $M.words("observations") {
  visit @0 :Data $M.refers("visitHeld introductoryVisitHeld");
  seenAlone @1 :List(Data) $M.subject("child") $M.optional;
  planReviewed @2 :Bool $M.title("plan reviewed");
  scaling @3 :UInt8 $M.upTo(10);
}
struct DirectWorkRecorded $M.title("Direct work recorded") $M.words("analysis") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  children @1 :List(Data) $M.subject("child");
}
struct CaseNoteAdded $M.title("Case note added") $M.words("note") {
  note @0 :Text $M.codes("note") $M.kind;
  children @1 :List(Data) $M.subject("child") $M.optional;
}
enum Progress { notJudged @0; measurable @1; notMeasurable @2; }
struct ReviewMeetingHeld $M.title("Review meeting held") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  review @1 :Text $M.codes("review") $M.kind;
  progress @2 :Progress;
  nextReview @3 :Int32 $M.date $M.optional;
}
struct ManagerReviewHeld $M.title("Case review by a manager") $M.words("direction") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
}

# ---- oversight and escalation ----

struct OversightRecorded $M.title("Management oversight recorded") $M.words("rationale") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  point @1 :Text $M.codes("oversight-point") $M.kind;
}
struct ManagerAlerted $M.title("Manager alerted to worries") $M.words("worry") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
}
enum EscalationOutcome { noReferral @0; childInNeed @1; significantHarm @2; }
struct EscalationDecided $M.title("Escalation decided") $M.words("rationale") {
  alert @0 :Data $M.refers("managerAlerted");
  outcome @1 :EscalationOutcome $M.kind;
  discussedWith @2 :Text $M.codes("discussed-with");
}
struct FamilyInformed $M.title("Family informed of worries and actions") {
  alert @0 :Data $M.refers("managerAlerted");
}
struct NotInformingJudged $M.title("Manager judged that telling would add to the risk") $M.words("rationale") {
  alert @0 :Data $M.refers("managerAlerted");
}
struct FamilyNotInformed $M.title("Family not informed") {
  alert @0 :Data $M.refers("managerAlerted");
}
struct SafeguardingReferralMade $M.title("Safeguarding referral made to the front door") {
  escalation @0 :Data $M.refers("escalationDecided");
}

# ---- transfer ----

enum Direction { stepUp @0; stepDown @1; }
struct TransferProposed $M.title("Transfer proposed") $M.words("reason") {
  direction @0 :Direction $M.kind;
  episode @1 :Data $M.refers("episodeOpened receivingRecordOpened") $M.optional;   # stepUp: ours
  escalation @2 :Data $M.refers("escalationDecided") $M.optional;                  # stepUp: the decision behind it
  children @3 :List(Data) $M.subject("introduces child") $M.optional;              # stepDown: who comes
  adults @4 :List(Data) $M.subject("introduces adult") $M.optional;
}
struct TransferSummaryPrepared $M.title("Transfer summary prepared") $M.words("history worries strengths next-steps") {
  transfer @0 :Data $M.refers("transferProposed");
}
enum PanelDecision { transfer @0; notTransfer @1; }
struct PanelDecided $M.title("Transfer panel decided") $M.words("rationale") {
  transfer @0 :Data $M.refers("transferProposed");
  decision @1 :PanelDecision $M.kind;
  transferOn @2 :Int32 $M.date $M.optional;
  presentedBy @3 :List(Data) $M.person;    # the worker and the manager who brought the case
}
struct HandoverHeld $M.title("Handover held") {
  transfer @0 :Data $M.refers("transferProposed");
  familyPresent @1 :Bool;
  newWorker @2 :Data $M.person $M.optional;  # where the receiving side is in this directory
}
struct ReceivingRecordOpened $M.title("Receiving record opened") {
  transfer @0 :Data $M.refers("transferProposed");
  system @1 :Text $M.codes("system") $M.kind;
  team @2 :Text $M.optional;               # stepDown: the team that takes the family
  level @3 :Text $M.codes("level") $M.optional;
}
struct EndingLetterIssued $M.title("Ending letter issued") {
  transfer @0 :Data $M.refers("transferProposed");
}
struct ReleasingRecordClosed $M.title("Releasing record closed") {
  transfer @0 :Data $M.refers("transferProposed");
}

# ---- ending ----

struct ClosureProposed $M.title("Closure proposed") $M.words("evidence") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  reason @1 :Text $M.codes("closure-reason") $M.kind;
  worriesContinue @2 :Bool $M.title("worries continue");
}
struct EndingMeetingHeld $M.title("Ending meeting") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  held @1 :Bool;                           # false: it was tried and not possible
}
struct ClosureLetterIssued $M.title("Closure letter with the final plan issued") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  finalPlans @1 :List(Data) $M.refers("planAgreed planUpdated") $M.optional;
}
struct FeedbackFormProvided $M.title("Feedback form given to the family") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
}
struct FeedbackReceived $M.title("Feedback received from the family") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  rating @1 :Text $M.codes("rating") $M.kind;
}
struct ClosureSummaryRecorded $M.title("Closure summary recorded") $M.words("summary") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
}
struct NotApplicable {
  item @0 :UInt8;
  reason @1 :Text $M.codes("not-applicable-reason");
}
struct RecordQualityConfirmed $M.title("Record confirmed complete and of good standard") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  notApplicable @1 :List(NotApplicable) $M.optional;
}
struct CaseClosed $M.title("Case closed") $M.words("rationale") {
  episode @0 :Data $M.refers("episodeOpened receivingRecordOpened");
  reason @1 :Text $M.codes("closure-reason") $M.kind;
  outcome @2 :Text $M.codes("outcome");
}

# ---- the record about itself ----

enum CorrectionKind { words @0; occurred @1; enteredInError @2; }
struct CorrectionRecorded $M.title("Correction recorded") $M.words("reason") {
  corrects @0 :Data $M.refers("*");
  kind @1 :CorrectionKind $M.kind;
  occurred @2 :Int64 $M.moment $M.optional;  # for kind occurred: when it really happened
}
enum Impact { positive @0; negative @1; mixed @2; }
struct SignificanceMarked $M.title("Marked as significant") $M.words("impact") {
  entry @0 :Data $M.refers("*");
  impact @1 :Impact $M.kind;
  children @2 :List(Data) $M.subject("child");
}

# ---- keeping, forgetting, disclosing ----

struct RetentionClassSet $M.title("How long the record about a person is kept") {
  subject @0 :Data $M.subject("known");
  class @1 :Text $M.kind;                  # of the retention schedule in force
  untilYear @2 :UInt16 $M.upTo(2400);  # kept to its last day: the year tells no birthday
}
enum HoldReason { court @0; inquiry @1; inspection @2; complaint @3; investigation @4; }
struct LegalHoldPlaced $M.title("Legal hold placed") {
  subjects @0 :List(Data) $M.subject("known");
  reason @1 :HoldReason $M.kind;
}
struct LegalHoldReleased $M.title("Legal hold released") $M.words("rationale") {
  hold @0 :Data $M.refers("legalHoldPlaced");
}
enum Requester { subject @0; parent @1; representative @2; }
struct ErasureRequested $M.title("Erasure requested") {
  subject @0 :Data $M.subject("known");
  by @1 :Requester $M.kind;
}
enum KeepingGround { legalHold @0; retention @1; publicTask @2; }
struct ErasureRefused $M.title("Erasure refused") $M.words("rationale") {
  request @0 :Data $M.refers("erasureRequested");
  ground @1 :KeepingGround $M.kind;
}
enum ErasureGround { retentionEnded @0; requestGranted @1; ordered @2; }
struct SubjectErased $M.title("Words about a person erased") {
  # The keys of that person that were made before this entry are destroyed. Two approvers; no identity, no free text.
  subject @0 :Data $M.subject("known");
  ground @1 :ErasureGround $M.kind;
  retention @2 :Data $M.refers("retentionClassSet") $M.optional;   # retentionEnded: the class that has run out
  request @3 :Data $M.refers("erasureRequested") $M.optional;      # requestGranted
  holdsChecked @4 :List(Data) $M.refers("legalHoldPlaced") $M.optional;  # every hold there was on them in this case
}
enum DisclosurePurpose { transferPanel @0; inspection @1; anotherCouncil @2; court @3; subjectAccess @4; }
enum WordsDisclosed { none @0; aboutSubjects @1; all @2; }
enum WithholdingReason { seriousHarm @0; thirdParty @1; legalPrivilege @2; courtOrder @3; crimePrevention @4; notNeeded @5; }
struct Withheld {
  entry @0 :Data $M.refers("*");
  word @1 :UInt8;                          # its number in that event's words, from 0
  reason @2 :WithholdingReason;
}
struct RecordDisclosed $M.title("Record disclosed") {
  # The whole record of the case up to this entry leaves the building as a bundle, with these words opened.
  purpose @0 :DisclosurePurpose $M.kind;
  words @1 :WordsDisclosed;
  subjects @2 :List(Data) $M.subject("known") $M.optional;  # aboutSubjects: words about these and nobody else
  withheld @3 :List(Withheld) $M.optional; # words that would be opened otherwise, each with its reason
}
